"""A batch of eight applications from three cities, to its numbered letter of designation, with every side path."""

from http import HTTPStatus

import pytest

from bases import register
from bases.verdicts import application, batch_entry, decision, notice, objection, objector
from engine import cases
from ground import clock
from ground.database import reading, transaction
from tests.bases import moves, neighbours
from tests.bases.noticed import given
from tests.bases.panels import ACCEPTED, DECLINED, GOOD, REPORT
from tests.stories.test_batch import (  # noqa: F401 (office is a fixture)
    CERTIFICATE,
    PLAN,
    SIGNED,
    Office,
    office,
    over,
    tick,
    work,
)
from tests.stories.test_batch_in_width import CONFIRMED, PAPER
from tests.stories.test_designation import AGREED, INTAKE, LETTER, OPINION, RECHECK, REVIEW, Story
from tests.web import support
from tests.web.reviewing import Reviewer

SKIP = {"outcome": "skip", "reason": "材料已能说明情况。"}
RETURNED = {**REVIEW, "outcome": "return", "reason": "总产值与年报不一致。", "signer": None, "signed_on": None}
LOW = {**GOOD, "c1": "15", "c2": "9", "c3": "15", "c4": "9", "c5": "12"}
FINE = {**GOOD, "c1": "21", "c2": "13", "c3": "21", "c4": "13", "c5": "17"}
HIGH = {
    **GOOD,
    "c1": "22.5",
    "c2": "13.5",
    "c3": "22.5",
    "c4": "13.5",
    "c5": "18",
    **{f"c{number}_comment": "突出。" for number in range(1, 6)},
}
MISSING = {
    "items": [
        {"field": "plan", "missing": "规划没有写明期限。"},
        {"field": "operating_body", "missing": "没有写明负责人。"},
        {"field": "chain", "missing": "没有写明配套企业。"},
    ],
    "due_on": "2026-12-07",
    "hand_in": "四川省商务厅外贸处",
}


class Applicant(Story):
    """An application, with who signs for its county and who reports for its city."""

    def __init__(self, filler: str, ref: str, county: str, city: str) -> None:
        self.filler, self.county, self.officer = filler, county, city
        self.case = application.begin(ref, by=self.person(filler), key=filler).ref

    def to_the_report(self) -> "Applicant":
        self.fill()
        self.do(self.county, "authority_review", {**REVIEW, "signer": "签批人"})
        self.do(self.officer, "city_review", OPINION)
        if self.officer == "zhou.ping":
            self.do("tan.bin", "section_review", AGREED)
            self.do("cao.yun", "leader_sign", AGREED)
        return self

    def to_the_intake(self) -> "Applicant":
        self.to_the_report()
        number = {"incoming_number": f"商上〔2026〕{self.row().id}号"}
        self.do(self.officer, "report", {**LETTER, **number, "scan": self.paper(self.officer)})
        self.consult()
        return self

    def accepted(self) -> "Applicant":
        self.do("chen.jing", "intake", INTAKE)
        return self

    def scored(self, *sheets: dict) -> "Applicant":
        review = self.review.score(lambda place: sheets[place % len(sheets)])
        review.do(review.elect(), REPORT)
        review.do("chen.jing", review.scans())
        return self

    def ready(self, *sheets: dict) -> "Applicant":
        """Accepted, reviewed and rechecked, without anything out of the ordinary."""
        self.accepted().review.to_the_scores()
        self.scored(*sheets)
        return self.rechecked()

    def rechecked(self) -> "Applicant":
        self.do("chen.jing", "visit_decision", SKIP)
        self.do("xu.hong", "recheck", RECHECK)
        self.consult()
        return self


@pytest.fixture
def eight(office) -> dict[str, Applicant]:  # noqa: F811
    """Three bases of Yibin, three of Meishan, two of Nanchong, each with an application begun."""
    office.announce(quota=3)
    now, refs = clock.now(), {}
    with transaction() as session:
        for key, login in (("B042", "liu.min"), ("B045", "tang.hao"), ("B041", "he.xue")):
            refs[login] = moves.base(session, key).ref
        for beside, county, name, feature, login, signer in (
            ("B042", "511528", "宜宾市兴文县", "方竹笋", "xingwen", "yang.li"),
            ("B042", "511529", "宜宾市屏山县", "白魔芋", "pingshan", "yang.li"),
            ("B045", "511421", "眉山市仁寿县", "枇杷", "renshou", "deng.tao"),
            ("B045", "511424", "眉山市丹棱县", "桔橙", "danleng", "deng.tao"),
            ("B041", "511321", "南充市南部县", "水产", "nanbu", "xiao.fang"),
        ):
            refs[login] = neighbours.add(session, beside, county, name, feature, login, now)
            neighbours.hold(session, signer, "base_authority", f"county-{county}")
    signing = {"zhou.ping": ("yang.li", ("liu.min", "xingwen", "pingshan"))}
    signing |= {"wu.jie": ("deng.tao", ("tang.hao", "renshou", "danleng"))}
    signing |= {"feng.gang": ("xiao.fang", ("he.xue", "nanbu"))}
    return {
        filler: Applicant(filler, refs[filler], county, city)
        for city, (county, fillers) in signing.items()
        for filler in fillers
    }


def entry(office: Office, one: Applicant):  # noqa: F811
    with reading() as session:
        return batch_entry.of_case(session, one.row().id)


def test_eight_from_three_cities_come_to_a_numbered_letter(office, eight, stopped_clock, tmp_path):  # noqa: F811
    """S-2.2, R-4.1, R-4.2, R-9.1, R-9.2, R-9.5 to R-9.7, R-10.6, N-1, N-5, all in one walk."""
    best, late = eight["liu.min"].to_the_intake().ready(HIGH), eight["nanbu"].to_the_report()
    returned = _returned_once(eight["xingwen"])
    supplemented = _supplemented(eight["pingshan"])
    equal, other = (eight[login].to_the_intake().ready(GOOD) for login in ("tang.hao", "renshou"))
    withdrawn = _withdrawn(eight["danleng"])
    split = _split(eight["he.xue"])

    returned.do("xu.hong", "recheck", RECHECK)
    returned.consult(safety="found")
    assert returned.open() == ["admission_again"]
    tick(stopped_clock, PLAN["closes_on"])
    with pytest.raises(cases.Invalid) as too_late:
        late.report("feng.gang", incoming_number="南商〔2026〕99号")
    assert [each.code for each in too_late.value.detail["problems"]] == ["batch.city_late"]

    places = _with_the_tie_settled(office, equal, other)
    assert [each["number"] for each in places[:2]] == [best.row().number, supplemented.row().number]
    office.rank(places)
    day = _noticed_and_signed_on_paper(office, best, supplemented, stopped_clock)
    assert {one.row().outcome for one in (best, equal)} == {"designated"}
    assert (entry(office, supplemented).outcome, entry(office, withdrawn).state) == (None, batch_entry.OUT)
    _told_on_paper(support.application(tmp_path / "pages"), office, best)

    late.withdraw("nanbu", "late")
    returned.withdraw("xingwen", "accident")
    _agree(returned)
    (row,) = office.first_values()["upheld"]
    office.rank(upheld=[{**row, "confirm": "strike"}])
    office.meet(met_on=day)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    assert [entry(office, one).outcome for one in (supplemented, other, split)] == ["refuse"] * 3
    assert entry(office, supplemented).reason == "因异议成立不列入。"
    office.issue(CERTIFICATE)
    assert office.row().certificate == CERTIFICATE


def _returned_once(one: Applicant) -> Applicant:
    """The county sends it back, it comes again, and stands before its recheck."""
    one.fill()
    one.do("yang.li", "authority_review", {name: value for name, value in RETURNED.items() if value is not None})
    assert one.open() == ["fill"]
    one.send_form(chain="产业链说明已按年报更正。")
    one.stamp()
    one.do("yang.li", "authority_review", {**REVIEW, "signer": "签批人"})
    one.do("zhou.ping", "city_review", OPINION)
    one.do("tan.bin", "section_review", AGREED)
    one.do("cao.yun", "leader_sign", AGREED)
    one.report("zhou.ping", incoming_number="宜商〔2026〕31号")
    one.consult()
    one.accepted().review.to_the_scores()
    one.scored(GOOD).do("chen.jing", "visit_decision", SKIP)
    return one


def _supplemented(one: Applicant) -> Applicant:
    """One notice names three things; a drawn expert declines and a substitute sits."""
    one.to_the_intake()
    one.do("chen.jing", "intake", {**INTAKE, "outcome": "return", "reason": "材料不全。"})
    one.do("chen.jing", "supplement:draft", MISSING)
    one.send_form("fill_supplement", chain="已补充配套企业情况。")
    one.stamp()
    one.do("yang.li", "authority_review", {**REVIEW, "signer": "签批人"})
    one.do("zhou.ping", "city_review", OPINION)
    one.do("tan.bin", "section_review", AGREED)
    one.do("cao.yun", "leader_sign", AGREED)
    one.report("zhou.ping", incoming_number="宜商〔2026〕32号")
    one.consult()
    one.accepted().review.to_the_invitations()
    first, *rest = one.review.invited()
    one.review.do(first, DECLINED)
    for login in {*rest, *one.review.invited()}:
        one.review.do(login, ACCEPTED)
    assert first not in one.review.seats()
    return one.scored(FINE).rechecked()


def _withdrawn(one: Applicant) -> Applicant:
    """After the report the city agrees by its letter."""
    one.to_the_intake().withdraw("danleng", "withdraw")
    _agree(one)
    assert one.row().outcome == "withdrawn"
    return one


def _agree(one: Applicant) -> None:
    letter = {**LETTER, "outcome": "agree", "incoming_number": f"商撤〔2026〕{one.row().id}号"}
    one.do(one.officer, "withdrawal_consent", {**letter, "scan": one.paper(one.officer, one.case)})


def _split(one: Applicant) -> Applicant:
    """60 and 90 are talked over by the whole panel, and who does not agree says so in the report."""
    one.to_the_intake().accepted().review.to_the_scores()
    sheets = [HIGH, GOOD, GOOD, GOOD, LOW]
    review = one.review.score(lambda place: sheets[place])
    leader = review.elect()
    for place, login in enumerate(review.seats()):
        review.do(
            login, {"opinion": "维持评分。", **({"dissent": "保留低分意见。"} if place == len(sheets) - 1 else {})}
        )
    review.do(leader, {**REPORT, "discussed": "对出口规模的判断不同。"})
    review.do("chen.jing", review.scans())
    return one.rechecked()


def _with_the_tie_settled(office: Office, equal: Applicant, other: Applicant) -> list[dict]:  # noqa: F811
    places = office.first_places()
    undecided = [each for each in places if each.get("listed") is None]
    assert {each["number"] for each in undecided} == {equal.row().number, other.row().number}
    for each in undecided:
        each["listed"] = "proposed" if each["number"] == equal.row().number else "reserve"
        each["reason"] = "同分，按产业链完整程度选定。"
    return places


def _noticed_and_signed_on_paper(office: Office, best: Applicant, struck: Applicant, stopped_clock) -> str:  # noqa: F811
    """Two objections: one is rejected in time, one upheld; the others are signed on paper and confirmed."""
    office.meet(outcome="agree_on_paper")
    office.do("chen.jing", "public_notice:draft", {"checked": ["list", "cities", "wording", "contact"]})
    office.do("head", "public_notice:approve", {"opinion": "同意。", "outcome": "agree"})
    _object(best, objection.REJECTED)
    _object(struck, objection.UPHELD)
    day = over(stopped_clock)
    office.do("chen.jing", "paper_list", {"others": "wait"})
    scan = office.paper("chen.jing")
    office.do("chen.jing", "paper_signature:enter", {**PAPER, "signed_on": day, "scan": scan})
    office.do("clerk", "paper_signature:confirm", CONFIRMED)
    work()
    return day


def _told_on_paper(pages, office: Office, best: Applicant) -> None:  # noqa: F811
    """§6.2: the case leads to the paper of the list that decided it; its filler reads the fact and no more."""
    with reading() as session:
        stands = decision.of_case(session, best.row().id)
        (paper,) = decision.papers(session, best.row().id)
    assert (stands.paper, paper.page, paper.words) == (paper.ref, PAPER["page"], PAPER["words"])
    inside, filler = (Reviewer(pages, login).go(f"/cases/{best.case}").answer.text for login in ("du.wen", best.filler))
    assert "线下签批，扫描件第1页" in inside
    assert "线下签批，扫描件第1页" in filler
    assert f"/files/{paper.scan}" in inside
    assert f"/files/{paper.scan}" not in filler
    assert support.browser(pages).get(f"/files/{paper.scan}").status_code != HTTPStatus.OK
    assert Reviewer(pages, best.filler).go(f"/files/{paper.scan}").answer.status_code == HTTPStatus.NOT_FOUND
    board = Reviewer(pages, "gao.yuan").go(f"/batches/{office.row().ref}").answer.text
    assert "线下签批，扫描件第1页" in board
    assert f"/files/{paper.scan}" in board


def _object(one: Applicant, result: str) -> None:
    """An objection to this base on the notice that runs, and what came of it."""
    with transaction() as session:
        (running,) = notice.running(session, clock.today())
        base = register.of_subject(session, one.row().subject)
        taken = objector.object_to(session, running, base.id, given(), key=one.filler, now=clock.now())
        objection.settle(session, taken.id, result, clock.now())
