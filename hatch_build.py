"""Lets no wheel be built without the bundles that its pages need and the fonts that its documents are set in."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundlesHook(BuildHookInterface[Any]):
    """Looks for the manifest of the bundles; an editable install may do without: the application asks at start."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the interface's)
        """Refuse a wheel that would show pages without style, or could print no document."""
        for made in ("web/assets/manifest.json", "bases/documents/fonts/NotoSerifSC_400Regular.ttf"):
            if version != "editable" and not (Path(self.root) / made).is_file():
                raise FileNotFoundError(f"{made} is missing: run python3 run.py build first")
