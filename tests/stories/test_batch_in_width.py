"""A batch with its side paths: letters, the meeting's own list, an upheld objection, a paper signature, plaques."""

import threading

import pytest
from sqlalchemy import func, select

from bases import demo
from bases.documents import word
from bases.register.base import Base
from bases.verdicts import (
    application,
    batch,
    batch_entry,
    batch_ranking,
    board,
    cities,
    list_steps,
    lists,
    objection,
    pack,
    plaque,
)
from bases.verdicts.batch import Batch
from engine import cases
from engine.cases import Case
from ground import clock, files
from ground.database import reading, transaction
from tests.bases import issuing, moves
from tests.bases.issuing import CONFIRMED, DRAFT
from tests.bases.noticed import objected
from tests.engine.counting import counted
from tests.stories.test_batch import (
    CALL,
    MEETING,
    OTHERS,
    PLAN,
    SIGNED,
    Office,
    noticed,
    over,
    ready,
    running,
    tick,
    work,
)

PAPER = {"page": 1, "words": "同意。", "signer": "高远", "decision": "approve"}


@pytest.fixture
def office(database, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    issuing.staff()
    return Office()


def three(office: Office, stopped_clock) -> list[str]:
    """Announced, entered by three cities, the period over: their case numbers, best first."""
    office.announce()
    number = office.row().id
    found = [ready(key, number, average) for key, average in (("B045", 9000), ("B042", 8000), ("B043", 7000))]
    tick(stopped_clock, PLAN["closes_on"])
    return found


def entry(office: Office, number: str):
    with reading() as session:
        return next(each for each in batch_entry.of_batch(session, office.row().id) if each.number == number)


def problems(refused) -> list[str]:
    return [each.code for each in refused.value.detail["problems"]]


def upheld(session, published, key: str) -> None:
    objection.settle(session, objected(session, published, key, clock.now()).id, objection.UPHELD, clock.now())


@pytest.mark.performs("R-4.1")
def test_r_4_1_a_batch_does_not_open_without_the_version_of_its_criteria_and_its_window(office):
    """Each is asked for by name, the batch stays a draft that takes nobody, and with all of them it opens."""
    lacking = (
        ({"criteria": None}, ("criteria", "field.required")),
        ({"criteria": "article12"}, ("criteria", "field.choice")),
        ({"opens_on": None}, ("opens_on", "field.required")),
        ({"closes_on": None}, ("closes_on", "field.required")),
        ({"closes_on": "2026-11-19"}, ("closes_on", "batch.incomplete")),
    )
    for changes, wanted in lacking:
        sent = {name: value for name, value in {**PLAN, **changes}.items() if value is not None}
        with pytest.raises(cases.Invalid) as refused:
            office.do("chen.jing", "plan", sent)
        assert wanted in [(each.path, each.code) for each in refused.value.detail["problems"]]
        with reading() as session, pytest.raises(batch.NoBatch):
            batch.open_on(session, clock.today())
    assert office.open() == ["plan"]

    office.announce()
    with reading() as session:
        opened = batch.open_on(session, clock.today())
    assert (opened.id, opened.criteria) == (office.row().id, PLAN["criteria"])


def test_r_4_1_a_batch_takes_nobody_before_its_call_is_issued(office):
    """R-4.1: dropped, the call leaves the batch a draft, and its officer plans it again."""
    office.do("chen.jing", "plan", PLAN)
    office.do("chen.jing", "document_issue:draft", {**DRAFT, "outcome": "drop", "reason": "年度有误。"})
    assert office.open() == ["plan"]
    with reading() as session:
        ref = moves.base(session, "B042").ref
        with pytest.raises(batch.NoBatch):
            batch.open_on(session, clock.today())
    office.announce()
    assert (office.row().document, office.open()) == (CALL, [])
    application.begin(ref, by=office.person("liu.min"), key="in-time")


def test_r_4_1_the_call_is_drafted_with_the_year_the_days_and_the_number_of_the_plan(office):
    office.do("chen.jing", "plan", PLAN)
    office.issue(CALL)
    with reading() as session:
        row = office.row()
        (letter,) = list_steps.letters.document.of_case(session, row.case_id)
        words = list_steps.letters.document.words(session, letter)
    assert "组织申报2026年度" in words.title
    assert any("本次认定数量：2" in line for line in words.paragraphs)
    assert "2026年11月20日至2026年11月27日。逾期不再接收。" in words.paragraphs


def test_r_4_1_of_officers_who_begin_at_once_one_batch_comes_out(database):
    """R-4.1: two starts at once are excluded, by one officer or by two."""
    together, answers = threading.Barrier(4), []

    def begin(login: str, key: str) -> None:
        with reading() as session:
            by = moves.actor(session, login, clock.now())
        together.wait()
        try:
            answers.append(batch.begin(by=by, key=key).ref)
        except batch.BeingPlanned as no:
            answers.append(no.code)

    starts = [("chen.jing", "a"), ("chen.jing", "b"), ("zhang.rui", "c"), ("zhang.rui", "d")]
    threads = [threading.Thread(target=begin, args=each) for each in starts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Batch)) == 1
        assert session.scalar(select(func.count()).select_from(Case)) == 1
    assert sorted(answers.count(each) for each in set(answers)) == [2, 2]
    assert "batch.being_planned" in answers


def test_r_4_2_the_meeting_takes_one_below_the_line_with_a_reason_and_within_the_quota(office, stopped_clock):
    """R-4.2: 以下 only with a reason; the quota and the pass mark hold for a meeting as well."""
    first, second, third = three(office, stopped_clock)
    office.rank()
    below = {"number": third, "listed": "proposed", "reason": "补齐川南片区布局。"}
    with pytest.raises(cases.Invalid) as refused:
        office.meet(adjusted=[below])
    assert problems(refused) == ["ranking.over_quota"]
    for wrong in ({**below, "reason": ""}, {**below, "number": "2026-认定-999"}):
        with pytest.raises(cases.Invalid):
            office.meet(adjusted=[wrong, {"number": second, "listed": "reserve", "reason": "布局。"}])
    office.meet(adjusted=[below, {"number": second, "listed": "reserve", "reason": "同一市已有两家。"}])
    assert [entry(office, each).listed for each in (first, second, third)] == ["proposed", "reserve", "proposed"]
    assert entry(office, third).reason == "补齐川南片区布局。"
    with reading() as session:
        assert {each.case_id for each in batch_ranking.proposed(session, office.row().id)} == {
            entry(office, first).case_id,
            entry(office, third).case_id,
        }


def test_r_9_5_an_upheld_objection_takes_its_base_off_only_when_an_officer_confirms_it(office, stopped_clock):
    """R-9.5, R-9.6: nothing adverse by itself; the others are signed, and the refusal is signed as well."""
    first, second, _ = three(office, stopped_clock)
    office.rank()
    published = running(office)
    with transaction() as session:
        upheld(session, published, "B042")
    day = over(stopped_clock)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    assert (entry(office, first).outcome, entry(office, second).outcome) == ("designate", None)
    assert office.open() == ["rank"]

    (row,) = office.first_values()["upheld"]
    assert (row["number"], row["settled_on"]) == (second, "2026-11-28")
    office.rank(upheld=[{**row, "confirm": "strike"}])
    struck = entry(office, second)
    assert (struck.outcome, struck.reason) == (None, lists.STRUCK_REASON)
    assert struck.struck_by == office.person("chen.jing").person
    office.meet(met_on=day)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    assert (entry(office, second).outcome, entry(office, second).reason) == ("refuse", "因异议成立不列入。")


def test_r_9_5_an_upheld_objection_that_nobody_has_confirmed_decides_nothing(office, stopped_clock):
    _, second, _ = three(office, stopped_clock)
    office.rank()
    published = running(office)
    with transaction() as session:
        upheld(session, published, "B042")
    day = over(stopped_clock)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    (row,) = office.first_values()["upheld"]
    with pytest.raises(cases.Invalid) as refused:
        office.rank(upheld=[{**row, "confirm": "wait"}])
    assert problems(refused) == ["ranking.nothing_ready"]
    assert (entry(office, second).struck_at, entry(office, second).outcome) == (None, None)


def test_a_list_signed_on_paper_counts_once_a_second_person_has_confirmed_it(office, stopped_clock):
    """R-9.7: the name comes from the paper, with its day and its signer, and not before it is confirmed."""
    office.announce()
    number = office.row().id
    ready("B045", number, 9000)
    tick(stopped_clock, PLAN["closes_on"])
    office.rank()
    office.meet(outcome="agree_on_paper")
    office.do("chen.jing", "public_notice:draft", {"checked": ["list", "cities", "wording", "contact"]})
    office.do("head", "public_notice:approve", {"opinion": "同意。", "outcome": "agree"})
    day = over(stopped_clock)
    office.do("chen.jing", "paper_list", OTHERS)
    scan = office.paper("chen.jing")
    office.do("chen.jing", "paper_signature:enter", {**PAPER, "signed_on": day, "scan": scan})
    assert standing("B045") == "draft"
    office.do("clerk", "paper_signature:confirm", CONFIRMED)
    work()
    with reading() as session:
        (signed,) = lists.of_batch(session, number)
        (found,) = batch_entry.of_batch(session, number)
    assert (signed.how, signed.signer, signed.decided_on.isoformat()) == ("paper", "高远", day)
    assert signed.signature is not None
    assert (found.outcome, found.list_number) == ("designate", 1)


def test_r_9_7_plaques_are_handed_over_one_by_one_or_together(office, stopped_clock):
    """R-9.7: each base has one plaque with a number of its own; the batch ends when all are handed over."""
    three(office, stopped_clock)
    office.rank()
    day = noticed(office, stopped_clock)
    office.do("gao.yuan", "sign", {**SIGNED, "decided_on": day})
    work()
    office.issue("川商贸发〔2026〕15号")
    with reading() as session:
        one, other = [each.base_name for each in plaque.missing(session, office.row().id)]
    for wrong, code in (
        ({"base": one, "handed_on": day}, "plaque.no_number"),
        ({"base": one, "handed_on": "2026-12-01", "number": "1", "made_on": day}, "plaque.too_early"),
        ({"base": "别的基地", "handed_on": day, "number": "1"}, "plaque.not_wanted"),
    ):
        with pytest.raises(cases.Invalid) as refused:
            office.do("chen.jing", "plaque", {"plaques": [wrong]})
        assert problems(refused) == [code]
    given = {"base": one, "number": "川基2026-01", "made_on": day, "handed_on": day, "receiver": "周平"}
    office.do("chen.jing", "plaque", {"plaques": [given, {"base": other}]})
    assert office.open() == ["plaque"]
    with pytest.raises(cases.Invalid) as refused:
        office.do("chen.jing", "plaque", {"plaques": [{**given, "base": other}]})
    assert problems(refused) == ["plaque.number_taken"]
    rest = {"plaques": [{"base": other, "number": "川基2026-02"}], "all_handed_on": day}
    assert office.do("chen.jing", "plaque", rest).outcome == "closed"
    with reading() as session:
        found = {each.number: each.receiver for each in plaque.of_batch(session, office.row().id)}
    assert found == {"川基2026-01": "周平", "川基2026-02": "所在地商务主管部门"}


def test_r_4_4_what_goes_to_the_meeting_is_frozen_with_its_digest_and_a_new_ranking_makes_another(
    office, stopped_clock
):
    """R-4.3, R-4.4: ranking with line, cities, rolling number, one page for each base; kept as it was."""
    first, *_ = three(office, stopped_clock)
    office.rank()
    number = office.row().id
    with reading() as session:
        (frozen,) = pack.of_batch(session, number)
        whole, digest = pack.volume(session, number, 1, 1)
    assert (frozen.number, frozen.parts, frozen.digest) == (1, 1, digest)
    titles = [each.title for each in whole.attachments]
    assert titles[:2] == ["排序一览表", "各市（州）规划和已有基地"]
    assert len(titles) == 5
    rows = whole.attachments[0].table.rows
    assert [row[0] for row in rows] == ["1", "2", "", "3"]
    assert rows[2][1] == "名额线：认定数量2家"
    assert whole.attachments[2].table.columns[1:] == ("2023年", "2024年", "2025年")
    assert first in whole.attachments[2].paragraphs[0]

    office.meet(outcome="return", reason="材料再核。")
    with transaction() as session:
        batch_entry.amend(session, entry(office, first).case_id, average=6000)
    office.rank()
    with reading() as session:
        again, before = pack.of_batch(session, number)
        assert pack.volume(session, number, 1, 1) == (whole, digest)
    assert (before.digest, again.number) == (digest, 2)
    assert again.digest != digest
    assert word.docx(whole, draft=False) == word.docx(whole, draft=False)


def test_a_pack_whose_words_were_changed_is_not_handed_out(office, stopped_clock):
    three(office, stopped_clock)
    office.rank()
    number = office.row().id
    with transaction() as session:
        found = session.execute(select(pack.MeetingPack.volumes)).scalar()
        found[0]["title"] = "改过的"
        session.execute(pack.MeetingPack.__table__.update().values(volumes=found))
    with reading() as session, pytest.raises(pack.Changed):
        pack.volume(session, number, 1, 1)


def test_r_4_3_bases_that_leave_in_the_year_are_shown_beside_the_rolling_number(office):
    """R-4.3: counted from the register, decides nothing."""
    with transaction() as session:
        title = cities.Title
        held = session.execute(select(title.id).where(title.kind == "provincial").limit(1)).scalar()
        session.execute(title.__table__.update().where(title.id == held).values(valid_to=clock.today()))
        assert (cities.leaving(session, 2026), cities.leaving(session, 2025)) == (1, 0)


def test_the_board_asks_the_database_as_often_for_many_as_for_few(office, stopped_clock, database):
    three(office, stopped_clock)
    number = office.row().id
    under_way("B041", number)
    few = asked(number, database)
    under_way("B044", number)
    assert asked(number, database) == few <= 16


def under_way(key: str, number: int) -> None:
    with transaction() as session:
        case = moves.open_case(session, key, clock.now())
        batch_entry.enter(session, number, case.id, moves.base(session, key))


def asked(number: int, database) -> int:
    with counted(database) as count, reading() as session:
        board.of(session, batch.by_id(session, number), clock.now())
    return count.statements


def standing(key: str) -> str:
    with reading() as session:
        return session.scalar(select(Base.status).where(Base.id == moves.base(session, key).id))


def test_the_meeting_brings_its_minutes(office, stopped_clock):
    """R-4.2: number, day, item and scan of the minutes."""
    three(office, stopped_clock)
    office.rank()
    for missing in ("minutes_number", "met_on", "topic"):
        with pytest.raises(cases.Invalid):
            office.meet(**{missing: None})
    with pytest.raises(cases.Invalid):
        office.do("gao.yuan", "meeting", MEETING)
