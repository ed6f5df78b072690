"""Registers: who enters, changes and sees what, how versions are kept, and what the files describe."""

import re

import pytest
from sqlalchemy import func, select

from bases import demo
from bases.demo.registers import KEEPERS
from bases.filing import year_file
from bases.measures import clauses, indicators
from bases.register import ledgers
from bases.register.ledgers import definition, marks, reading
from bases.register.ledgers.checks import is_credit_code
from bases.register.ledgers.entry import LedgerEntry
from ground import clock, grants
from ground.errors import Forbidden, Missing
from tests.bases import ledger
from tests.bases.ledger import ENTERPRISE, GOOD_CODE, PLATFORM

EVERY = list(ledgers.every())


def options(register):
    return {name: [{"code": "x", "label": "甲"}] for name, _source in register.sources()}


@pytest.mark.parametrize("code", EVERY)
def test_a_file_names_fields_roles_clauses_and_marks_that_there_are(code):
    register = ledgers.of(code)
    form = register.form(options(register))
    named = {*register.columns, *register.filters, *register.unique, *register.years.values(), register.label}
    named |= {name for total in register.totals for name in (total.by, total.across) if name not in {"", "year"}}
    named |= {name for each in register.counts for name in each.when}

    assert named - {register.amount} <= set(form.fields)
    assert not register.amount or form.fields[register.amount].type == "decimal"
    assert {*register.writers, *register.readers, *register.published_by} <= set(grants.ROLES)
    assert {register.clause, *(each.clause for each in form.fields.values())} - {""} <= set(clauses.every())
    assert set(register.marks) <= set(marks._MARKS)
    assert {each.indicator for each in register.counts} <= set(indicators.by_code())
    assert register.scope in definition.SCOPES


@pytest.mark.parametrize("code", EVERY)
def test_every_text_of_a_file_has_its_english(code):
    register = ledgers.of(code)
    texts = {*register.form(options(register)).labels(), register.name, *([register.help] if register.help else [])}
    assert texts - {"甲"} <= set(definition.words())


def test_no_english_is_left_over_from_a_text_that_is_gone():
    whole = " ".join(path.read_text("utf-8") for path in definition.FOLDER.glob("*.json"))
    shown = set(re.findall(r'"([^"]*)"', whole))
    assert set(definition.words()) - shown <= {definition.NOTHING}


def test_words_of_courts_and_contests_do_not_appear():
    whole = " ".join(path.read_text("utf-8") for path in definition.FOLDER.rglob("*.json"))
    assert not [word for word in ("案件", "一票否决", "听证", "表彰", "评比") if word in whole]


@pytest.mark.parametrize(
    ("code", "good"),
    [
        (GOOD_CODE, True),
        ("91350100M000100Y43", True),
        ("91350100M000100Y44", False),
        ("91350100M000100Y4I", False),
        ("91350100M000100Y4", False),
        ("９１３５０１００Ｍ０００１００Ｙ４３", False),
    ],
)
def test_a_credit_code_is_checked_by_its_last_character(code, good):
    assert is_credit_code(code) is good


def test_a_filler_enters_an_enterprise_and_every_change_is_kept_with_its_reason(session):
    ref = ledger.add(session, "enterprise", "B042", "liu.min", **ENTERPRISE, uscc=GOOD_CODE)
    changed = {**ENTERPRISE, "uscc": GOOD_CODE, "tier": "backbone"}
    ledgers.amend(session, ref, changed, 1, "产值下降", ledger.by(session, "liu.min"))
    ledgers.retire(session, ref, 2, "迁出基地", ledger.by(session, "zhou.ping"))

    entry = ledgers.find(session, ref, ledger.by(session, "liu.min").actor)
    lines = ledgers.history(session, entry)
    assert (entry.state, entry.answers["tier"], entry.version) == ("retired", "backbone", 3)
    assert [(line.what, line.reason, line.answers["tier"]) for line in lines] == [
        ("entered", "", "leading"),
        ("amended", "产值下降", "backbone"),
        ("retired", "迁出基地", "backbone"),
    ]
    assert [line.acting.partition("@")[0] for line in lines] == ["base_filler", "base_filler", "city_officer"]
    assert ledgers.rows(session, "enterprise", base_id=entry.base_id) == []


def test_a_wrong_credit_code_and_a_second_entry_of_the_same_are_refused(session):
    ledger.add(session, "enterprise", "B042", "liu.min", **ENTERPRISE, uscc=GOOD_CODE)
    with pytest.raises(ledgers.Wrong) as wrong:
        ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "name": "另一家", "uscc": "9" * 18})
    with pytest.raises(ledgers.Wrong) as twice:
        ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "name": "另一家", "uscc": GOOD_CODE})

    assert [(each.path, each.code) for each in wrong.value.detail["problems"]] == [("uscc", "ledger.uscc")]
    assert [(each.path, each.code) for each in twice.value.detail["problems"]] == [("uscc", "ledger.twice")]
    assert ledger.add(session, "enterprise", "B045", "tang.hao", **ENTERPRISE, uscc=GOOD_CODE)


def test_the_same_key_of_the_same_person_is_one_act(session):
    place = ledger.at(session, "B042")
    by = ledger.by(session, "liu.min", key="one")
    refs = {ledgers.add(session, "platform", place, PLATFORM, by) for _again in range(2)}
    assert len(refs) == 1
    assert len(ledgers.rows(session, "platform", base_id=ledger.base_id(session, "B042"))) == 1


def test_a_change_needs_a_reason_and_the_version_that_was_read(session):
    ref = ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    by = ledger.by(session, "liu.min")
    with pytest.raises(ledgers.NoReason):
        ledgers.amend(session, ref, PLATFORM, 1, "  ", by)
    ledgers.amend(session, ref, {**PLATFORM, "operator": "新单位"}, 1, "更名", by)
    with pytest.raises(ledgers.Changed):
        ledgers.amend(session, ref, PLATFORM, 1, "再改", by)
    ledgers.retire(session, ref, 2, "停用", by)
    with pytest.raises(ledgers.NotStanding):
        ledgers.amend(session, ref, PLATFORM, 3, "再改", by)


@pytest.mark.parametrize("login", ["tang.hao", "song.ying", "deng.tao", "li.guohua", "guo.ning", "shi.lei"])
def test_attack_what_belongs_to_another_base_is_not_there(session, login):
    """Another base's filler, another city, another county, an expert, an organ, an administrator: all get Missing."""
    ref = ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    other = ledger.by(session, login)

    with pytest.raises(Missing):
        ledgers.find(session, ref, other.actor)
    with pytest.raises(Missing):
        ledgers.amend(session, ref, PLATFORM, 1, "改", other)
    with pytest.raises(Missing):
        ledgers.retire(session, ref, 1, "改", other)
    with pytest.raises(Missing):
        ledgers.add(session, "platform", ledger.at(session, "B042"), PLATFORM, other)
    assert ledgers.page(session, ledgers.of("platform"), other.actor, ledgers.Shown()) == []
    assert reading.counts(session, other.actor).get("platform", 0) == 0


def test_who_may_see_but_not_write_is_forbidden_to(session):
    ref = ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    auditor = ledger.by(session, "du.wen")
    assert ledgers.find(session, ref, auditor.actor).label == "红茶检测中心"
    with pytest.raises(Forbidden):
        ledgers.amend(session, ref, PLATFORM, 1, "改", auditor)
    with pytest.raises(Missing):
        ledgers.add(session, "platform", ledger.at(session, "B042"), PLATFORM, auditor)


def test_a_filler_does_not_change_what_the_city_has_entered(session):
    ref = ledger.add(session, "platform", "B042", "zhou.ping", **PLATFORM)
    with pytest.raises(Forbidden):
        ledgers.amend(session, ref, PLATFORM, 1, "改", ledger.by(session, "liu.min"))
    ledgers.amend(session, ref, PLATFORM, 1, "改", ledger.by(session, "chen.jing"))


def test_the_demo_s_registers_agree_with_what_its_bases_filed(session):
    demo.lay_registers(session, clock.now())
    entries = select(func.count()).select_from(LedgerEntry)
    laid = session.scalar(entries)
    demo.lay_registers(session, clock.now())

    assert session.scalar(entries) == laid > 40
    for key in KEEPERS:
        beside = year_file.beside(session, ledger.base_id(session, key), 2025)
        assert {one.item.code for one in beside} == {"I06", "I15"}
        assert not [one for one in beside if one.differs]
