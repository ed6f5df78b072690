"""The desk of analysis as Flask knows it; each file of the desk hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("analysis", __name__)
