"""The blueprint that the files of this desk hang their routes on, and the way back from each act."""

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as Answer

from web.door import said

desk = Blueprint("upkeep", __name__)


def done(endpoint: str, code: str, **parameters: Any) -> Answer:
    """Back to the list, which says what was done."""
    answer = redirect(url_for(endpoint), 303)
    said.tell(answer, code, **parameters)
    return answer
