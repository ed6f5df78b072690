"""Pages for everybody: home, register, one base, the text of the measures; and who may call which route."""

from collections.abc import Container, Mapping
from typing import Any

from flask import current_app, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bases import register as bases
from bases.measures import clauses, policy
from bases.measures.policy import Policy
from bases.register import ledgers
from bases.register.ledgers import code_lists
from bases.register.public import Entry
from bases.verdicts import commendation, decision, notice, plaque
from ground import clock, regions
from ground.database import reading
from ground.errors import Missing
from ground.types import clean
from web.door import language, rights, session
from web.door.rights import PUBLIC, Desk, Place, Route
from web.public import forms, notices, objecting
from web.public.blueprint import desk
from web.words.catalogue import N_

LONGEST_QUERY = 60
STANDINGS = {"valid": N_("有效"), "revoked": N_("已取消命名"), "all": N_("全部")}
STATUSES = {
    "designated": (N_("有效"), "green"),
    "rectifying": (N_("限期整改"), "amber"),
    "revoked": (N_("已取消命名"), ""),
    "national_only": (N_("省级命名已取消"), "amber"),
}
HAPPENED = {
    ("title", "provincial"): N_("认定为省级基地"),
    ("title", "national"): N_("认定为国家级基地"),
    ("title", ""): N_("省级命名终止"),
    ("status", "designated"): N_("列入名录"),
    ("status", "rectifying"): N_("限期整改"),
    ("status", "revoked"): N_("取消命名"),
}
TITLES = {"provincial": N_("省级基地"), "national": N_("国家级基地")}
# Imported, each has hung its routes on the desk.
HANGING = (forms, notices, objecting)

CODES = {
    "objection.period_over": N_("公示期已满或者公示已经撤下，不能在网页上提出异议。您填写的内容没有提交，还在本页。"),
    "objection.too_many": N_("从这个网络提交的次数太多，请%(minutes)s分钟后再试。也可以按公示载明的方式书面反映。"),
    "objection.no_base": N_("请选择所反映的基地。"),
    "objection.no_kind": N_("请选择以谁的名义反映。"),
    "objection.no_name.person": N_("请填写真实姓名；不愿署名的，选择“不署名”。"),
    "objection.no_name.unit": N_("请填写单位名称。"),
    "objection.no_contact": N_("请留有效的联系方式，以便核实和答复。"),
    "objection.no_facts": N_("请写明事实依据。"),
    "objection.no_seal": N_("以单位名义反映的，须上传加盖公章的书面材料扫描件。"),
    "objection.nothing_said": N_("请写明事实依据。"),
    "objection.too_long": N_("内容过长，最多%(max)s字。"),
    "objection.too_many_files": N_("最多上传%(most)s个文件，多出的没有接收。"),
    "objection.not_a_paper": N_("只接收PDF文件和图片，这个文件没有接收。"),
}


@desk.get("/")
def home() -> str | Answer:
    """The first page of whoever is signed in, or what the public looks for."""
    first = rights.first_place(current_app, session.visit().actor)
    if first:
        return redirect(first)
    with reading() as store:
        named = bases.public_list(store)
        running = notice.running(store, clock.today())
        listed = notice.bases_of(store, [one.id for one in running])
    cities = len({entry.city.code for entry in named})
    return render_template(
        "public/pages/home.html", named=named, cities=cities, running=running, listed=listed, titles=TITLES
    )


@desk.get("/register")
def register() -> str:
    """The bases that hold a name, or held one; the filters stand in the address."""
    with reading() as store:
        cities = regions.listed(store, "city", regions.PROVINCE)
        shown = bases.Shown(
            city=_one_of("city", {place.code for place in cities}),
            industry=_one_of("industry", industries := code_lists.of(store, "industry", offered=False)),
            kind=_one_of("kind", TITLES),
            standing=_one_of("standing", STANDINGS) or "valid",
            q=clean(request.args.get("q", ""))[:LONGEST_QUERY].strip(),
            carrier=_one_of("carrier", carriers := code_lists.of(store, "carrier", offered=False)),
        )
        found = bases.public_list(store, shown)
    return render_template(
        "public/pages/register.html",
        found=found,
        counts={kind: sum(_holds(entry, kind) for entry in found) for kind in TITLES},
        shown=shown,
        cities=[(place.code, language.pick(place.name, place.name_en)) for place in cities],
        industries=[(entry.code, language.pick(entry.zh, entry.en)) for entry in industries.values()],
        carriers=[(entry.code, language.pick(entry.zh, entry.en)) for entry in carriers.values()],
        kinds=[(code, language._(words)) for code, words in TITLES.items()],
        standings=[(code, language._(words)) for code, words in STANDINGS.items() if code != "valid"],
        statuses=STATUSES,
        titles=TITLES,
    )


@desk.get("/register/<ref>")
def base(ref: str) -> str:
    """One base: its names, its place, what it makes, and what has happened to its name."""
    with reading() as store:
        page = bases.public_page(store, ref)
        number = bases.by_ref(store, ref).id
        commended = commendation.of_base(store, number)
        plaques, on_paper = plaque.of_base(store, number), decision.days_on_paper(store, number)
    history = sorted(page.history, key=lambda line: line.on)
    lines = [
        (line.on, words, line.on in on_paper)
        for line in history
        if (words := HAPPENED.get((line.what, line.after or "")))
    ]
    return render_template(
        "public/pages/base.html",
        page=page,
        entry=page.entry,
        plaques=plaques,
        commended=commended,
        lines=lines,
        statuses=STATUSES,
        titles=TITLES,
    )


@desk.get("/about/measures")
def measures() -> str:
    """The text that every deadline and step refers to, with an anchor and the answers at each clause."""
    chosen = _policy(request.args.get("policy", ""))
    answered: dict[str, list[Mapping[str, Any]]] = {}
    with reading() as store:
        shipped = chosen in policy.shipped()
        text = list((clauses.every() if shipped else policy.text(store, chosen.id)).values())
        for row in ledgers.published(store, "interpretation"):
            answered.setdefault(row.answers["clause_id"], []).append(row.answers)
    if chosen.id == FIRST:
        text.sort(key=lambda one: one.id[0] in "一二三四")
    return render_template(
        "public/pages/measures.html",
        clauses=text,
        policy=chosen,
        first=chosen.id == FIRST,
        others=[each for each in session.visit().policies if each.active_from and each.id != chosen.id],
        in_force=policy.in_force(clock.today(), session.visit().policies),
        answered=answered if chosen.id == FIRST else {},
    )


def _policy(asked: str) -> Policy:
    """The version that the address names, once somebody has put it in force from some day; else the one in force."""
    known = session.visit().policies
    if not asked:
        return policy.in_force(clock.today(), known)
    found = next((each for each in known if each.id == asked and each.active_from), None)
    if found is None:
        raise Missing(policy=asked)
    return found


def _holds(entry: Entry, kind: str) -> bool:
    return any(title.kind == kind and title.valid_to is None for title in entry.titles)


def _one_of(name: str, known: Container[str]) -> str:
    """A filter that the page offers; another value filters nothing, as the page then shows."""
    chosen = request.args.get(name, "")
    return chosen if chosen in known else ""


FIRST = "2020"  # its text begins with the opinions, and people look for the measures

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("public.home", "GET", PUBLIC),
        Route("public.register", "GET", PUBLIC),
        Route("public.base", "GET", PUBLIC),
        Route("public.notices", "GET", PUBLIC),
        Route("public.one_notice", "GET", PUBLIC),
        Route("public.snapshot", "GET", PUBLIC),
        Route("public.new_objection", "GET", PUBLIC),
        Route("public.send_objection", "POST", PUBLIC, objecting.FORM_BYTES),
        Route("public.receipt", "GET", PUBLIC),
        Route("public.measures", "GET", PUBLIC),
        Route("public.blank_form", "GET", PUBLIC),
    ),
    places=(
        Place("public.register", N_("基地名录"), 110),
        Place("public.notices", N_("公示公告"), 120),
        Place("public.measures", N_("管理办法"), 130),
    ),
    codes=CODES,
)
