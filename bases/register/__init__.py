"""Which bases there are, where they lie, who runs them, and which names they hold.

The status of a base changes only through functions of this folder that `verdicts` calls with a signed decision.
"""

from bases.register.base import (
    EVERYWHERE,
    RECTIFYING,
    AlreadyNamed,
    Base,
    Facts,
    add,
    bases_of,
    by_id,
    by_ref,
    in_english,
    named,
    of_subject,
    subject,
)
from bases.register.public import Shown, public_list, public_page
from bases.register.title import Title, designate, holding, titles_of

__all__ = [
    "EVERYWHERE",
    "RECTIFYING",
    "AlreadyNamed",
    "Base",
    "Facts",
    "Shown",
    "Title",
    "add",
    "bases_of",
    "by_id",
    "by_ref",
    "designate",
    "holding",
    "in_english",
    "named",
    "of_subject",
    "public_list",
    "public_page",
    "subject",
    "titles_of",
]
