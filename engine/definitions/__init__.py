"""Processes, their versions and the parts of each: one folder is one immutable version with one digest.

A case is pinned at start to a release: its version, that of every process it can call, and the policy it rests on.
Shipped folders are published only while no owner has published a version of the same process.
"""

from engine.definitions import drafts
from engine.definitions.checking import NotAcknowledged, NotRunnable, check, findings
from engine.definitions.policies import kept, of_new, rest_on
from engine.definitions.publishing import publish
from engine.definitions.releases import (
    Part,
    Process,
    Release,
    Version,
    assembled,
    current,
    folder,
    forget,
    pinned,
    policy_of,
    processes,
    shown,
    versions,
    written_under,
)

__all__ = [
    "NotAcknowledged",
    "NotRunnable",
    "Part",
    "Process",
    "Release",
    "Version",
    "assembled",
    "check",
    "current",
    "drafts",
    "findings",
    "folder",
    "forget",
    "kept",
    "of_new",
    "pinned",
    "policy_of",
    "processes",
    "publish",
    "rest_on",
    "shown",
    "versions",
    "written_under",
]
