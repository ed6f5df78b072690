"""The office's side of notices as Flask knows it; each file of the desk hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("notices", __name__)
