"""The check code of a 信息表: printed on the form, it tells whether a stamped page and the answers are one version.

A scan and the explanations of doubts are no part of what is printed, so neither changes the code.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

NOT_PRINTED = frozenset(
    {
        "stamped_form",
        "plan",
        "coordination_file",
        "management_file",
        "operating_file",
        "policy_files",
        "negative_evidence",
        "other_files",
        "explanations",
    }
)
GROUP, GROUPS = 4, 3


def check_code(answers: Mapping[str, Any]) -> str:
    """Three groups of four, e.g. `K7QX-2MDA-V5TJ`, over the answers as a form reads them: `forms.read(…).answers`."""
    printed = {name: value for name, value in answers.items() if name not in NOT_PRINTED and not _is_nothing(value)}
    digest = hashlib.sha256(orjson.dumps(printed, option=orjson.OPT_SORT_KEYS)).digest()
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[start : start + GROUP] for start in range(0, GROUP * GROUPS, GROUP))


def _is_nothing(value: Any) -> bool:
    """An empty field and one that was never touched print alike."""
    return value is None or value in ("", [], {})
