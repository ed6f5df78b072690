"""The name of a file as people see it: Chinese stays, what could mislead a system or an eye goes.

It is never a path: bytes are stored under their hash.
"""

import re
import unicodedata

LONGEST = 120
# Control and format characters (among them those that turn the reading order), surrogates, unassigned, separators.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FORBIDDEN = re.compile(r'[<>:"|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
NAMELESS = "file"


def extension(name: str) -> str:
    """The last extension in lower case, without its dot; empty if there is none."""
    return clean(name).rpartition(".")[2].lower() if "." in clean(name) else ""


def clean(name: str) -> str:
    """The last part of the name, in one line, at most 120 characters long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in UNSEEN)
    plain = " ".join(FORBIDDEN.sub("_", seen).split()).strip(". ")
    if DEVICES.match(plain):
        plain = f"_{plain}"
    return _shortened(plain) or NAMELESS


def shown(name: str, right: tuple[str, ...]) -> str:
    """The cleaned name, ending as its content does: `right` are the extensions that fit."""
    if extension(name) in right:
        return clean(name)
    return f"{clean(name)[: LONGEST - len(right[0]) - 1]}.{right[0]}"


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:  # noqa: PLR2004  longer is no extension
        return name[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending
