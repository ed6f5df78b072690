"""Monthly and quarterly reports on a set clock: by a served notice or by default, versions, corrections, sums."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bases.filing import duty, periodic, reported, series, template
from bases.filing.series import Where
from bases.filing.template import Drawn
from bases.register import breach
from engine import cases
from engine.cases import Case
from ground import clock, jobs
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import letters, reminders
from tests.bases import moves, reporting
from tests.bases.reporting import Way, at, let_pass, person

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MARCH = Where("month_1", "2026-03")
CITY_OK = {"outcome": "accept"}
LOCK = {"outcome": "approve"}


class Monthly(Way):
    """The report of one base for March 2026, or for another month."""

    def __init__(self, key: str, period: str = "2026-03", code: str = "month_1") -> None:
        with reading() as session:
            self.base = moves.base(session, key)
            found = duty.of_period(session, code, period)[f"base:{self.base.id}"]
            self.case = session.execute(select(Case).where(Case.id == found.case_id)).one()

    def fill(self, login: str, export: str, orders: str = "1.5", note: str = "") -> cases.Moved:
        with reading() as session:
            first = periodic.first_values(session, self.case)
        given = {"export": export, "orders": orders}
        rows = [{**row, "value": given[row["item"]]} for row in first["figures"]]
        return self.do(login, "fill_period", {"figures": rows, "note": note})

    def approve(self) -> None:
        self.do("lin.chao", "city_review", CITY_OK)
        self.do("chen.jing", "approve", LOCK)

    def breaches(self) -> list[str]:
        with reading() as session:
            return [row.due_kind for row in breach.of_base(session, self.base.id, *APRIL)]


def begin() -> int:
    """What has ended, begun."""
    with transaction() as session:
        asked = periodic.when_ended(session, clock.today())
    while jobs.run_due(clock.now(), 100):
        pass
    return asked


def drawn(**changes: Any) -> Drawn:
    facts = {"name": "外贸月报", "period": "month", "items": ("export", "orders"), **changes}
    return Drawn(**facts)


@pytest.fixture
def officer(database, stopped_clock):
    """An officer who draws up a monthly report in February 2026."""
    stopped_clock[0] = at("2026-02-02")
    reporting.staff()
    return person("chen.jing")


@pytest.fixture
def april(officer, stopped_clock):
    """1 April 2026: the reports for March have begun, their day fixed by a served notice."""
    with transaction() as session:
        template.add(session, drawn(notice="川商贸〔2026〕8号"), date(2026, 2, 1), officer)
    stopped_clock[0] = at("2026-04-01")
    assert begin() == 40
    return stopped_clock


@pytest.fixture
def by_default(officer, stopped_clock):
    """The same without a notice."""
    with transaction() as session:
        template.add(session, drawn(), date(2026, 2, 1), officer)
    stopped_clock[0] = at("2026-04-01")
    assert begin() == 40
    return stopped_clock


def test_s_3_2_by_a_served_notice_it_is_created_reminded_and_late_and_counts(april):
    anzhou = Monthly("B035")
    wait = anzhou.open()["fill_period"]
    assert (str(wait.due_on), wait.due_kind) == ("2026-04-10", "notice")
    april[0] = at("2026-04-08")
    with transaction() as session:
        reminders.send_due(session, clock.now())
    with reading() as session:
        assert [letter.template for letter in letters.inbox(session, person("fill.anzhou"))] == ["due_soon"]

    let_pass(april, at("2026-04-11", 0, 1))
    assert (anzhou.standing(), anzhou.breaches()) == ("missed", ["notice"])
    with reading() as session:
        (row,) = breach.of_base(session, anzhou.base.id, *APRIL)
    assert (row.clause, row.kind) == ("川商贸〔2026〕8号", "missing")


def test_s_3_2_the_same_tenth_as_a_default_is_grey_and_not_counted(by_default):
    anzhou = Monthly("B035")
    assert anzhou.open()["fill_period"].due_kind == "default"
    let_pass(by_default, at("2026-04-11", 0, 1))
    assert (anzhou.standing(), anzhou.breaches()) == ("past_default", [])


def test_n_6_of_a_text_a_notice_and_a_default_that_passed_two_make_breaches_and_one_is_grey(january):
    officer = person("chen.jing")
    with transaction() as session:
        template.add(session, drawn(notice="川商贸〔2026〕8号"), date(2025, 12, 1), officer)
        template.add(session, drawn(name="摸底"), date(2025, 12, 1), officer)
    assert begin() == 80
    annual = reporting.Report("B035")
    let_pass(january, at("2026-02-16", 0, 1))

    with reading() as session:
        made = breach.of_base(session, annual.base.id, *reporting.YEAR)
    assert sorted(row.due_kind for row in made) == ["notice", "text"]
    assert Monthly("B035", "2025-12", "month_2").standing() == "past_default"


def test_r_12_7_two_late_of_five_are_two_of_five_and_a_passed_default_changes_nothing(officer, stopped_clock):
    with transaction() as session:
        for name in ("甲", "乙", "丙", "丁", "戊"):
            template.add(session, drawn(name=name, notice="川商贸〔2026〕8号"), date(2026, 2, 1), officer)
    stopped_clock[0] = at("2026-04-01")
    begin()
    for number in (1, 2, 3):
        Monthly("B035", code=f"month_{number}").fill("fill.anzhou", "1")
    let_pass(stopped_clock, at("2026-04-11", 0, 1))
    Monthly("B035", code="month_4").fill("fill.anzhou", "1")
    base_id = Monthly("B035", code="month_1").base.id
    assert punctuality(base_id) == (2, 5)

    with transaction() as session:
        template.add(session, drawn(name="己"), date(2026, 2, 1), officer)
    stopped_clock[0] = at("2026-04-12")
    assert begin() == 40
    assert Monthly("B035", code="month_6").standing() == "past_default"
    assert punctuality(base_id) == (2, 5)


def punctuality(base_id: int) -> tuple[int, int]:
    with reading() as session:
        return reported.punctuality(session, base_id, 2026, clock.now())


def test_asking_again_begins_none_and_a_period_long_over_is_not_owed(april):
    assert begin() == 0
    april[0] = at("2026-04-30")
    assert begin() == 0


def test_r_7_2_a_quarter_without_a_survey_is_reminded_of_and_then_listed_grey(officer, stopped_clock):
    with transaction() as session:
        template.lay(session, clock.today())
    stopped_clock[0] = at("2027-01-04")
    assert begin() == 80
    survey = Monthly("B035", "2026Q4", "survey_quarter")
    stopped_clock[0] = at("2027-01-08")
    with transaction() as session:
        reminders.send_due(session, clock.now())
    with reading() as session:
        assert len(letters.inbox(session, person("fill.anzhou"))) == 2
    let_pass(stopped_clock, at("2027-01-11", 0, 1))
    assert survey.standing() == "past_default"


def test_r_7_3_from_the_base_by_the_city_to_the_approval_of_the_department(april):
    anzhou = Monthly("B035")
    anzhou.fill("fill.anzhou", "12.3456")
    assert stages() == {"first"}
    anzhou.do("lin.chao", "city_review", CITY_OK)
    assert stages() == {"received"}
    assert anzhou.do("chen.jing", "approve", LOCK).outcome == "period_approved"
    assert (stages(), anzhou.standing()) == ({"approved"}, "reported")


def stages() -> set[str]:
    with reading() as session:
        return {row.stage for values in series.newest(session, MARCH).values() for row in values.values()}


def test_s_3_3_a_correction_keeps_the_old_version_with_its_reason_and_the_sum_follows(april):
    for key, login, figure in (("B035", "fill.anzhou", "12.3456"), ("B007", "fill.mianyang", "100")):
        report = Monthly(key)
        report.fill(login, figure)
        report.approve()
    sanjiang = Monthly("B014")
    sanjiang.fill("fill.sanjiang", "7.5")

    with reading() as session:
        cities, province = series.sums(session, MARCH)
    assert {city: typed(one) for city, one in cities.items()} == {"510700": "112.3456", "511500": "7.5000"}
    assert (typed(province), province.bases, province.approved) == ("119.8456", 3, 2)

    base_id, by = Monthly("B035").base.id, person("chen.jing")
    with transaction() as session:
        series.correct(session, base_id, MARCH, "export", "13.3456", "海关数据修订。", by, clock.now())
    with reading() as session:
        rows = [row for row in series.versions(session, MARCH, base_id) if row.item == "export"]
        cities, province = series.sums(session, MARCH)
    assert [(row.version, row.amount, row.reason) for row in rows] == [
        (1, 123456, None),
        (2, 133456, "海关数据修订。"),
    ]
    assert Decimal(typed(province)) == sum(Decimal(typed(one)) for one in cities.values()) == Decimal("120.8456")


def typed(found: series.Sum) -> str:
    return series.typed_of("export", found.amounts["export"])


def test_a_correction_needs_an_officer_a_reason_another_figure_and_an_approved_one(april):
    report = Monthly("B035")
    report.fill("fill.anzhou", "12")
    facts = (report.base.id, MARCH, "export")
    officer, now = person("chen.jing"), clock.now()
    with transaction() as session, pytest.raises(series.NotApproved):
        series.correct(session, *facts, "13", "更正。", officer, now)
    report.approve()
    for figure, reason in (("13", " "), ("12", "更正。"), ("many", "更正。"), ("1.23456", "更正。")):
        with transaction() as session, pytest.raises(series.Unreasoned):
            series.correct(session, *facts, figure, reason, officer, now)
    for login in ("fill.anzhou", "lin.chao"):
        with transaction() as session, pytest.raises(Forbidden):
            series.correct(session, *facts, "13", "更正。", person(login), now)


def test_s_3_6_a_change_past_the_threshold_needs_its_note(april):
    march = Monthly("B035")
    march.fill("fill.anzhou", "10")
    april[0] = at("2026-05-04")
    begin()
    report = Monthly("B035", "2026-04")
    with pytest.raises(cases.Invalid) as refused:
        report.fill("fill.anzhou", "12.0001")
    (problem,) = refused.value.detail["problems"]
    assert (problem.code, problem.params["items"]) == ("periodic.note_missing", "特色产品出口额")
    report.fill("fill.anzhou", "12.0001", note="新增两家企业投产。")
    assert "city_review" in report.open()


def test_at_the_threshold_no_note_is_needed_and_other_items_are_refused(april):
    Monthly("B035").fill("fill.anzhou", "10")
    april[0] = at("2026-05-04")
    begin()
    report = Monthly("B035", "2026-04")
    with pytest.raises(cases.Invalid) as refused:
        report.do("fill.anzhou", "fill_period", {"figures": [{"item": "trade", "value": "1"}]})
    assert {problem.code for problem in refused.value.detail["problems"]} == {"periodic.items"}
    report.fill("fill.anzhou", "12")


def test_a_notice_fixes_the_day_from_a_day_on_and_what_was_before_stays_a_default(officer, stopped_clock):
    with transaction() as session:
        code = template.add(session, drawn(), date(2026, 2, 1), officer)
        template.fix(session, code, "川商贸〔2026〕9号", 5, date(2026, 4, 1), officer)
        with pytest.raises(template.Incomplete):
            template.add(session, drawn(due_day=5), date(2026, 2, 1), officer)
        with pytest.raises(Forbidden):
            template.add(session, drawn(), date(2026, 2, 1), person("lin.chao"))
    kinds = []
    for day in ("2026-04-01", "2026-05-01"):
        stopped_clock[0] = at(day)
        begin()
    with reading() as session:
        for period in ("2026-03", "2026-04"):
            row = next(iter(duty.of_period(session, code, period).values()))
            kinds.append((str(row.due_on), row.due_kind))
    assert kinds == [("2026-04-10", "default"), ("2026-05-05", "notice")]


def test_nobody_of_another_base_or_city_comes_near_a_report(april):
    report = Monthly("B035")
    report.fill("fill.anzhou", "12")
    for login in ("fill.sanjiang", "zhou.ping", "sign.sanjiang"):
        with reading() as session, pytest.raises(Missing):
            cases.look(session, report.case.ref, person(login))
        with pytest.raises((StopIteration, Forbidden, Missing)):
            report.do(login, "city_review", CITY_OK)
