"""What the page of a form asks of its editor: what stands at each part, what is wrong there, what is shown open."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request

from ground.errors import Refused
from web.door.language import _
from web.owner import adding, field_settings, form_faults, formulas, shaping
from web.owner.field_settings import TYPES
from web.owner.shaping import NotShaped, Part

MOST_NAMED = 30
INPUT = re.compile(r"(?:f|new|into)\.((?:\d+(?:\.\d+)*)?)(?:\..*)?", re.ASCII)


class Editor:
    """A form with what was typed into it: `whole` as it is to be shown, `stored` as the draft holds it."""

    types: Mapping[str, str] = TYPES
    fields, columns, first_columns, yearly = adding.FIELDS, adding.COLUMNS, adding.FIRST, adding.YEARLY
    option_lines = staticmethod(field_settings.option_lines)
    inside = staticmethod(shaping.inside)
    read_by_diagrams = staticmethod(shaping.readable_by_diagrams)

    def __init__(self, stored: Part, whole: Part, typed: Mapping[str, str], no: Refused | None) -> None:
        self.whole = whole
        self.typed = typed
        self.goes_by = shaping.identity(stored)
        places = no.detail["places"] if isinstance(no, NotShaped) else {}
        self.wrong = {name: form_faults.why_not(code, facts) for name, (code, facts) in places.items()}
        self.asked = {name for name, (code, _facts) in places.items() if code == "section_full"}
        self.opened = {found[1] for name in self.wrong if (found := INPUT.fullmatch(name))}
        self.opened |= {request.args.get("at", "")} if not no else set()

    def is_open(self, at: str) -> bool:
        """Whether something in this part was changed or is wrong, so that it is to be seen."""
        return any(each == at or each.startswith(f"{at}.") for each in self.opened)

    def adds(self, at: str) -> bool:
        """Whether something was typed that is to be added here and was not."""
        return any(name.startswith(f"new.{at}.") for name in self.wrong) or at in adding.wanted(self.typed)

    def holds_fields(self) -> bool:
        """Whether there is anything yet that could be filled in."""
        return any(each.get("fields") for each in self.whole["sections"])

    def in_sight(self) -> str:
        """The name of the field that was changed last, for the preview to begin at."""
        at = next((each for each in sorted(self.opened) if "." in each), "")
        whole = dict(shaping.parts(self.whole))
        return str(whole.get(".".join(at.split(".")[:2]), {}).get("name") or "")

    def limits(self, part: Part) -> Mapping[str, str]:
        """What this field can be held to."""
        return field_settings.LIMITS.get(str(part.get("type")), {})

    def longest(self, part: Part, name: str) -> int:
        """How many characters can be typed for a setting."""
        return field_settings.longest(part, name)

    def example(self, part: Part) -> formulas.Example | None:
        """A computed field's formula, reckoned on sample numbers."""
        return formulas.example(part, {str(each.get("name")): each for _at, each in shaping.parts(self.whole)})

    def reckoned_with(self, at: str) -> str:
        """What a formula that is added here may be made of: the numbers of the form, or of the rows."""
        rows = dict(shaping.parts(self.whole)).get(at, {}).get("columns")
        beside = rows if rows is not None else [each for at, each in shaping.parts(self.whole) if at.count(".") == 1]
        numbers = [each for each in beside if str(each.get("type")) in formulas.NUMBERS and each.get("name")]
        names = [f"{each['name']} {each.get('label', '')}" for each in numbers]
        if not names:
            return _("这里还没有可以计算的数值字段。")
        shown = _("、").join(names[:MOST_NAMED]) + (_("等") if len(names) > MOST_NAMED else "")
        return _("用 + - * / 和括号计算这些字段（写编号）：%(names)s。", names=shown)

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the input that it is said at, for the head of the page."""
        return [(self.anchor(name), text) for name, text in self.wrong.items()]

    def anchor(self, name: str) -> str:
        """The element of the page at which something is said: an input by its name, a part by its address."""
        return f"at-{name[2:]}" if re.fullmatch(r"f\.[\d.]*\d", name) else name


def editor_of(stored: bytes, body: bytes, typed: Mapping[str, str], no: Refused | None) -> dict[str, Any]:
    """The form for its page, if it has the shape of one."""
    whole, held = shaping.readable(body), shaping.readable(stored)
    if whole is None:
        return {}
    return {"form": whole, "editor": Editor(held or whole, whole, typed, no)}
