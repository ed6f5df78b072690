"""The public's pages as Flask knows them; each file hangs its own routes on it."""

from flask import Blueprint

desk = Blueprint("public", __name__)
