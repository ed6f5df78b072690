"""A form's file changed field by field: labels, help, what is required; fields added, taken out and moved."""

import re
from collections.abc import Collection, Mapping
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
# What each type can be held to; the words say what is counted.
LENGTH = {"min": N_("最少字符数"), "max": N_("最多字符数")}
SIZE = {"min": N_("最小值"), "max": N_("最大值")}
ROWS = {"min_rows": N_("最少几行"), "max_rows": N_("最多几行")}
LIMITS: Mapping[str, Mapping[str, str]] = {
    "text": {**LENGTH, "pattern": N_("格式（正则表达式）")},
    "prose": LENGTH,
    "integer": SIZE,
    "decimal": {**SIZE, "places": N_("小数位数")},
    "half": {"max": N_("最大值")},
    "date": {"min": N_("最早（日期，或者today）"), "max": N_("最晚（日期，或者today）")},
    "choices": {"min": N_("最少选几项"), "max": N_("最多选几项")},
    "files": {"max_files": N_("最多几个文件")},
    "rows": ROWS,
    "list": ROWS,
}
AS_TEXT = frozenset({"pattern"})
SHOWN = ("label", "help", "unit", "clause", "show_when")
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
    limits = LIMITS.get(str(field.get("type")), {})
    for name in (*SHOWN, *limits):
        text = typed.get(f"f.{at}.{name}")
        if text is None:
            continue
        said = text.strip()[:LONGEST]
        if said:
            field[name] = value(said) if name in limits and name not in AS_TEXT else said
        elif name != "label":
            field.pop(name, None)
    if f"f.{at}.options" in typed and field.get("options"):
        field["options"] = _options(field, typed[f"f.{at}.options"])
    if f"f.{at}.here" in typed:
        if f"f.{at}.required" in typed:
            field["required"] = True
        else:
            field.pop("required", None)


def option_lines(field: Mapping[str, Any]) -> str:
    """The options of a field, a line each: its code and what people read."""
    return "\n".join(f"{each.get('code', '')} | {each.get('label', '')}" for each in field.get("options", ()))


def _options(field: Mapping[str, Any], text: str) -> list[dict[str, Any]]:
    """What the lines say; an option that keeps its code keeps its help, a line without a code gets a new one."""
    before = {each["code"]: each for each in field["options"] if "code" in each}
    found: list[dict[str, Any]] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        code, bar, label = (part.strip() for part in line.partition("|"))
        if not bar:
            code, label = _free({*before, *(each["code"] for each in found)}, str(field["name"])), line
        found.append({**before.get(code, {}), "code": code, "label": label})
    return found or list(field["options"])


def _free(taken: Collection[str], stem: str) -> str:
    return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}" not in taken)


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
