"""Where to go on to after a form: only an address of ours."""

from urllib.parse import urlsplit


def safe(wanted: str | None) -> str:
    """The address that a page asked to return to, or the first page if it leads elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or "\\" in wanted:
        return "/"
    parts = urlsplit(wanted)
    return wanted.rstrip("?") if not parts.scheme and not parts.netloc and wanted.isprintable() else "/"
