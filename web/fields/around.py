"""What a form needs from outside itself: English words, regions to choose from, the files in its answers, offices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MEGABYTE = 1_000_000
SEEN = frozenset({"application/pdf", "image/png", "image/jpeg"})


@dataclass(frozen=True)
class Option:
    """One thing to choose: its code and its name."""

    code: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Group:
    """Options under one heading, e.g. the counties of a city."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class StoredFile:
    """A file in an answer, as a page shows it."""

    ref: str
    name: str
    size: int
    media_type: str

    @property
    def can_be_seen(self) -> bool:
        """Whether our own viewer shows it; everything else is to be downloaded."""
        return self.media_type in SEEN

    @property
    def weight(self) -> str:
        """1.2 MB, 340 kB."""
        return f"{self.size / 1e6:.1f} MB" if self.size >= MEGABYTE else f"{max(self.size // 1000, 1)} kB"


@dataclass(frozen=True)
class Around:
    """All of it, for one form or for several."""

    words: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, Sequence[Group]] = field(default_factory=dict)
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
