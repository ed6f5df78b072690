"""Every Chinese text in the pages and in web's code, as gettext's own tools find it."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_file

WEB = Path(__file__).parents[2] / "web"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Where a text stands, and the text; two of them where it counts."""
    for path in sorted(WEB.rglob("*")):
        method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(path.suffix)
        if method is None or "assets" in path.parts:
            continue
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"} if path.suffix == ".html" else {}
        for line, message, *_ in extract_from_file(method, path, keywords=KEYWORDS, options=options):
            yield f"{path.relative_to(WEB)}:{line}", message
