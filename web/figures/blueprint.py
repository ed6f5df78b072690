"""The figures' desk as Flask knows it; each file of the desk hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("figures", __name__)
