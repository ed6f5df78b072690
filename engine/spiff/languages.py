"""In which language an expression of a file says that it is written; empty where that says nothing."""

from collections.abc import Mapping
from types import MappingProxyType

OURS = "urn:jidi:bpmn:1"
# Parts of the names and addresses by which files call these languages.
KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "feel": "feel",
        "juel": "juel",
        "unified": "juel",
        "xpath": "xpath",
        "xhtml": "",
        "python": "",
        "groovy": "groovy",
        "javascript": "javascript",
        "ecmascript": "javascript",
        "java": "java",
        "mvel": "mvel",
        "xquery": "xquery",
        "drools": "drools",
        "ruby": "ruby",
    }
)


def kind(declared: str) -> str:
    """juel, feel, xpath, ours, one that we do not read, or nothing for what is only a default."""
    if declared == OURS:
        return OURS
    name = declared.lower()
    return next((language for part, language in KNOWN.items() if part in name), name)
