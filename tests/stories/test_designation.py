"""One application walks from the county to the register: with the shipped diagram, tables and forms, on a set clock."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from bases import demo
from bases.demo.papers import pdf
from bases.filing import incoming_letter, information, stamped_form
from bases.register.base import Base
from bases.review.panel import MEMBER, Panel, Seat
from bases.verdicts import application, decision, notice, withdrawal
from engine import cases, history
from engine.cases import Case, interventions, wishes
from engine.waits import Wait
from ground import clock, files, parameters, people
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing, Refused
from tasks import demo_clock, letters, queue, timers
from tests.bases import moves
from tests.bases.asking import asked_of
from tests.bases.panels import REPORT, Review

TODAY = "2026-11-23"
SEEN = ["scan", "words", "signer", "day"]
SCORE = "expert_review:score"
SCORES = {"c1": "20", "c2": "12", "c3": "20", "c4": "12", "c5": "16", "opinion": "材料翔实。", "pledge": ["agreed"]}
REVIEW = {
    "verified": ["figures", "plan", "bodies", "stamp"],
    "opinion": "拟同意。",
    "outcome": "forward",
    "signer": "杨丽",
    "signed_on": TODAY,
}
OPINION = {
    "complete": True,
    "mechanism": ["body", "plan", "building", "policies"],
    **{f"item{number}": "met" for number in range(1, 6)},
    "admission": "none",
    "opinion": "拟同意上报。",
    "outcome": "forward",
}
AGREED = {"opinion": "同意。", "outcome": "agree"}
LETTER = {"incoming_number": "宜商〔2026〕12号", "dated_on": TODAY, "signer": "曹云", "outcome": "forward"}
INTAKE = {
    "formal": ["form", "plan", "bodies", "stamp", "letter"],
    "opinion": "符合受理条件。",
    "outcome": "accept",
}
RECHECK = {
    "verified": ["panel", "scores", "admission", "visit"],
    "opinion": "程序合规。",
    "outcome": "confirm",
}


class Story:
    """One case and the people of the demo who act on it."""

    def __init__(self, login: str, base: str) -> None:
        self.filler = login
        with reading() as session:
            ref = moves.base(session, base).ref
        self.case = application.begin(ref, by=self.person(login), key="begin").ref

    def person(self, login: str) -> people.Actor:
        with reading() as session:
            return moves.actor(session, login, clock.now())

    def row(self):
        with reading() as session:
            return session.execute(select(Case).where(Case.ref == self.case)).one()

    def open(self) -> list[str]:
        with reading() as session:
            rows = session.execute(select(Wait.element).where(Wait.case_id == self.row().id).order_by(Wait.id))
            return [row.element for row in rows]

    def do(self, login: str, element: str, answers: dict) -> cases.Moved:
        by = self.person(login)
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element)).items
            wait = next(item for item in items if item.case_ref == self.case)
            queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def fill(self) -> None:
        self.send_form()
        self.stamp()

    def send_form(self, at: str = "fill", **changes: str) -> None:
        with reading() as session:
            first = information.first_values(session, self.row())
        self.do(self.filler, at, {**first, **changes})

    def stamp(self, **changes: str) -> None:
        """Print what was sent, have it stamped, send the scan."""
        with reading() as session:
            code = stamped_form.printed(session, self.row().id).code
        scan = self.paper(self.filler, f"stamped {code}")
        self.do(self.filler, "stamp", {"outcome": "stamp", "check_code": code, "scan": scan, **changes})

    def city(self, login: str) -> None:
        """Up the whole chain of Yibin, and out with its letter."""
        self.do(login, "city_review", OPINION)
        self.do("tan.bin", "section_review", AGREED)
        self.do("cao.yun", "leader_sign", AGREED)
        self.report(login)

    def report(self, login: str, **changes: str) -> None:
        self.do(login, "report", {**LETTER, "scan": self.paper(login), **changes})

    def withdraw(self, login: str = "liu.min", key: str = "withdraw") -> cases.Moved:
        answers = {"reason": "规划调整，撤回申报。", "confirmed": ["agreed"]}
        return cases.send(self.case, "withdraw", answers, by=self.person(login), key=key)

    def paper(self, login: str, words: str = "signed") -> str:
        with transaction() as session:
            return files.store(session, BytesIO(pdf([words])), "来文.pdf", self.person(login), clock.now()).ref

    def panel(self) -> list[str]:
        with reading() as session:
            rows = session.execute(
                select(people.Person.login)
                .join(Seat, Seat.person_id == people.Person.id)
                .join(Panel, Panel.id == Seat.panel_id)
                .where(Panel.case_id == self.row().id, Seat.standing == MEMBER)
                .order_by(Seat.person_id)
            )
            return [row.login for row in rows]

    def at_the_report(self) -> None:
        self.fill()
        self.do("yang.li", "authority_review", REVIEW)
        self.do("zhou.ping", "city_review", OPINION)
        self.do("tan.bin", "section_review", AGREED)
        self.do("cao.yun", "leader_sign", AGREED)

    def to_the_experts(self) -> None:
        self.fill()
        self.do("yang.li", "authority_review", REVIEW)
        self.city("zhou.ping")
        self.consult()
        self.do("chen.jing", "intake", INTAKE)
        self.review.to_the_scores()

    def consult(self, **said: str) -> None:
        """The officer asks one organ about all the conditions, and it answers 无 to what is not said otherwise."""
        asked_of(self.case, **said)

    @property
    def review(self) -> Review:
        return Review(self.case)

    def reviewed(self) -> None:
        self.review.score()
        self.review.do(self.review.elect(), REPORT)
        self.review.do("chen.jing", self.review.scans())

    def to_the_recheck(self) -> None:
        self.to_the_experts()
        self.reviewed()
        self.do("chen.jing", "visit_decision", {"outcome": "skip", "reason": "材料已能说明情况。"})

    def to_the_notice(self) -> None:
        self.to_the_recheck()
        self.do("xu.hong", "recheck", RECHECK)
        self.consult()

    def decide(self, outcome: str, on: str) -> cases.Moved:
        return self.do(
            "gao.yuan",
            "decide",
            {"outcome": outcome, "reason": "公示无异议。", "signer": "高远", "decided_on": on},
        )


@pytest.fixture
def story(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    return Story("liu.min", "B042")


def standing(key: str):
    with reading() as session:
        return session.execute(select(Base.status).where(Base.id == moves.base(session, key).id)).scalar()


def test_one_application_walks_from_the_county_to_the_public_register(story, stopped_clock):
    story.to_the_notice()
    with reading() as session:
        running = notice.running(session, clock.today())
    assert [str(each.closes_on) for each in running] == ["2026-11-30"]
    assert story.open() == []
    stopped_clock[0] = clock.end_of(date(2026, 11, 30))
    timers.fire_due(clock.now())
    assert story.open() == ["decide"]
    assert standing("B042") == "draft"
    assert story.decide("designate", "2026-12-01").outcome == "designated"
    assert standing("B042") == "designated"
    row = story.row()
    with reading() as session:
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None


@pytest.mark.performs("R-2.1")
def test_r_2_1_administrators_and_process_owners_cannot_make_a_base_designated(story, stopped_clock):
    """Not through the task, not past it by hand, not by a process that asks them; the leader's signed decision does."""
    story.to_the_notice()
    stopped_clock[0] = clock.end_of(date(2026, 11, 30))
    timers.fire_due(clock.now())
    with reading() as session:
        wait = session.scalar(select(Wait.ref).where(Wait.case_id == story.row().id, Wait.element == "decide"))
    said = {"outcome": "designate", "reason": "公示无异议。", "signer": "高远", "decided_on": "2026-12-01"}

    for login in ("shi.lei", "meng.jie", "lin.shu", "qin.lan", "liang.bo", "chen.jing"):
        with pytest.raises((Missing, Forbidden, cases.NotYours)):
            cases.complete(wait, said, by=story.person(login), key=login)
    for login, refused in (("qin.lan", Missing), ("liang.bo", cases.Signed)):
        wish = wishes.Wish("skip", {"source": "decide"})
        with pytest.raises(refused):
            interventions.preview(story.case, wish, by=story.person(login))
    assert standing("B042") == "draft"

    story.decide("designate", "2026-12-01")
    assert standing("B042") == "designated"


def test_attack_080_nobody_can_decide_before_the_notice_has_ended(story, stopped_clock):
    story.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 11, 30))
    timers.fire_due(clock.now())
    assert "decide" not in story.open()


def test_a_refusal_by_the_leader_leaves_the_base_without_a_name(story, stopped_clock):
    story.to_the_notice()
    stopped_clock[0] = clock.end_of(date(2026, 11, 30))
    timers.fire_due(clock.now())
    assert story.decide("refuse", "2026-12-01").outcome is None
    assert standing("B042") == "draft"
    assert story.open() == ["document_issue:draft"]
    with reading() as session:
        assert decision.of_case(session, story.row().id).outcome == "refuse"
    with pytest.raises(withdrawal.TooLate):
        story.withdraw()


def on_paper(story: Story, proposal: str, outcome: str) -> None:
    """The officer takes the decision over from paper, and the office confirms it."""
    chen = story.person("chen.jing")
    answers = {"proposal": proposal, "reason": "公示无异议。"}
    cases.send(story.case, "decide.on_paper", answers, by=chen, key="paper")
    assert story.open() == ["paper_signature:enter"]
    words = {"words": "同意。" if outcome == "approve" else "不同意。", "signer": "高远", "signed_on": "2026-12-01"}
    entered = {**words, "scan": story.paper("chen.jing"), "page": 2, "decision": outcome}
    story.do("chen.jing", "paper_signature:enter", entered)
    assert standing("B042") == "draft"
    story.do("luo.wen", "paper_signature:confirm", {"outcome": "confirm", "verified": SEEN})


def test_a_decision_signed_on_paper_counts_once_confirmed_and_says_so_in_the_history(story, stopped_clock):
    """R-9.7, §6.2."""
    story.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 12, 1))
    timers.fire_due(clock.now())
    on_paper(story, "designate", "approve")
    assert (standing("B042"), story.row().outcome) == ("designated", "designated")
    with reading() as session:
        stands = decision.of_case(session, story.row().id)
        told = cases.story(session, story.case, story.person("liu.min"))
    assert (stands.outcome, stands.signed_on) == ("designate", date(2026, 12, 1))
    assert stands.paper is not None
    assert [(line.detail["page"], line.detail["signer"]) for line in told if line.kind == "decision.on_paper"] == [
        (2, "高远")
    ]


def test_what_the_leader_does_not_agree_to_on_paper_decides_nothing(story, stopped_clock):
    """§6.2: no adverse decision comes of it by itself."""
    story.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 12, 1))
    timers.fire_due(clock.now())
    on_paper(story, "designate", "return")
    assert story.open() == ["decide"]
    assert standing("B042") == "draft"
    assert story.decide("designate", "2026-12-01").outcome == "designated"
    with reading() as session:
        assert decision.of_case(session, story.row().id).paper is None


def test_only_the_department_s_officer_takes_a_decision_over_from_paper(story, stopped_clock):
    story.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 12, 1))
    timers.fire_due(clock.now())
    answers = {"proposal": "designate", "reason": "公示无异议。"}
    for stranger in ("liu.min", "zhou.ping", "xu.hong"):
        with pytest.raises(Refused):
            cases.send(story.case, "decide.on_paper", answers, by=story.person(stranger), key=stranger)
    assert story.open() == ["decide"]


def test_a_return_leads_back_to_the_filler_with_what_was_sent_before(story):
    story.fill()
    story.do("yang.li", "authority_review", {**REVIEW, "outcome": "return", "reason": "第三年数据有误。"})
    assert story.open() == ["fill"]
    with reading() as session:
        assert [row.template for row in letters.inbox(session, story.person("liu.min"))] == ["returned"]


def test_before_the_city_reports_the_filler_withdraws_alone_and_every_open_task_is_gone(story):
    """R-9.1, N-7."""
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)
    story.do("zhou.ping", "city_review", OPINION)
    assert story.withdraw().outcome == "withdrawn"
    assert story.open() == []
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Wait)) == 0


@pytest.mark.performs("R-9.1")
def test_r_9_1_after_the_report_a_withdrawal_waits_for_the_letter_of_the_city(story):
    story.to_the_experts()
    assert story.withdraw().outcome is None
    assert story.open() == [SCORE] * 5 + ["withdrawal_consent"]
    with pytest.raises(cases.Invalid) as refused:
        story.do("zhou.ping", "withdrawal_consent", {"outcome": "agree"})
    assert [each.path for each in refused.value.detail["problems"]] == list(incoming_letter.ASKED)
    consent = {**LETTER, "outcome": "agree", "incoming_number": "宜商〔2026〕20号", "scan": story.paper("zhou.ping")}
    assert story.do("zhou.ping", "withdrawal_consent", consent).outcome == "withdrawn"
    assert story.open() == []
    with reading() as session:
        letters_ = incoming_letter.of_case(session, story.row().id)
    assert [(row.number, row.purpose) for row in letters_] == [
        ("宜商〔2026〕12号", "report"),
        ("宜商〔2026〕20号", "withdrawal"),
    ]


def test_a_withdrawal_that_the_city_refuses_leaves_everything_as_it_was_and_may_be_asked_again(story):
    """R-9.1: the review goes on meanwhile, and a second asking waits for the first."""
    story.to_the_experts()
    story.withdraw()
    with pytest.raises(withdrawal.Pending):
        story.withdraw(key="again")
    story.do("zhou.ping", "withdrawal_consent", {"outcome": "refuse", "reason": "已纳入本市推荐名单。"})
    assert story.open() == [SCORE] * 5
    with reading() as session:
        assert "withdrawal_refused" in [row.template for row in letters.inbox(session, story.person("liu.min"))]
    story.withdraw(key="later")
    assert story.open() == [SCORE] * 5 + ["withdrawal_consent"]


def test_a_withdrawal_during_the_notice_takes_it_off_the_page_once_the_city_agrees(story):
    story.to_the_notice()
    story.withdraw()
    with reading() as session:
        assert len(notice.running(session, clock.today())) == 1
    consent = {**LETTER, "outcome": "agree", "scan": story.paper("zhou.ping")}
    assert story.do("zhou.ping", "withdrawal_consent", consent).outcome == "withdrawn"
    with reading() as session:
        assert notice.running(session, clock.today()) == []


@pytest.mark.parametrize("missing", incoming_letter.ASKED)
@pytest.mark.performs("R-9.1")
def test_r_9_1_nothing_is_reported_without_the_letter_and_the_refusal_names_what_is_missing(story, missing):
    """S-2.2."""
    story.at_the_report()
    answers = {name: value for name, value in {**LETTER, "scan": story.paper("zhou.ping")}.items() if name != missing}
    with pytest.raises(cases.Invalid) as refused:
        story.do("zhou.ping", "report", answers)
    assert [each.path for each in refused.value.detail["problems"]] == [missing]
    assert story.open() == ["report"]


def test_r_5_1_a_city_puts_up_only_what_is_complete_and_worked_for(story):
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)
    wrong = {**OPINION, "complete": False, "mechanism": ["body"]}
    with pytest.raises(cases.Invalid) as refused:
        story.do("zhou.ping", "city_review", wrong)
    assert {each.code for each in refused.value.detail["problems"]} == {
        "city_review.incomplete",
        "city_review.not_worked_at",
    }


def test_a_section_head_or_a_leader_who_disagrees_sends_the_paper_back_to_the_officer(story):
    """§6.1: and the applicant reads neither opinion."""
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)
    story.do("zhou.ping", "city_review", OPINION)
    no = {"opinion": "不同意。", "outcome": "return", "reason": "数据须再核。"}
    story.do("tan.bin", "section_review", no)
    assert story.open() == ["city_review"]
    story.do("zhou.ping", "city_review", OPINION)
    story.do("tan.bin", "section_review", AGREED)
    story.do("cao.yun", "leader_sign", no)
    assert story.open() == ["city_review"]
    with reading() as session:
        shown = cases.look(session, story.case, story.person("liu.min")).submissions
    assert {"section_review", "leader_sign"}.isdisjoint(each.element for each in shown)


def test_s_2_2_only_the_officer_of_the_own_city_can_report(story):
    story.at_the_report()
    for stranger in ("yang.li", "lin.chao", "chen.jing", "liu.min"):
        with reading() as session:
            items = queue.page(session, story.person(stranger), queue.Filters(element="report")).items
        assert items == []


def test_r_10_6_what_the_checks_of_admission_found_cannot_be_accepted(story):
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)
    story.city("zhou.ping")
    story.consult(quality="found")
    with pytest.raises(cases.Invalid) as refused:
        story.do("chen.jing", "intake", INTAKE)
    assert [each.code for each in refused.value.detail["problems"]] == ["admission.found"]
    assert story.open() == ["intake"]


@pytest.mark.performs("R-10.6")
@pytest.mark.parametrize("year", ["y1", "y2", "y3"])
def test_r_10_6_what_the_base_itself_reports_of_any_of_three_years_stops_at_admission(story, year):
    """F-3.26: with the year as the reason, although every organ answers 无; not accepted, it ends by a reason."""
    known = dict.fromkeys(("y1", "y2", "y3"), False)
    story.send_form(
        negative_records={**known, year: True}, negative_kinds=["safety"], negative_note="一起事故，已处理。"
    )
    story.stamp()
    story.do("yang.li", "authority_review", REVIEW)
    story.city("zhou.ping")
    story.consult()
    with pytest.raises(cases.Invalid) as refused:
        story.do("chen.jing", "intake", {**INTAKE, "unknown_reason": "已核实。"})
    (problem,) = refused.value.detail["problems"]
    calendar = {"y1": "2025", "y2": "2024", "y3": "2023"}[year]
    assert (problem.path, problem.code, problem.params["years"]) == ("outcome", "admission.reported", calendar)
    assert story.open() == ["intake"]
    story.do("chen.jing", "intake", {**INTAKE, "outcome": "refuse", "reason": "自报有第（六）项情形。"})
    assert story.open() == ["document_issue:draft"]


@pytest.mark.performs("R-10.6")
def test_r_10_6_what_cannot_be_verified_before_the_notice_goes_on_by_a_reason_that_a_person_signs(story):
    story.to_the_recheck()
    story.do("xu.hong", "recheck", RECHECK)
    story.consult(law="unknown")
    assert story.open() == ["admission_again"]
    goes_on = {"finding": "法院未答复。", "outcome": "confirm"}
    with pytest.raises(cases.Invalid) as refused:
        story.do("chen.jing", "admission_again", goes_on)
    assert [(each.path, each.code) for each in refused.value.detail["problems"]] == [
        ("unknown_reason", "admission.unknown_reason")
    ]
    with reading() as session:
        assert notice.running(session, clock.today()) == []
    story.do("chen.jing", "admission_again", {**goes_on, "unknown_reason": "已查询裁判文书，公示期间再核。"})
    with reading() as session:
        assert len(notice.running(session, clock.today())) == 1


def test_r_10_6_found_before_the_notice_only_the_leader_refuses_and_without_a_notice(story):
    story.to_the_recheck()
    story.do("xu.hong", "recheck", RECHECK)
    story.consult(environment="found")
    proposed = {"finding": "本年发生环境污染事故。", "outcome": "propose", "reason": "有第（六）项情形。"}
    story.do("chen.jing", "admission_again", proposed)
    signed = {"reason": "尚待核实。", "signer": "高远"}
    story.do("gao.yuan", "admission_refusal", {**signed, "outcome": "return"})
    assert (story.open(), standing("B042")) == (["recheck"], "draft")
    story.do("xu.hong", "recheck", RECHECK)
    story.consult(environment="found")
    story.do("chen.jing", "admission_again", proposed)
    story.do("gao.yuan", "admission_refusal", {**signed, "outcome": "refuse", "reason": "发生环境污染事故。"})
    with reading() as session:
        stands = decision.of_case(session, story.row().id)
    assert (stands.outcome, stands.reason, standing("B042")) == ("refuse", "发生环境污染事故。", "draft")
    assert story.open() == ["document_issue:draft"]


def test_the_handler_may_not_recheck_and_the_recheck_is_anothers(story):
    assert {"intake", "visit_decision"} <= set(_folder(story).diagram.elements["recheck"].separate)


def _folder(story):
    with reading() as session:
        return cases.look(session, story.case, story.person("liu.min")).folder


def test_attack_073_the_applicant_finds_no_expert_in_anything_the_case_shows(story):
    story.to_the_experts()
    panel = story.panel()
    for login in panel:
        story.do(login, SCORE, SCORES)
    filler = story.person("liu.min")
    with reading() as session:
        view = cases.look(session, story.case, filler)
        told = cases.story(session, story.case, filler)
    shown = repr([view.waits, view.submissions, told])
    for login in panel:
        expert = story.person(login)
        for secret in (expert.name, expert.name_en, expert.ref, login, f"person:{expert.person}"):
            assert secret not in shown


def test_scores_are_sealed_until_the_last_sheet_is_in(story):
    story.to_the_experts()
    first, second, *others = story.panel()
    story.do(first, SCORE, SCORES)
    officer, other = story.person("chen.jing"), story.person(second)
    assert not _sheets(story, officer)
    assert not _sheets(story, other)
    assert len(_sheets(story, story.person(first))) == 1
    for login in (second, *others):
        story.do(login, SCORE, SCORES)
    assert len(_sheets(story, officer)) == 5
    assert len(_sheets(story, story.person(second))) == 1


def _sheets(story, by):
    with reading() as session:
        return [each for each in cases.look(session, story.case, by).submissions if each.element == SCORE]


def test_a_passed_default_time_limit_is_told_once_and_takes_nothing_away(story, stopped_clock):
    with reading() as session:
        due = session.execute(select(Wait)).one()
    stopped_clock[0] = due.due_at
    assert timers.fire_due(clock.now()) == 1
    assert timers.fire_due(clock.now()) == 0
    assert story.open() == ["fill"]
    with reading() as session:
        told = cases.story(session, story.case, story.person("liu.min"))
    assert [line.detail["due_kind"] for line in told if line.kind == "deadline.passed"] == ["default"]


def test_the_demo_clock_goes_to_the_next_deadline_and_fires_it(story, stopped_clock):
    before = clock.use(clock.wall)
    try:
        demo_clock.start()
        with reading() as session:
            due = session.scalar(select(func.min(Wait.due_at)))
        reached = demo_clock.to_next_deadline()
        assert reached >= due
    finally:
        clock.use(before)
        demo_clock._ahead[0] = type(demo_clock._ahead[0])()


def test_a_whole_city_application_has_no_county_step(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    whole = Story("luo.qiang", "B043")
    whole.fill()
    assert whole.open() == ["city_review"]


def test_attack_069_another_city_neither_sees_nor_finds_nor_counts_the_case(story):
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)
    stranger = story.person("lin.chao")
    with reading() as session:
        with pytest.raises(Missing):
            cases.look(session, story.case, stranger)
        assert not queue.page(session, stranger, queue.Filters()).items
        assert not queue.page(session, stranger, queue.Filters(q=story.row().number)).items
        assert queue.counts(session, stranger) == queue.Counts(0, 0, 0, 0)


def test_a_second_start_of_the_demo_lays_nothing_over_what_was_sent(story):
    story.fill()
    with transaction() as session:
        demo.lay(session, clock.now())
        demo.lay_papers(session, clock.now())
    assert story.open() == ["authority_review"]


@pytest.mark.performs("F-1.1")
def test_f_1_1_what_is_sent_waits_for_its_stamp_and_an_edited_form_asks_for_another(story):
    """F-4.3: the scan of version 1 is refused for version 2, by its bytes and by the code on it."""
    story.send_form()
    assert story.open() == ["stamp"]
    with reading() as session:
        old = stamped_form.printed(session, story.row().id)
    scan = story.paper("liu.min", "version 1")
    story.stamp(scan=scan)
    story.do("yang.li", "authority_review", {**REVIEW, "outcome": "return", "reason": "联系人有误。"})
    story.send_form(contact="刘敏敏")
    assert story.open() == ["stamp"]
    with reading() as session:
        new = stamped_form.printed(session, story.row().id)
    assert (old.version, new.version) == (1, 2)
    assert old.code != new.code
    for wrong, code in (({"scan": scan}, "stamp.of_another_version"), ({"check_code": old.code}, "stamp.other_code")):
        with pytest.raises(cases.Invalid) as refused:
            story.stamp(**wrong)
        assert [each.code for each in refused.value.detail["problems"]] == [code]
    story.stamp()
    assert story.open() == ["authority_review"]


def test_a_form_that_comes_back_unchanged_keeps_its_stamp(story):
    """F-1.1."""
    story.fill()
    story.do("yang.li", "authority_review", {**REVIEW, "outcome": "return", "reason": "请说明数据来源。"})
    story.send_form()
    assert story.open() == ["authority_review"]


def test_a_filler_who_finds_a_mistake_on_the_print_goes_back_and_stamps_anew(story):
    story.send_form()
    story.do("liu.min", "stamp", {"outcome": "change"})
    assert story.open() == ["fill"]
    story.send_form(contact="刘敏敏")
    story.stamp()
    assert story.open() == ["authority_review"]


def test_where_no_stamp_is_required_none_is_asked_for(story):
    """F-1.1: configurable."""
    with transaction() as session:
        parameters.change(session, stamped_form.REQUIRED, False, clock.today())
    story.send_form()
    assert story.open() == ["authority_review"]


def test_r_9_2_an_intake_that_asks_for_more_goes_by_one_notice_and_not_by_a_return(story):
    story.at_the_report()
    story.report("zhou.ping")
    story.consult()
    story.do("chen.jing", "intake", {**INTAKE, "outcome": "return", "reason": "缺上年纳税证明。"})
    assert story.open() == ["supplement:draft"]
    with reading() as session:
        assert "returned" not in [row.template for row in letters.inbox(session, story.person("liu.min"))]
