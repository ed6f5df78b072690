"""The desk on which the routes of process owners hang."""

from flask import Blueprint

desk = Blueprint("owner", __name__)
