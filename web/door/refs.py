"""What stands in an address is a ref of our making or a short name; anything else is not there, whatever the route."""

from flask import request

from ground import ids
from ground.errors import Missing

LONGEST_NAME = 60
MADE_OF = frozenset(ids.ALPHABET)


def check() -> None:
    """Turn away made-up addresses before a query sees them."""
    for name, value in (request.view_args or {}).items():
        if isinstance(value, str) and not (_is_ref(value) if name == "ref" else len(value) <= LONGEST_NAME):
            raise Missing


def _is_ref(value: str) -> bool:
    return len(value) == ids.LENGTH and MADE_OF.issuperset(value)
