"""What an instance asks of the move that it runs in; and a host that knows nothing, for a dry run."""

from collections.abc import Mapping
from typing import Any, Protocol

from engine.spiff.correlation import Told
from engine.spiff.elements import Element


class Host(Protocol):
    """What an instance asks of the move that it runs in."""

    def names(self) -> Mapping[str, Any]:
        """What every expression may read beside the data; stands above them."""

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run the step that a service task names."""

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the table that a business rule task names."""

    def say(self, element: Element, told: Told) -> None:
        """Pass on what a thrown message or a send task says; never calls back into the instance."""


class Nobody:
    """A host that knows nothing and gives nothing back."""

    def names(self) -> Mapping[str, Any]:
        """No names beside the data."""
        return {}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """Done."""
        return {}

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """Decided."""
        return {}

    def say(self, element: Element, told: Told) -> None:
        """Said, and heard by nobody."""
