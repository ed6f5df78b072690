"""A form's file changed part by part: what each part says; sections, fields and columns added, moved and taken out.

A part has an address by its places: "" is the form, "1" its second section, "1.3" a field of that, "1.3.0" the first
column of that field, or what its years are of. An input for a part is named `f.<address>.<setting>`, one for what is
to be added there `new.<address>.<setting>`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.forms.definition import PLAIN
from ground import numerals
from ground.errors import Refused
from web.owner import adding, field_settings
from web.owner.field_settings import Places

HOLD = ("sections", "fields", "columns")
TEXTS = ("name", "type", "label", "title", "help", "unit", "clause", "show_when", "pattern", "formula", "code")
OWN_INPUT = re.compile(r"f\.([\d.]*)\.(\w+)", re.ASCII)
Part = dict[str, Any]


class NotShaped(Refused):
    """A form was not changed as asked; `places` says by the name of each input why. What was typed is still there."""

    code = "form.not_shaped"
    status = 422


def readable(body: bytes) -> Part | None:
    """The form in this file, if it has the shape of one, however wrong it may be; else it is text and nothing more."""
    try:
        whole = orjson.loads(body)
    except ValueError:
        return None
    return whole if isinstance(whole, dict) and whole.get("sections") and _shaped(whole) else None


def changed(whole: Part, act: str, where: str, typed: Mapping[str, str]) -> str:
    """Put into the form what was typed, add what was typed to be added, do the act; the address to look at then.

    NotShaped leaves every part where it stood, with what was typed in it.
    """
    before = orjson.dumps(whole)
    wrong = kept(whole, typed)
    at = _first_changed(orjson.loads(before), whole)
    made, faults = _to_add(whole, adding.wanted(typed) | ({where} if act == "add" else set()), typed)
    wrong = wrong | faults | _refused(whole, act, where, typed)
    if wrong:
        raise NotShaped(places=wrong)
    for there, (beside, part) in made.items():
        beside.append(part)
        at = f"{there}.{len(beside) - 1}".lstrip(".")
    return _done(whole, act, where, typed) or at


def kept(whole: Part, typed: Mapping[str, str]) -> Places:
    """Put what was typed into the parts that it was typed for, wherever they stand now; what is missing then."""
    typed = _moved(whole, typed)
    wrong: Places = {}
    for at, part in parts(whole):
        wrong |= field_settings.put(part, at, typed)
        if at.count(".") == 1 and "read" in typed.get(f"f.{at}.boxes", "").split():
            _read_by_diagrams(whole, str(part.get("name")), wanted=f"f.{at}.read" in typed)
    return wrong


def parts(part: Part, at: str = "") -> Iterator[tuple[str, Part]]:
    """The form and all that is in it, each with its address."""
    yield at, part
    for place, each in enumerate(inside(part)):
        yield from parts(each, f"{at}.{place}".lstrip("."))


def inside(part: Mapping[str, Any]) -> list[Part]:
    """Sections of a form, fields of a section, columns of rows, what years are of."""
    held = _holder(part)
    return held if held is not None else [part["of"]] if "of" in part else []


def identity(whole: Part) -> dict[str, str]:
    """By address what a part goes by when it has been moved: the names down to it, or the heading of a section."""
    found: dict[str, str] = {}
    for at, part in parts(whole):
        above = found[at.rpartition(".")[0]] if at.count(".") > 1 else str(at.count("."))
        found[at] = f"{above}/{part.get('name') or part.get('title') or at}"
    return found


def filled(whole: Part) -> Part:
    """The form without sections that have no field yet, so that the rest of it can be looked at."""
    return {**whole, "sections": [each for each in whole["sections"] if each.get("fields") != []]}


def readable_by_diagrams(part: Mapping[str, Any], at: str) -> bool:
    """Whether a diagram may be allowed to decide by the answer to this field."""
    return at.count(".") == 1 and part.get("type") in PLAIN


def used(files: Mapping[str, bytes], path: str) -> dict[str, list[str]]:
    """For each field of a form, the other files of the draft in which its name is written as a word."""
    whole = readable(files[path]) if path.startswith("forms/") else None
    names = [
        part["name"] for at, part in parts(whole or {}) if at.count(".") == 1 and isinstance(part.get("name"), str)
    ]
    others = {name: body.decode("utf-8", "replace") for name, body in files.items() if name.endswith((".bpmn", ".dmn"))}
    found = {
        each: [name for name, text in others.items() if re.search(rf"\b{re.escape(each)}\b", text)] for each in names
    }
    return {each: where for each, where in found.items() if where}


def _shaped(part: Part) -> bool:
    """Whether everything that the page reads of it is of the kind that it reads, so that no odd file breaks it."""
    lists = [part[name] for name in (*HOLD, "options") if name in part]
    names = [part[name] for name in ("scalars", "bulk") if name in part]
    if not all(isinstance(each, list) for each in (*lists, *names)):
        return False
    ones = [each for held in lists for each in held] + [part[name] for name in ("of",) if name in part]
    texts = [part[name] for name in TEXTS if name in part] + [each for held in names for each in held]
    return all(isinstance(each, str) for each in texts) and all(
        isinstance(each, dict) and _shaped(each) for each in ones
    )


def _holder(part: Mapping[str, Any] | None) -> list[Part] | None:
    return next((part[name] for name in HOLD if name in part), None) if part is not None else None


def _part(whole: Part, where: str) -> Part | None:
    return dict(parts(whole)).get(where)


def _moved(whole: Part, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed under the addresses that its parts have now; what was typed for a part that is gone is left out.

    Somebody else may have moved them since the page was read. Each part says what it went by then.
    """
    now = identity(whole)
    places = {said: at for at, said in now.items()}
    then = {name[2:-5]: said for name, said in typed.items() if name.startswith("f.") and name.endswith(".here")}
    found = {}
    for name, text in typed.items():
        own = OWN_INPUT.fullmatch(name)
        said = then.get(own[1]) if own else None
        if own is None or said is None or now.get(own[1]) == said:
            found[name] = text
        elif said in places:
            found[f"f.{places[said]}.{own[2]}"] = text
    return found


def _read_by_diagrams(whole: Part, name: str, *, wanted: bool) -> None:
    present = [each for each in whole.get("scalars", ()) if wanted or each != name]
    if wanted and name not in present:
        present.append(name)
    if present or "scalars" in whole:
        whole["scalars"] = present


def _first_changed(before: Part, after: Part) -> str:
    """The innermost first part that now says something else, to be shown open."""
    old = dict(parts(before))
    differing = [at for at, part in parts(after) if _own(part) != _own(old.get(at, {}))]
    return next((at for at in differing if at), "")


def _own(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in part.items() if name not in {*HOLD, "of"}}


def _to_add(
    whole: Part, places: set[str], typed: Mapping[str, str]
) -> tuple[dict[str, tuple[list[Part], Part]], Places]:
    """What is to be added at each address, with those that it will stand beside, and what is wrong with it."""
    made: dict[str, tuple[list[Part], Part]] = {}
    wrong: Places = {}
    for where in sorted(places):
        part = _part(whole, where)
        beside = _holder(part)
        if part is None or beside is None:
            wrong[f"f.{where}"] = ("gone", {})
            continue
        one, faults = _made(whole, part, where, typed) if where else adding.section(typed)
        made[where] = (beside, one)
        wrong |= faults
    return made, wrong


def _made(whole: Part, part: Part, where: str, typed: Mapping[str, str]) -> tuple[Part, Places]:
    """A column of this part, whose name is free in its rows, or a field of it, whose name is free in the form."""
    row = "columns" in part
    beside = part["columns"] if row else [each for one in whole["sections"] for each in one.get("fields", ())]
    taken = {str(each.get("name")): str(each.get("label") or each.get("name")) for each in beside}
    return adding.field(typed, f"new.{where}.", taken, adding.COLUMNS if row else adding.FIELDS)


def _refused(whole: Part, act: str, where: str, typed: Mapping[str, str]) -> Places:
    """Why an act on a part that stands there already cannot be done."""
    if act not in {"up", "down", "remove", "remove_all", "into"}:
        return {}
    part, above = _part(whole, where), _part(whole, where.rpartition(".")[0])
    beside = _holder(above)
    if not where or part is None or beside is None:
        return {f"f.{where}": ("gone", {})}
    if act in {"remove", "remove_all"} and len(beside) == 1 and "fields" not in (above or {}):
        return {f"f.{where}": ("last_column" if "." in where else "last_section", {})}
    if act == "remove" and part.get("fields"):
        return {f"f.{where}": ("section_full", {"n": len(part["fields"])})}
    if act == "into" and not _section(whole, typed.get(f"into.{where}", "")):
        return {f"into.{where}": ("section_missing", {})}
    return {}


def _section(whole: Part, number: str) -> Part | None:
    sections, at = whole["sections"], numerals.whole(number)
    return sections[at] if at is not None and at < len(sections) else None


def _done(whole: Part, act: str, where: str, typed: Mapping[str, str]) -> str:
    """Do an act that nothing speaks against; the address to look at."""
    holder, _dot, last = where.rpartition(".")
    beside = _holder(_part(whole, holder)) or []
    if act in {"remove", "remove_all"}:
        _forget(whole, beside.pop(int(last)), where)
        return holder
    if act == "into":
        number = typed[f"into.{where}"]
        goal = whole["sections"][int(number)].setdefault("fields", [])
        goal.append(beside.pop(int(last)))
        return f"{number}.{len(goal) - 1}"
    if act not in {"up", "down"}:
        return ""
    at, to = int(last), int(last) + (1 if act == "down" else -1)
    if not 0 <= to < len(beside):
        return where
    beside[at], beside[to] = beside[to], beside[at]
    return f"{holder}.{to}".lstrip(".")


def _forget(whole: Part, gone: Part, where: str) -> None:
    """What is no longer in the form is neither read by diagrams nor given in bulk."""
    fields = gone.get("fields", ()) if "." not in where else [gone] if where.count(".") == 1 else []
    names = {each.get("name") for each in fields}
    for key in ("scalars", "bulk"):
        if key in whole:
            whole[key] = [each for each in whole[key] if each not in names]
