"""A form of a draft made from nothing, with room for its first field; and taken out where no diagram asks for it."""

import re
from collections.abc import Mapping

import orjson
from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.definitions import drafts
from engine.definitions.drafts import Outdated, Working
from ground import clock, pinyin
from ground.database import transaction
from ground.errors import Missing, Refused
from web.door import said, session
from web.door.rights import Route
from web.owner import drafting, files
from web.owner.blueprint import desk
from web.words.catalogue import N_

FOLDER, JSON = "forms/", ".json"
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
LONGEST_KEY, LONGEST_TITLE = 60, 200
FIRST_SECTION = "基本情况"


class WrongForm(Refused):
    """A new form wants a title, and a key of small letters, digits and hyphens that no other form of the draft has."""

    code = "form.wrong_name"
    status = 422


class InUse(Refused):
    """A form that a diagram asks for is not taken out; `where` names the files."""

    code = "form.in_use"


@desk.post("/processes/<key>/draft/forms")
def new_form(key: str) -> Answer | str:
    """Lay the file of a new form, and open it."""
    typed, by = request.form.to_dict(), session.actor()
    try:
        with transaction() as store:
            path, body = _made(typed, drafts.look(store, key, by))
            drafts.save(store, key, {path: body}, seen=drafting.rev_in(typed), by=by, now=clock.now())
    except (Outdated, WrongForm) as no:
        return files.listed(key, typed, no)
    return redirect(url_for("owner.part", key=key, path=path, at="0"), 303)


@desk.post("/processes/<key>/draft/forms/<name>/removal")
def remove_form(key: str, name: str) -> Answer | str:
    """Take a form out of the draft that no diagram of it asks for."""
    typed, by = request.form.to_dict(), session.actor()
    path = f"{FOLDER}{name}{JSON}"
    try:
        with transaction() as store:
            working = drafts.look(store, key, by)
            if path not in working.parts:
                raise Missing(part=path)
            if where := asked_by(working, path):
                raise InUse(where=where)
            drafts.save(store, key, {path: None}, seen=drafting.rev_in(typed), by=by, now=clock.now())
    except (Outdated, InUse) as no:
        return files.listed(key, typed, no)
    answer = redirect(url_for("owner.parts", key=key), 303)
    said.tell(answer, "form.removed", path=path)
    return answer


def asked_by(working: Working, path: str) -> list[str]:
    """The diagrams of a draft that ask for this form."""
    named = f'"{path.removeprefix(FOLDER).removesuffix(JSON)}"'.encode()
    return [file for file, body in sorted(working.parts.items()) if file.endswith(".bpmn") and named in body]


def _made(typed: Mapping[str, str], working: Working) -> tuple[str, bytes]:
    title, key = (typed.get(each, "").strip() for each in ("title", "name"))
    if not 0 < len(title) <= LONGEST_TITLE:
        raise WrongForm(field="title")
    key = key or _named(title)
    path = f"{FOLDER}{key}{JSON}"
    if not KEY.fullmatch(key) or len(key) > LONGEST_KEY or path in working.parts:
        raise WrongForm(field="name")
    whole = {"title": title, "sections": [{"title": FIRST_SECTION, "fields": []}]}
    return path, orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def _named(title: str) -> str:
    """A key for a title, as it is read: 参展申请 → `can-zhan-shen-qing`."""
    words = [word for each in pinyin.syllables(title) for word in re.findall("[a-z]+", each.lower())]
    return "-".join(words)[:LONGEST_KEY].strip("-") or "form"


CODES = {
    "form.wrong_name": N_("请填写表单名称；编号用小写字母、数字和短横，并且没有用过，也可以留空由程序编号。"),
    "form.in_use": N_("流程图（%(where)s）在用这张表单，没有删除。请先在流程图里换成别的表单。"),
    "form.removed": N_("“%(path)s”已从草稿中删除。"),
}

ROUTES = (
    Route("owner.new_form", "POST", drafting.OWNERS),
    Route("owner.remove_form", "POST", drafting.OWNERS),
)
