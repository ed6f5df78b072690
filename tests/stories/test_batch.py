"""A batch on a set clock: announced, entered by three cities, ranked with a tie at its line, noticed, signed once."""

from datetime import date

import pytest
from sqlalchemy import select

from bases import demo
from bases.documents import checks
from bases.register.base import Base
from bases.verdicts import application, batch, batch_entry, batch_steps, board, decision, notice, objection, plaque
from engine import cases, submissions
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files, jobs, people
from ground.database import reading, transaction
from tasks import queue, timers
from tests.bases import issuing, moves
from tests.bases.noticed import objected
from tests.stories.test_designation import RECHECK, Story

CALL, CERTIFICATE = "川商贸发〔2026〕10号", "川商贸发〔2026〕15号"
PLAN = {"batch_year": 2026, "opens_on": "2026-11-20", "closes_on": "2026-11-27", "quota": 2, "criteria": "article10"}
MEETING = {"minutes_number": "〔2026〕8号", "met_on": "2026-11-28", "topic": "拟认定名单", "outcome": "agree"}
OTHERS = {"others": "refuse", "others_reason": "未进入本批次认定数量。"}
SIGNED = {**OTHERS, "signer": "高远"}


class Office:
    """The batch's own case, and the people who act on it."""

    def __init__(self) -> None:
        self.case = batch.begin(by=self.person("chen.jing"), key="batch").ref

    def person(self, login: str) -> people.Actor:
        with reading() as session:
            return moves.actor(session, login, clock.now())

    def first_places(self) -> list[dict]:
        return self.first_values()["places"]

    def first_values(self) -> dict:
        with reading() as session:
            case = session.execute(select(Case).where(Case.ref == self.case)).one()
            return batch_steps.first_places(session, case)

    def claimed(self, login: str, element: str) -> str:
        by = self.person(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element)).items
            wait = next(item for item in items if item.case_ref == self.case)
            if wait.held_by is None:
                queue.claim(session, wait.ref, by, clock.now())
        return wait.ref

    def do(self, login: str, element: str, answers: dict) -> cases.Moved:
        wait = self.claimed(login, element)
        return cases.complete(wait, answers, by=self.person(login), key=wait)

    def paper(self, login: str) -> str:
        return Story.paper(self, login)

    def announce(self, **changes: object) -> None:
        self.do("chen.jing", "plan", {**PLAN, **changes})
        self.issue(CALL)

    def issue(self, number: str) -> None:
        """From the draft that the template gives to the letter that has gone out."""
        today = clock.today().isoformat()
        with reading() as session:
            case = session.execute(select(Case).where(Case.ref == self.case)).one()
            drafted = checks.first_draft(session, case)
        self.do("chen.jing", "document_issue:draft", {**issuing.DRAFT, **drafted, "outcome": "submit"})
        self.do("head", "document_issue:division_review", issuing.REVIEWED)
        self.do("clerk", "document_issue:office_check", issuing.CHECKED)
        self.do("gao.yuan", "document_issue:sign", issuing.SIGNED)
        self.do("clerk", "document_issue:proofread", issuing.PROOFREAD)
        self.do(
            "clerk", "document_issue:number_oa", {"number": number, "dated_on": today, "final": self.paper("clerk")}
        )
        self.do("clerk", "document_issue:seal", {**issuing.SEALED, "sealed_on": today})
        self.do("clerk", "document_issue:issue", {"issued_on": today, "publish": True})

    def meet(self, **changes: object) -> None:
        """The meeting agrees, with its minutes."""
        self.do("gao.yuan", "meeting", {**MEETING, "minutes_scan": self.paper("gao.yuan"), **changes})

    def rank(self, places: list | None = None, **changes: object) -> None:
        """Send the ranking as it stands, or as it was settled."""
        first = self.first_values()
        self.do("chen.jing", "rank", {**first, **({"places": places} if places is not None else {}), **changes})

    def row(self):
        with reading() as session:
            return batch.of_subject(session, session.scalar(select(Case.subject).where(Case.ref == self.case)))

    def open(self) -> list[str]:
        with reading() as session:
            case = select(Case.id).where(Case.ref == self.case).scalar_subquery()
            return [row.element for row in session.execute(select(Wait.element).where(Wait.case_id == case))]


@pytest.fixture
def office(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    issuing.staff()
    return Office()


def ready(key: str, number: int, average: int) -> str:
    """An application of the batch that stands behind its recheck: its case waits for the list."""
    with transaction() as session:
        case = moves.open_case(session, key, clock.now())
        batch_entry.enter(session, number, case.id, moves.base(session, key))
        batch_entry.amend(session, case.id, state=batch_entry.READY, average=average)
        return session.scalar(select(Case.number).where(Case.id == case.id))


def standing(key: str) -> str:
    with reading() as session:
        return session.scalar(select(Base.status).where(Base.id == moves.base(session, key).id))


def tick(stopped_clock, day: str) -> None:
    stopped_clock[0] = clock.end_of(date.fromisoformat(day))
    timers.fire_due(clock.now())
    work()


def work() -> None:
    """What was asked for after the commits, also what that asks for in turn."""
    while jobs.run_due(clock.now()):
        pass


def noticed(office: Office, stopped_clock) -> str:
    """From the meeting to the last day of the notice; that day."""
    running(office)
    return over(stopped_clock)


def running(office: Office):
    """From the meeting to the notice that runs."""
    office.meet()
    checked = ["list", "cities", "wording", "contact"]
    office.do("chen.jing", "public_notice:draft", {"checked": checked})
    office.do("head", "public_notice:approve", {"opinion": "同意。", "outcome": "agree"})
    with reading() as session:
        return notice.running(session, clock.today())[0]


def over(stopped_clock) -> str:
    """The last day of the notice is over; the day after."""
    with reading() as session:
        (found,) = notice.running(session, clock.today())
    tick(stopped_clock, found.closes_on.isoformat())
    return clock.today().isoformat()


def test_r_4_1_one_applies_on_the_days_of_the_batch_and_the_refusal_says_them(office, stopped_clock):
    with reading() as session:
        ref = moves.base(session, "B042").ref
    office.announce()
    tick(stopped_clock, "2026-11-27")
    with pytest.raises(batch.NotOpen) as refused:
        application.begin(ref, by=office.person("liu.min"), key="late")
    assert refused.value.detail == {"opens_on": "2026-11-20", "closes_on": "2026-11-27"}
    assert office.open() == ["rank"]


def test_attack_a_ranking_is_not_sent_with_other_figures_nor_without_somebody(office, stopped_clock):
    """What the ranking shows is what the reviews gave; the tables about the cities need not be sent along."""
    office.announce()
    number = office.row().id
    for key, average in (("B042", 9000), ("B043", 8000)):
        ready(key, number, average)
    tick(stopped_clock, "2026-11-27")
    first, second = office.first_places()
    for places in ([{**first, "average": "99.00"}, second], [first], [{**first, "rank": 2}, second], []):
        with pytest.raises(cases.Invalid) as refused:
            office.rank(places)
        assert [(each.path, each.code) for each in refused.value.detail["problems"]] == [("places", "ranking.stale")]
    office.do("chen.jing", "rank", {"places": [first, {**second, "listed": "none", "reason": "规划未完成。"}]})
    with reading() as session:
        case = session.scalar(select(Case.id).where(Case.ref == office.case))
        kept = submissions.at(session, case, "rank")[-1].answers
    assert {each["city"] for each in kept["cities"]} == {"宜宾市", "达州市"}
    assert [each["average"] for each in kept["places"]] == ["90.00", "80.00"]


def test_r_4_2_a_batch_of_three_cities_with_a_tie_at_the_line_ends_in_one_signed_list(office, stopped_clock):
    office.announce()
    story = Story("liu.min", "B042")
    story.to_the_notice()
    assert story.open() == []
    number = office.row().id
    first, equal = ready("B045", number, 9000), ready("B043", number, 8000)
    tick(stopped_clock, "2026-11-27")

    yibin = next(each for each in office.first_values()["cities"] if each["city"] == "宜宾市")
    assert (yibin["titled"], yibin["applying"]) == (1, 1)
    assert yibin["plan"].endswith(".pdf（初审：符合）")
    places = office.first_places()
    mine = next(each for each in places if each["number"] == story.row().number)
    assert [each.get("listed") for each in places] == ["proposed", None, None]
    assert [each["rank"] for each in places] == [1, 2, 2]
    for each in places[1:]:
        each |= {"listed": "proposed" if each is mine else "reserve"}
    with pytest.raises(cases.Invalid) as refused:
        office.rank(places)
    assert [each.code for each in refused.value.detail["problems"]] == ["ranking.reason_missing"]
    for each in places[1:]:
        each["reason"] = "同分，按产业链完整程度选定。"
    office.rank(places)

    day = noticed(office, stopped_clock)
    assert {standing(key) for key in ("B042", "B043", "B045")} == {"draft"}
    refusal = [{"number": first, "reason": "会议决定暂不认定。"}]
    office.do("gao.yuan", "sign", {**SIGNED, "refused": refusal, "decided_on": day})
    work()

    assert standing("B042") == "designated"
    assert story.row().outcome == "designated"
    with reading() as session:
        found = {each.number: (each.outcome, each.reason) for each in batch_entry.of_batch(session, number)}
    assert found[first] == ("refuse", "会议决定暂不认定。")
    assert found[equal] == ("refuse", "未进入本批次认定数量。")
    assert found[story.row().number][0] == "designate"
    office.issue(CERTIFICATE)
    assert (office.row().document, office.row().certificate) == (CALL, CERTIFICATE)
    with reading() as session:
        (designated,) = plaque.missing(session, number)
    given = {"plaques": [{"base": designated.base_name, "number": "SC-2026-01"}], "all_handed_on": day}
    assert office.do("chen.jing", "plaque", given).outcome == "closed"


def test_what_is_not_ready_is_left_for_a_later_list_and_one_withdrawn_holds_nobody(office, stopped_clock):
    office.announce()
    story = Story("liu.min", "B042")
    number = office.row().id
    ready("B045", number, 9000)
    tick(stopped_clock, "2026-11-27")
    office.rank()
    day = noticed(office, stopped_clock)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    assert office.open() == ["rank"]

    answers = {"reason": "规划调整。", "confirmed": ["agreed"]}
    cases.send(story.case, "withdraw", answers, by=office.person("liu.min"), key="withdraw")
    with reading() as session:
        entry = batch_entry.of_case(session, story.row().id)
    assert (entry.state, entry.withdrawn) == (batch_entry.OUT, True)


def test_r_9_6_a_base_that_an_objection_held_is_signed_on_a_later_list_without_another_notice(office, stopped_clock):
    office.announce()
    story = Story("liu.min", "B042")
    story.to_the_notice()
    number = office.row().id
    ready("B045", number, 9000)
    tick(stopped_clock, "2026-11-27")
    office.rank()
    published = running(office)
    with transaction() as session:
        held = objected(session, published, "B042", clock.now()).id
    day = over(stopped_clock)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    assert (standing("B042"), office.open()) == ("draft", ["rank"])

    with pytest.raises(cases.Invalid) as early:
        office.rank()
    assert [each.code for each in early.value.detail["problems"]] == ["ranking.nothing_ready"]
    with transaction() as session:
        objection.settle(session, held, objection.REJECTED, clock.now())
    office.rank()
    office.meet(met_on=day)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    assert (standing("B042"), office.open()) == ("designated", ["document_issue:draft"])


def test_a_batch_whose_last_application_is_taken_back_comes_to_its_end(office, stopped_clock):
    office.announce()
    story = Story("liu.min", "B042")
    tick(stopped_clock, "2026-11-27")
    answers = {"reason": "规划调整。", "confirmed": ["agreed"]}
    cases.send(story.case, "withdraw", answers, by=office.person("liu.min"), key="withdraw")
    office.rank()
    office.meet()
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": clock.today().isoformat()})
    assert office.open() == []


def test_s_2_2_a_city_that_is_late_is_refused_by_the_days_of_the_batch(office, stopped_clock):
    office.announce()
    story = Story("liu.min", "B042")
    story.at_the_report()
    tick(stopped_clock, "2026-11-27")
    with pytest.raises(cases.Invalid) as refused:
        story.report("zhou.ping")
    (problem,) = refused.value.detail["problems"]
    assert (problem.code, problem.params) == ("batch.city_late", {"opens_on": "2026-11-20", "closes_on": "2026-11-27"})
    assert story.open() == ["report"]
    with reading() as session:
        shown = board.of(session, office.row(), clock.now())
    assert (shown.late, [each.name for each in shown.stages if each.count]) == (["511500"], ["city"])


@pytest.mark.performs("R-10.6")
def test_after_an_accident_of_this_year_the_second_asking_keeps_a_base_out_of_the_ranking(office):
    """R-10.6: asked again, 有 cannot be confirmed into the batch; only the leader's signature ends it."""
    office.announce()
    story = Story("liu.min", "B042")
    story.to_the_experts()
    story.reviewed()
    story.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "材料已能说明情况。"})
    story.do("xu.hong", "recheck", RECHECK)
    story.consult(safety="found")
    assert story.open() == ["admission_again"]
    seen = {"finding": "本年发生生产安全事故。"}
    with pytest.raises(cases.Invalid) as refused:
        story.do("chen.jing", "admission_again", {**seen, "outcome": "confirm", "unknown_reason": "已整改。"})
    assert [each.code for each in refused.value.detail["problems"]] == ["admission.found"]
    assert office.first_places() == []

    story.do("chen.jing", "admission_again", {**seen, "outcome": "propose", "reason": "有第（六）项情形。"})
    assert (story.open(), standing("B042")) == (["admission_refusal"], "draft")
    signed = {"outcome": "refuse", "reason": "发生生产安全事故。", "signer": "高远"}
    story.do("gao.yuan", "admission_refusal", signed)
    with reading() as session:
        entry = batch_entry.of_case(session, story.row().id)
        stands = decision.of_case(session, story.row().id)
    assert (entry.state, entry.outcome, stands.outcome) == (batch_entry.DECIDED, "refuse", "refuse")
    assert office.first_places() == []
