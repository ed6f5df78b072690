"""What an owner can set of a form, a section or a field, how each setting is called, and how typed text becomes it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson

from web.words.catalogue import N_

TYPES = {
    "text": N_("一行文字"),
    "prose": N_("多行文字"),
    "integer": N_("整数"),
    "decimal": N_("小数"),
    "half": N_("半分制评分"),
    "date": N_("日期"),
    "flag": N_("是或者否"),
    "choice": N_("单选"),
    "choices": N_("多选"),
    "region": N_("县（市、区）"),
    "hs_codes": N_("HS编码"),
    "phone": N_("电话"),
    "email": N_("电子邮箱"),
    "file": N_("一个文件"),
    "files": N_("几个文件"),
    "rows": N_("多行表（清单）"),
    "list": N_("数量和清单"),
    "years": N_("三年数值"),
    "computed": N_("自动计算"),
    "note": N_("说明文字"),
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
    "computed": {"formula": N_("公式"), "places": N_("小数位数")},
}
AS_TEXT = frozenset({"pattern", "formula"})
HEADING = ("title", "help", "clause")
LONGEST: Mapping[str, int] = {
    "title": 200,
    "label": 500,
    "help": 5_000,
    "unit": 60,
    "clause": 60,
    "show_when": 500,
    "pattern": 500,
    "formula": 500,
}
LONGEST_LIMIT, LONGEST_NOTE = 60, 5_000
Places = dict[str, tuple[str, dict[str, Any]]]
"""By the name of an input: the code of what is wrong with what was typed there, and its parameters."""


def settings(part: Mapping[str, Any], at: str) -> tuple[str, ...]:
    """What can be typed for this part: the form itself, a section of it, a field, or what stands in a field."""
    if not at:
        return HEADING
    if "." not in at:
        return (*HEADING, "show_when")
    return ("label", "help", "unit", "clause", "show_when", *LIMITS.get(str(part.get("type")), {}))


def longest(part: Mapping[str, Any], name: str) -> int:
    """How many characters a setting of this part can have."""
    return LONGEST_NOTE if part.get("type") == "note" and name == "label" else LONGEST.get(name, LONGEST_LIMIT)


def put(part: dict[str, Any], at: str, typed: Mapping[str, str]) -> Places:
    """Put into a part what was typed for it; what a form cannot do without is said where it is missing."""
    for name in settings(part, at):
        text = typed.get(f"f.{at}.{name}")
        if text is not None:
            _set(part, name, text.replace("\r\n", "\n").strip()[: longest(part, name)])
    if "required" in typed.get(f"f.{at}.boxes", "").split():
        if f"f.{at}.required" in typed:
            part["required"] = True
        else:
            part.pop("required", None)
    lines = typed.get(f"f.{at}.options")
    if lines is not None and "options" in part:
        part["options"] = chosen_from(lines, part["options"], str(part.get("name")))
    return dict(_missing(part, at, typed))


def value(text: str) -> Any:
    """A number, true or false as JSON writes them; everything else is the text itself."""
    try:
        return orjson.loads(text.strip())
    except ValueError:
        return text.strip()


def option_lines(part: Mapping[str, Any]) -> str:
    """The options of a field, a line each: its code and what people read."""
    return "\n".join(f"{each.get('code', '')} | {each.get('label', '')}" for each in part.get("options", ()))


def chosen_from(text: str, known: Collection[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """What the lines say; an option that keeps its code keeps its help, a line without a code gets a new one."""
    before = {each["code"]: each for each in known if "code" in each}
    found: list[dict[str, Any]] = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        code, bar, label = (part.strip() for part in line.partition("|"))
        if not bar or not code:
            code, label = _free({*before, *(each["code"] for each in found)}, name), label or line.strip("| ")
        found.append({**before.get(code, {}), "code": code, "label": label})
    return found


def _set(part: dict[str, Any], name: str, said: str) -> None:
    if said == str(part.get(name, "")):
        return
    limit = name in LIMITS.get(str(part.get("type")), {}) and name not in AS_TEXT
    if said:
        part[name] = value(said) if limit else said
    elif name in {"label", "title"}:
        part[name] = ""
    else:
        part.pop(name, None)


def _missing(part: Mapping[str, Any], at: str, typed: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, needed in (("title", not at), ("label", part.get("type") != "note")):
        if needed and f"f.{at}.{name}" in typed and not part.get(name):
            yield f"f.{at}.{name}", (f"{name}_missing", {})
    if f"f.{at}.options" in typed and part.get("options") == []:
        yield f"f.{at}.options", ("options_missing", {})


def _free(taken: Collection[str], stem: str) -> str:
    return next(f"{stem}_{n}" for n in range(1, len(taken) + 2) if f"{stem}_{n}" not in taken)
