"""The registers as Flask knows them; each file of the desk hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("registers", __name__)
