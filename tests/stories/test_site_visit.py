"""A site visit and a notice as they are called, each walked by itself through the engine (R-9.3, R-9.5)."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from bases import register
from bases.review import visit
from bases.verdicts import batch_ranking, notice
from engine import cases, forms
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, grants, people
from ground.database import reading, transaction
from ground.organs import Organ
from tasks import letters, queue, timers
from tests.bases import moves, noticed
from tests.bases.moves import Sent
from tests.ground.papers import png
from tests.workflows import folders

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TODAY = "2026-11-23"
PLAN = {
    "visit_from": TODAY,
    "visit_to": TODAY,
    "team": [{"name": "孙磊", "unit": "外贸处"}, {"name": "朱青", "unit": "外贸处"}],
    "itinerary": [{"day": TODAY, "place": "红茶加工园", "matter": "出口基地备案"}],
    "focus": "核实出口额台账。",
}
CHECKED = dict.fromkeys(("carrier", "enterprises", "platforms", "bodies", "statistics", "admission"), "as_stated")
RECORD = {
    "visited_from": TODAY,
    "visited_to": TODAY,
    "present": [{"name": "孙磊", "signed": True}, {"name": "朱青", "signed": True}],
    **CHECKED,
}
REPORT = {"findings": "与申报材料一致。", "consistent": "yes"}
CONFIRMED = {"outcome": "acknowledge", "acknowledged_by": "周平", "acknowledged_on": TODAY}


class Walk:
    """One case of a called process, and who does what in it."""

    def __init__(self, process: str, subject: str, region: str, data: dict | None = None) -> None:
        with reading() as session:
            organ = session.scalar(select(Organ.id).where(Organ.code == "sc-mofcom"))
        facts = {"subject": subject, "region": region, "organ": organ, "title": "试办", "data": data}
        self.ref = cases.start(process, by=people.SYSTEM, key="walk", **facts).ref

    def row(self):
        with reading() as session:
            return session.execute(select(Case).where(Case.ref == self.ref)).one()

    def wait(self, login: str):
        with reading() as session:
            by = moves.actor(session, login, clock.now())
            return by, queue.page(session, by, queue.Filters(q=self.row().number)).items[0]

    def do(self, login: str, answers: dict) -> cases.Moved:
        by, wait = self.wait(login)
        with transaction() as session:
            queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)


@pytest.fixture
def visited(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with reading() as session:
        base = moves.base(session, "B042")
    return Walk("site_visit", register.subject(base.id), base.county)


def photos(login: str) -> dict:
    with transaction() as session:
        by = moves.actor(session, login, clock.now())
        kept = [files.store(session, BytesIO(png()), f"现场{n}.png", by, clock.now()).ref for n in (1, 2)]
    return {"sign_in": [kept[0]], "photos": [kept[1]]}


def test_r_9_3_a_visit_is_planned_told_to_the_city_recorded_reported_and_acknowledged(visited):
    visited.do("chen.jing", PLAN)
    with reading() as session:
        assert [
            letter.template for letter in letters.inbox(session, moves.actor(session, "zhou.ping", clock.now()))
        ] == ["visit_notice"]
    visited.do("sun.lei", {**RECORD, **photos("sun.lei")})
    visited.do("zhu.qing", REPORT)
    visited.do("zhou.ping", {**CONFIRMED, "outcome": "dispute", "remarks": "第二处地点有误。"})
    visited.do("zhu.qing", {**REPORT, "answer": "已更正。"})

    assert visited.do("zhou.ping", CONFIRMED).outcome == "visit_reported"


@ONE
def test_r_9_3_the_report_is_due_five_working_days_after_the_visit_whenever_its_record_came(visited, stopped_clock):
    visited.do("chen.jing", PLAN)
    stopped_clock[0] += timedelta(days=3)
    visited.do("sun.lei", {**RECORD, **photos("sun.lei")})

    assert report_due(visited) == "2026-11-30"


@ONE
def test_r_9_3_after_a_dispute_the_report_is_due_from_that_day(visited, stopped_clock):
    visited.do("chen.jing", PLAN)
    visited.do("sun.lei", {**RECORD, **photos("sun.lei")})
    visited.do("zhu.qing", REPORT)
    stopped_clock[0] += timedelta(days=7)
    visited.do("zhou.ping", {**CONFIRMED, "outcome": "dispute", "remarks": "第二处地点有误。"})

    assert report_due(visited) == "2026-12-07"


@ONE
def test_r_9_3_a_team_is_of_persons_and_whoever_was_there_was_planned(visited):
    stranger = {"name": "无此人", "unit": "外贸处"}
    for login, answers, field in (
        ("chen.jing", {**PLAN, "team": [*PLAN["team"], stranger]}, "team"),
        ("chen.jing", PLAN, None),
        (
            "sun.lei",
            {**RECORD, **photos("sun.lei"), "present": [*RECORD["present"], {**stranger, "signed": True}]},
            "present",
        ),
    ):
        if field is None:
            visited.do(login, answers)
            continue
        with pytest.raises(cases.Invalid) as refused:
            visited.do(login, {**answers, **(photos(login) if field == "present" else {})})
        assert field in {each.path for each in refused.value.detail["problems"]}


def test_r_9_3_a_visit_whose_last_day_is_over_without_a_record_is_listed_as_missing(visited, stopped_clock):
    visited.do("chen.jing", PLAN)
    with reading() as session:
        assert [(trip.team, trip.missing) for trip in visit.unrecorded(session, clock.today())] == [
            (("孙磊", "朱青"), False)
        ]
    stopped_clock[0] += timedelta(days=1)
    with reading() as session:
        assert [trip.missing for trip in visit.unrecorded(session, clock.today())] == [True]
    visited.do("sun.lei", {**RECORD, **photos("sun.lei")})
    with reading() as session:
        assert visit.unrecorded(session, clock.today()) == []


def report_due(visited: Walk) -> str:
    with reading() as session:
        return str(session.scalar(select(Wait.due_on).where(Wait.case_id == visited.row().id)).isoformat())


@ONE
def test_a_visit_by_one_person_or_without_photos_or_ending_before_it_begins_is_refused(visited):
    visited.do("chen.jing", PLAN)
    good = {**RECORD, **photos("sun.lei")}
    wrong = (
        ({"present": RECORD["present"][:1]}, "present"),
        ({"photos": []}, "photos"),
        ({"sign_in": []}, "sign_in"),
        ({"carrier": "differs"}, "differences"),
        ({"visited_to": "2026-11-20"}, "visited_to"),
    )
    for changes, field in wrong:
        with pytest.raises(cases.Invalid) as refused:
            visited.do("sun.lei", {**good, **changes})
        assert [each.path for each in refused.value.detail["problems"]] == [field]


def test_the_applicant_reads_nothing_of_the_visit():
    folder = next(each for each in folders.folders() if each.name == "site-visit")
    for path in (folder / "forms").glob("*.json"):
        assert not {"base_filler", "base_authority", "expert"} & set(forms.load(path.read_bytes()).readers)
        assert forms.load(path.read_bytes()).readers


@pytest.mark.performs("R-9.3")
def test_r_9_3_neither_a_visit_nor_no_visit_is_chosen_without_a_reason():
    folder = next(each for each in folders.folders() if each.name == "designation-case")
    form = forms.load((folder / "forms" / "visit-decision.json").read_bytes())
    for outcome in ("visit", "skip"):
        assert [each.path for each in forms.read(form, {"outcome": outcome}).errors] == ["reason"]


@pytest.mark.parametrize("missing", ["visit", "report", "acknowledge", "agreement"])
def test_a_base_counts_as_visited_only_when_all_is_there(session, missing):
    now = clock.now()
    answers = {"visit": {**RECORD, "photos": ["x"]}, "report": REPORT, "acknowledge": CONFIRMED}
    sent = {name: [Sent(given, 1, now)] for name, given in answers.items() if name != missing}
    if missing == "agreement":
        sent["acknowledge"] = [Sent({**CONFIRMED, "outcome": "dispute"}, 1, now)]
    move = moves.moving(session, "B042", now, **sent)

    with pytest.raises(visit.NotReported):
        visit.close(move)


def test_r_9_5_a_batch_s_notice_is_drafted_approved_published_and_over_at_the_printed_end(
    database, stopped_clock, monkeypatch
):
    with transaction() as session:
        listed = noticed.proposed(session, noticed.FIVE, clock.now(), ("B043",))
        head = moves.actor(session, "xu.hong", clock.now()).person
        organ = session.scalar(select(Organ.id).where(Organ.code == "sc-mofcom"))
        grants.give(session, head, "prov_division_head", organ, clock.today())
    monkeypatch.setattr(batch_ranking, "proposed", lambda _session, number: listed if number == 7 else [])
    walk = Walk("public_notice", "batch:7", "510000", {"batch": 7})
    walk.do("chen.jing", {"checked": ["list", "cities", "wording", "contact"]})
    walk.do("xu.hong", {"opinion": "用语再核对。", "outcome": "return", "reason": "用语再核对。"})
    walk.do("chen.jing", {"checked": ["list", "cities", "wording", "contact"]})
    walk.do("xu.hong", {"opinion": "同意。", "outcome": "agree"})

    with reading() as session:
        found = notice.running(session, clock.today())[0]
        assert len(notice.bases_of(session, [found.id])[found.id]) == 5
    assert "实地考察、" in found.body["paragraphs"][0]
    stopped_clock[0] = clock.end_of(found.closes_on)
    timers.fire_due(clock.now())
    assert walk.row().outcome == "notice_over"
