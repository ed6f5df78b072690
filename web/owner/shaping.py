"""A form's file changed field by field: labels, help, what is required; fields added, taken out and moved."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from web.words.catalogue import N_

TYPES = {
    "text": N_("一行文字"),
    "prose": N_("多行文字"),
    "integer": N_("整数"),
    "decimal": N_("小数"),
    "date": N_("日期"),
    "flag": N_("是或者否"),
    "choice": N_("单选"),
    "choices": N_("多选"),
    "file": N_("一个文件"),
    "files": N_("几个文件"),
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 500
PROSE = 2_000


def changed(whole: dict[str, Any], act: str, where: str, typed: Mapping[str, str]) -> dict[str, Any]:
    """The form with what was typed into its fields, after one act: `add`, `remove`, `up` or `down` at section.field."""
    for at, field in _fields(whole):
        _typed_in(field, at, typed)
    section, _dot, number = where.partition(".")
    if not section.isdigit() or int(section) >= len(whole.get("sections", ())):
        return whole
    fields = whole["sections"][int(section)]["fields"]
    if act == "add":
        _add(fields, typed, section)
    elif number.isdigit() and int(number) < len(fields):
        _move(fields, int(number), act)
    return whole


def used(parts: Mapping[str, bytes], path: str) -> dict[str, list[str]]:
    """For each field of a form, the other files of the draft in which its name is written as a word."""
    if not path.startswith("forms/"):
        return {}
    try:
        names = [field["name"] for _at, field in _fields(orjson.loads(parts[path]))]
    except (ValueError, KeyError, TypeError):
        return {}
    others = {name: body.decode("utf-8", "replace") for name, body in parts.items() if name.endswith((".bpmn", ".dmn"))}
    found = {
        each: [name for name, text in others.items() if re.search(rf"\b{re.escape(each)}\b", text)] for each in names
    }
    return {each: where for each, where in found.items() if where}


def value(text: str) -> Any:
    """A number, true or false as JSON writes them; everything else is the text itself."""
    try:
        return orjson.loads(text.strip())
    except ValueError:
        return text.strip()


def _fields(whole: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    sections = whole.get("sections", ())
    return [(f"{s}.{f}", field) for s, each in enumerate(sections) for f, field in enumerate(each.get("fields", ()))]


def _typed_in(field: dict[str, Any], at: str, typed: Mapping[str, str]) -> None:
    for name in ("label", "help", "unit", "show_when"):
        text = typed.get(f"f.{at}.{name}")
        if text is None:
            continue
        if text.strip():
            field[name] = text.strip()[:LONGEST]
        elif name != "label":
            field.pop(name, None)
    if f"f.{at}.here" in typed:
        if f"f.{at}.required" in typed:
            field["required"] = True
        else:
            field.pop("required", None)


def _add(fields: list[dict[str, Any]], typed: Mapping[str, str], section: str) -> None:
    name, label = (typed.get(f"new.{section}.{each}", "").strip() for each in ("name", "label"))
    kind = typed.get(f"new.{section}.type", "")
    if not NAME.fullmatch(name) or not label or kind not in TYPES:
        return
    made: dict[str, Any] = {"name": name, "type": kind, "label": label}
    if kind in {"choice", "choices"}:
        options = [each.strip() for each in typed.get(f"new.{section}.options", "").splitlines() if each.strip()]
        made["options"] = [{"code": f"{name}_{n}", "label": each} for n, each in enumerate(options, 1)]
    if kind == "prose":
        made["max"] = PROSE
    fields.append(made)


def _move(fields: list[dict[str, Any]], at: int, act: str) -> None:
    to = {"up": at - 1, "down": at + 1}.get(act)
    if act == "remove":
        fields.pop(at)
    elif to is not None and 0 <= to < len(fields):
        fields[at], fields[to] = fields[to], fields[at]
