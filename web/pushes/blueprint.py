"""The desk's blueprint, to which its files add their routes."""

from flask import Blueprint

desk = Blueprint("pushes", __name__)
