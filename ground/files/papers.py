"""PDF papers, read with pikepdf: no script, no embedded file, nothing that starts or sends anything."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from ground.files.refusals import ActiveContent, Damaged, Encrypted

MOST_OBJECTS = 300_000
MOST_MEMORY = 64 << 20
UNSEEN = "error decoding stream data"

ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA"})
ACTIVE_VALUES = {
    "/S": frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute"}),
    "/Type": frozenset({"/EmbeddedFile"}),
    "/Subtype": frozenset({"/FileAttachment", "/RichMedia", "/3D"}),
}
ACTIVE_NAME = re.compile("|".join(rf"{name}\b" for name in ACTIVE_KEYS.union(*ACTIVE_VALUES.values())).encode())

# For the whole process: a page of ours never unpacks more than this, and a bomb is damaged, not executed.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_MEMORY,
    png_max_memory=MOST_MEMORY,
    tiff_max_memory=MOST_MEMORY,
    run_length_max_memory=MOST_MEMORY,
    max_stream_filters=8,
    doc_max_warnings=200,
)


def judge(path: Path) -> None:
    """Refuse what is active, needs a password or cannot be read."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as paper:
            if len(paper.objects) > MOST_OBJECTS:
                raise Damaged(reason="objects", most=MOST_OBJECTS)
            for one in _suspicious(paper):
                for inner in _dictionaries(one):
                    _judge_dictionary(inner)
            # We unpack no page, so this warning is about objects that we could not see: viewers might.
            if any(UNSEEN in str(warning) for warning in paper.get_warnings()):
                raise Damaged(reason="objects_unseen")
    except pikepdf.PasswordError as failure:
        raise Encrypted from failure
    except (pikepdf.PdfError, RuntimeError, ValueError) as failure:
        raise Damaged(reason=type(failure).__name__) from failure


def _suspicious(paper: pikepdf.Pdf) -> Iterator[Any]:
    """Of all objects those whose text names anything active: spelled out by qpdf, a name cannot hide."""
    for one in itertools.chain((paper.trailer,), paper.objects):
        shape = one.stream_dict if isinstance(one, pikepdf.Stream) else one
        if isinstance(shape, pikepdf.Object) and ACTIVE_NAME.search(shape.unparse(resolved=True)):
            yield shape


def _dictionaries(outer: Any) -> Iterator[Any]:
    """This dictionary and every one inside it; what it refers to is an object of its own."""
    waiting = [outer]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, pikepdf.Dictionary):
            yield inner
            waiting.extend(value for _, value in inner.items() if _is_nested(value))
        elif isinstance(inner, pikepdf.Array):
            waiting.extend(value for value in inner if _is_nested(value))


def _is_nested(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _judge_dictionary(one: Any) -> None:
    keys = set(one.keys())
    found = keys & ACTIVE_KEYS
    if found:
        raise ActiveContent(part=min(found))
    for key in keys & ACTIVE_VALUES.keys():
        value = one[key]
        if isinstance(value, pikepdf.Name) and str(value) in ACTIVE_VALUES[key]:
            raise ActiveContent(part=str(value))
