"""The one blueprint of this desk, and how long what a request names may be."""

from flask import Blueprint

KEY_LENGTH, REF_LENGTH = 60, 12

desk = Blueprint("cooperation", __name__)
