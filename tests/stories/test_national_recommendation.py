"""A provincial base is put forward to the Ministry; approved it holds both names and counts once (P13)."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.exc import DatabaseError, IntegrityError

from bases import register
from bases.demo.papers import pdf
from bases.documents import checks
from bases.register import change, title
from bases.register.title import Title
from bases.verdicts import recommendation
from bases.verdicts.recommendation import Answer, Notice
from ground import clock, files
from ground.database import reading, transaction
from ground.errors import Forbidden
from tests.bases import cooperating as desk, issuing, moves
from tests.stories import assessing

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
BASE, OTHER, FILLER, CITY = "B011", "B012", "filler.B011", "city.B011"
NOTICE, LETTER, REPLY = "商办贸函〔2026〕88号", "川商贸函〔2026〕41号", "商贸函〔2026〕120号"


@pytest.fixture
def office(database, tmp_path):
    assert database
    assessing.lay(tmp_path, (BASE, OTHER))


def paper(login: str) -> str:
    with transaction() as session:
        return files.store(session, BytesIO(pdf(["paper"])), "文件.pdf", desk.person(login), clock.now()).ref


def begun() -> str:
    named = Notice(NOTICE, clock.today() + timedelta(days=60))
    return recommendation.start(desk.base(BASE).ref, named, by=desk.person("chen.jing"), key="one").ref


def recommended(ref: str, place: int = 1) -> None:
    material = {"achievements": "年出口额居全省前列。", "material": [paper(FILLER)]}
    desk.do(FILLER, ref, "prepare", material)
    letter = {"letter_number": "眉商〔2026〕19号", "dated_on": clock.today().isoformat(), "scan": paper(CITY)}
    desk.do(CITY, ref, "city_opinion", {"outcome": "agree", **letter})
    desk.do("chen.jing", ref, "rank", {"outcome": "agree", "place": place})


def sent(ref: str) -> None:
    today = clock.today().isoformat()
    with reading() as session:
        drafted = checks.first_draft(session, desk.case(ref))
    letter = {**issuing.DRAFT, **drafted, "outcome": "submit"}
    desk.do(
        "chen.jing", ref, "document_issue:draft", {**letter, "disclosure_reason": "推荐过程信息，结果由商务部公布。"}
    )
    desk.do("head", ref, "document_issue:division_review", issuing.REVIEWED)
    desk.do("clerk", ref, "document_issue:office_check", issuing.CHECKED)
    desk.do("gao.yuan", ref, "document_issue:sign", issuing.SIGNED)
    desk.do("clerk", ref, "document_issue:proofread", issuing.PROOFREAD)
    numbered = {"number": LETTER, "dated_on": today, "final": paper("clerk")}
    desk.do("clerk", ref, "document_issue:number_oa", numbered)
    desk.do("clerk", ref, "document_issue:seal", {**issuing.SEALED, "sealed_on": today})
    desk.do("clerk", ref, "document_issue:issue", {"issued_on": today, "publish": False})


def answered(ref: str, outcome: str) -> Any:
    said = {"outcome": outcome, "number": REPLY, "dated_on": clock.today().isoformat(), "scan": paper("chen.jing")}
    return desk.do("chen.jing", ref, "result", said)


def names() -> list[tuple[str, str | None]]:
    with reading() as session:
        rows = register.titles_of(session, [desk.base(BASE).id])[desk.base(BASE).id]
        return [(row.kind, row.document) for row in rows if row.valid_to is None]


def counted() -> int:
    """The bases that count into the forty: those that hold the provincial name, each once."""
    with reading() as session:
        return sum(title.PROVINCIAL in kinds for _row, kinds in register.holding(session, clock.today()))


def test_s_2_1_approved_adds_the_national_name_with_its_paper_and_the_base_counts_once(office):
    """S-2.1, G-2, R-15.1: by the day of the notice; city's letter, place, letter, answer; both names are held."""
    before, forty = names(), counted()
    ref = begun()
    waiting = desk.task(ref, "prepare")
    assert (waiting.due_on, waiting.due_kind) == (clock.today() + timedelta(days=60), "notice")
    recommended(ref)
    sent(ref)
    with reading() as session:
        assert recommendation.funnel(session) == recommendation.Funnel(1, 0, 0)
    assert answered(ref, "approved").outcome == "approved"
    assert names() == [*before, ("national", REPLY)]
    assert counted() == forty
    with reading() as session:
        row = recommendation.of_case(session, desk.case(ref).id)
        assert (row.notice, row.city_letter, row.document, row.place) == (NOTICE, "眉商〔2026〕19号", LETTER, 1)
        assert recommendation.funnel(session, row.year) == recommendation.Funnel(1, 1, 0)
        (public,) = [each for each in register.public_list(session) if each.ref == desk.base(BASE).ref]
        assert {each.kind for each in public.titles} == {"provincial", "national"}
        with pytest.raises(recommendation.AlreadyNational):
            recommendation.check_base(session, desk.base(BASE), clock.today())


def test_s_2_1_no_national_name_without_a_paper_and_no_name_is_ever_deleted(office):
    """In the service and in the table."""
    assert office is None
    base_id = desk.base(BASE).id
    with transaction() as session:
        case = moves.open_case(session, BASE, clock.now())
    source = change.Source(clock.now(), clock.today(), case.id)
    with pytest.raises(title.NoPaper), transaction() as session:
        title.grant(session, base_id, title.NATIONAL, title.Signed(source, REPLY))
    facts = {"base_id": base_id, "kind": "national", "year": 2026, "granted_on": clock.today()}
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(insert(Title).values(**facts, valid_from=clock.today(), document=REPLY))
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(delete(Title).where(Title.base_id == base_id))
    assert ("national", REPLY) not in names()


@ONE
def test_g_2_not_approved_leaves_everything_as_it_was(office):
    """G-2: recommended 1, not approved 1."""
    before = names()
    ref = begun()
    recommended(ref)
    sent(ref)
    assert answered(ref, "not_approved").outcome == "not_approved"
    assert names() == before
    with reading() as session:
        assert recommendation.funnel(session) == recommendation.Funnel(1, 0, 1)
        assert [row.result for row in recommendation.every(session)] == ["not_approved"]


@ONE
def test_an_answer_comes_after_the_letter_with_a_paper_of_a_day_that_has_come(office):
    ref = begun()
    recommended(ref)
    case, by = desk.case(ref).id, desk.person("chen.jing").person
    early = Answer("approved", REPLY, clock.today())
    with pytest.raises(recommendation.NoResult), transaction() as session:
        recommendation.answer(session, case, early, by, clock.now())
    sent(ref)
    for wrong in (Answer("approved", " ", clock.today()), Answer("approved", REPLY, date(2099, 1, 1))):
        with pytest.raises(recommendation.NoResult), transaction() as session:
            recommendation.answer(session, case, wrong, by, clock.now())
    assert ("national", REPLY) not in names()


@ONE
def test_s_2_1_without_a_notice_the_day_is_a_default_and_a_place_is_held_once(office):
    ref = recommendation.start(desk.base(BASE).ref, None, by=desk.person(FILLER), key="own").ref
    assert desk.task(ref, "prepare").due_kind == "default"
    recommended(ref)
    other = recommendation.start(desk.base(OTHER).ref, None, by=desk.person("chen.jing"), key="two").ref
    with pytest.raises(recommendation.PlaceTaken), transaction() as session:
        recommendation.rank(session, desk.case(other).id, 1)


@ONE
def test_s_2_1_only_a_designated_base_and_only_by_its_filler_or_an_officer(office):
    for login in (CITY, "gao.yuan"):
        with pytest.raises(Forbidden):
            recommendation.start(desk.base(BASE).ref, None, by=desk.person(login), key="no")
    named = Notice(NOTICE, clock.today() + timedelta(days=9))
    with pytest.raises(Forbidden):
        recommendation.start(desk.base(BASE).ref, named, by=desk.person(FILLER), key="no")
    late = Notice(NOTICE, clock.today() - timedelta(days=1))
    with pytest.raises(recommendation.NoticeWithoutDay):
        recommendation.start(desk.base(BASE).ref, late, by=desk.person("chen.jing"), key="no")
    with transaction() as session:
        session.execute(
            register.Base.__table__.update().where(register.Base.id == desk.base(BASE).id).values(status="draft")
        )
    with pytest.raises(recommendation.NotEligible):
        begun()
