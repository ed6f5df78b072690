"""Why an instance cannot go on: the element, a code and facts. The move is undone and becomes an incident."""

from collections.abc import Mapping
from typing import Any


class StuckAt(Exception):  # noqa: N818  it says where, and the name reads on
    """The instance stands at `element` and cannot go on; throw the object away, the stored state is untouched."""

    def __init__(self, element: str, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail: dict[str, Any] = {"element": element, **(params or {})}

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.detail.items())
        return f"{self.code}({facts})"


class ErrorThrown(Exception):  # noqa: N818  BPMN's own word for it
    """A step ends its service task with a BPMN error; an error boundary event with this code catches it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
