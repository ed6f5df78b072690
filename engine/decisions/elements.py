"""Elements of a DMN file: finding them by name, and refusing them with their place."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from engine.decisions.refusals import TableRefused
from ground.errors import Refused


def children(element: Any) -> Iterator[Any]:
    """Elements only: comments have no tag that is text."""
    return (each for each in element if isinstance(each.tag, str))


def named(element: Any, name: str) -> Iterator[Any]:
    """The elements of this name."""
    return (each for each in children(element) if name_of(each) == name)


def only(element: Any, name: str, reason: str) -> Any:
    """The one element of this name; refused if there is none, or another."""
    found = list(named(element, name))
    return found[0] if len(found) == 1 else refuse(element, reason, found=len(found))


def name_of(element: Any) -> str:
    """Its name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def id_of(element: Any) -> str:
    """Its id, without which nothing could be said about it."""
    return str(element.get("id") or refuse(element, "no_id"))


def text_of(element: Any, name: str) -> str:
    """The text inside the first element of this name, or nothing."""
    found = next(named(element, name), None)
    return "" if found is None else "".join(found.itertext()).strip()


def refuse(element: Any, reason: str, **facts: Any) -> NoReturn:
    """Say no, with the element, its line and the reason."""
    raise TableRefused(reason=reason, element=element.get("id") or name_of(element), line=element.sourceline, **facts)


@contextmanager
def placed(element: Any) -> Iterator[None]:
    """Whatever is refused in here gets its place in the file."""
    try:
        yield
    except Refused as refused:
        refused.detail.update(element=element.get("id") or id_of(element.getparent()), line=element.sourceline)
        raise
