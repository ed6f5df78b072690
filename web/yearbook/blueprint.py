"""The desk of the year as Flask knows it; each file of the desk hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("yearbook", __name__)
