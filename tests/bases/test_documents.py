"""A document goes from its draft to its issue: numbers, two dates, receipts, disclosure, a signature on paper."""

import threading
from datetime import date

import orjson
import pytest
from sqlalchemy import select, update

from bases.documents import desk, disclosure, document, numbering, receipts, signature
from bases.documents.document import DocumentVersion
from bases.documents.numbering import Number
from engine import cases, definitions
from engine.cases import Case
from ground import clock, files, grants, parameters
from ground.database import reading, transaction
from ground.errors import Missing, Refused
from ground.parameters import Setting
from tests.bases import issuing, moves
from tests.bases.issuing import CONFIRMED, DRAFT, SEALED, SIGNED, TODAY, Issuing, person, scan
from tests.conftest import TakenBack

NUMBER = "川商贸发〔2026〕15号"

PAPER = {
    "page": 2,
    "words": "同意。请抓紧印发。",
    "signer": "高远",
    "signed_on": "2026-11-20",
    "decision": "approve",
}


@pytest.fixture
def house(database, tmp_path):
    files.keep_in(tmp_path / "files")
    issuing.staff()
    return database


def numbered_here() -> None:
    with transaction() as session:
        session.execute(update(Setting).where(Setting.key == numbering.PARAMETER).values(value="system"))


def test_a_document_goes_its_whole_way_and_is_filed(house):
    """R-4.1: the call for applications is a document of the Department, signed, numbered, sealed and sent."""
    one = Issuing().issued()

    row = one.row()
    assert one.outcome() == "issued"
    assert (row.state, row.number, row.signer, row.signed_how) == ("issued", "川商贸发〔2026〕15号", "高远", "here")
    assert row.archived_at is not None
    assert len(row.archive) == 64
    with reading() as session:
        whole = document.whole(session, row)
    assert (whole.number, whole.dated_on, whole.issued_on) == (row.number, date(2026, 11, 23), date(2026, 11, 23))
    assert whole.paragraphs[1] == "一、申报范围"


def test_d_2_no_seal_before_number_date_and_final_pdf_are_entered(house):
    one = Issuing().signed()
    assert one.open() == ["number_oa"]

    for missing in ("number", "dated_on", "final"):
        answers = {"number": "川商贸发〔2026〕15号", "dated_on": TODAY, "final": scan("clerk")}
        del answers[missing]
        with pytest.raises(cases.Invalid):
            one.do("clerk", "number_oa", answers)
    assert one.open() == ["number_oa"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "川商贸发[2026]15号"}, "pattern"),
        ({"number": "川商贸发〔2026〕015号"}, "pattern"),
        ({"number": "川商贸发〔2026〕第15号"}, "pattern"),
        ({"number": "川商贸发〔2025〕15号"}, "document.other_year"),
        ({"dated_on": "2026-11-22"}, "document.too_early"),
    ],
)
def test_d_2_a_number_that_no_document_bears_is_refused_at_its_field(house, changes, code):
    one = Issuing().signed()

    with pytest.raises(cases.Invalid) as refused:
        one.do("clerk", "number_oa", {"number": NUMBER, "dated_on": TODAY, "final": scan("clerk"), **changes})

    assert any(code in problem.code for problem in refused.value.detail["problems"])


def test_d_2_the_same_number_is_refused_a_second_time(house):
    Issuing().numbered()
    other = Issuing(key="second").signed()

    with pytest.raises(cases.Invalid) as refused:
        other.do("clerk", "number_oa", {"number": "川商贸发〔2026〕15号", "dated_on": TODAY, "final": scan("clerk")})

    assert [problem.code for problem in refused.value.detail["problems"]] == ["document.number_taken"]


def test_d_2_numbers_from_here_are_consecutive_and_a_void_one_is_kept(house):
    numbered_here()
    three = [Issuing(key=f"n{n}").signed() for n in range(3)]
    for each in three:
        each.do("clerk", "number_system", {"dated_on": TODAY})
    assert [each.row().number for each in three] == [f"川商贸发〔2026〕{n}号" for n in (1, 2, 3)]

    three[1].do("clerk", "seal", {"outcome": "return", "reason": "附件有误。"})
    assert three[1].row().number is None
    assert three[1].open() == ["draft"]
    three[1].signed()
    three[1].do("clerk", "number_system", {"dated_on": TODAY})

    assert three[1].row().number == "川商贸发〔2026〕4号"
    with reading() as session:
        register = numbering.registered(session, "川商贸发", 2026)
    assert [(row.seq, row.state, row.reason) for row in register] == [
        (1, "given", ""),
        (2, "void", "附件有误。"),
        (3, "given", ""),
        (4, "given", ""),
    ]


def test_d_2_numbers_asked_for_at_once_are_consecutive_and_unique(house):
    row, given, asked = Issuing().row(), [], threading.Barrier(4)

    def ask() -> None:
        asked.wait()
        for _ in range(5):
            with transaction() as session:
                number = numbering.give(session, row.id, "川商贸发", 2026, None, clock.now())
            given.append(number.seq)

    together = [threading.Thread(target=ask) for _ in range(4)]
    for each in together:
        each.start()
    for each in together:
        each.join()

    assert sorted(given) == list(range(1, 21))


def test_d_2_a_number_that_was_rolled_back_was_never_given(house):
    one = Issuing().row()

    def broken() -> None:
        with transaction() as session:
            assert numbering.give(session, one.id, "川商贸发", 2026, None, clock.now()).seq == 1
            raise TakenBack

    with pytest.raises(TakenBack):
        broken()
    with transaction() as session:
        assert str(numbering.give(session, one.id, "川商贸发", 2026, None, clock.now())) == "川商贸发〔2026〕1号"


def test_d_2_numbering_goes_on_above_what_the_office_gave(house):
    one = Issuing().row()

    with transaction() as session:
        numbering.register(session, one.id, Number("川商贸发", 2026, 15), None, clock.now())
        numbering.register(session, one.id, Number("川商贸发", 2026, 9), None, clock.now())
        given = [numbering.give(session, one.id, "川商贸发", 2026, None, clock.now()).seq for _ in range(2)]

    assert given == [16, 17]


def test_d_4_eighty_four_receipts_and_the_unread_among_them(house):
    every = ["cities_commerce", "cities_industry", "cities_finance", "cities_agriculture"]
    row = Issuing().issued(main=every).row()

    by = person("zhou.ping")
    own = next(held.organ_id for held in by.held)
    with transaction() as session:
        assert len(receipts.of_document(session, row.id)) == 84
        receipts.sign(session, row, own, by, clock.now())
        receipts.sign(session, row, own, by, clock.now())
    with reading() as session:
        unread = receipts.of_document(session, row.id, unread=True)
        mine = receipts.of_organs(session, by)
    assert len(unread) == 83
    assert own not in {each.organ_id for each in unread}
    assert [(each.ref, each.how) for each in mine] == [(row.ref, "here")]


def test_d_4_nobody_signs_for_another_organ_but_the_office_by_its_slip(house):
    row = Issuing().issued().row()
    yibin = next(held.organ_id for held in person("zhou.ping").held)

    with pytest.raises(Missing), transaction() as session:
        receipts.sign(session, row, yibin, person("song.ying"), clock.now())
    with pytest.raises(receipts.NoSlip), transaction() as session:
        receipts.sign(session, row, yibin, person("clerk"), clock.now())
    with transaction() as session:
        receipts.sign(session, row, yibin, person("clerk"), clock.now(), "送达回执第3号")
    with reading() as session:
        signed = [each for each in receipts.of_document(session, row.id) if each.received_at]
    assert [(each.organ_id, each.how, each.note) for each in signed] == [(yibin, "paper", "送达回执第3号")]


def test_d_6_disclosure_is_due_twenty_working_days_after_the_date_whatever_the_day_of_printing(house):
    with reading() as session:
        assert disclosure.due(session, date(2026, 6, 9)) == date(2026, 7, 8)

    row = Issuing().issued().row()
    assert row.dated_on == date(2026, 11, 23)
    assert row.disclosure_due == date(2026, 12, 21)


def test_d_6_only_what_is_to_be_disclosed_reaches_the_public(house):
    shown = Issuing().issued().row()
    waits = Issuing(key="waits").issued("川商贸发〔2026〕16号", publish=False).row()
    kept = {"disclosure": "closed", "disclosure_reason": "内部事务"}
    closed = Issuing(key="closed").issued("川商贸发〔2026〕17号", **kept).row()

    with reading() as session:
        assert [row.ref for row in disclosure.public(session)] == [shown.ref]
        assert [row.ref for row in disclosure.waiting(session)] == [waits.ref]
        with pytest.raises(Missing):
            disclosure.public_one(session, closed.ref)
    with pytest.raises(disclosure.NotOpen), transaction() as session:
        disclosure.publish(session, closed, clock.now())
    with transaction() as session:
        assert disclosure.publish(session, waits, clock.now())
    with reading() as session:
        assert {row.ref for row in disclosure.public(session)} == {shown.ref, waits.ref}


def test_what_is_sent_back_is_signed_again_and_each_draft_is_a_version(house):
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", issuing.CHECKED)
    first = one.row().digest
    one.do("gao.yuan", "sign", SIGNED)
    assert one.row().signer == "高远"
    one.do("clerk", "proofread", {**issuing.PROOFREAD, "outcome": "return", "reason": "标题有误。"})

    assert (one.row().state, one.row().signer, one.open()) == ("drafting", None, ["draft"])
    one.signed(title="四川省商务厅关于2026年度基地申报的通知")
    with reading() as session:
        kept = document.versions(session, one.row().id)
        assert document.words(session, one.row(), 2).title == DRAFT["title"]
    assert [row.number for row in kept] == [1, 2, 3]
    assert kept[1].digest == first != one.row().digest


def test_a_draft_with_blanks_does_not_go_up(house):
    one = Issuing()

    with pytest.raises(cases.Invalid) as refused:
        one.do("chen.jing", "draft", {**DRAFT, "body": "申报期限：【申报开始日期】至【申报截止日期】。"})

    assert [problem.code for problem in refused.value.detail["problems"]] == ["document.blank_left"]
    assert one.row().state == "drafting"


@pytest.mark.parametrize(
    ("mode", "votes", "passed"),
    [
        ("all", ["agree", "agree", "agree"], True),
        ("all", ["agree", "disagree", "agree"], False),
        ("majority", ["agree", "disagree", "agree"], True),
        ("majority", ["agree", "disagree", "disagree"], False),
        ("any", ["disagree", "agree"], True),
        ("any", ["disagree", "disagree", "disagree"], False),
    ],
)
def test_organs_countersign_together_by_the_mode_chosen(house, mode, votes, passed):
    one = Issuing().to_the_office(cosigners=["sc_finance", "sc_industry", "cd_customs"], cosign_mode=mode)
    assert one.open() == ["countersign"] * 3

    for login, outcome in zip(("finance", "industry", "customs"), votes, strict=False):
        one.do(login, "countersign", {"outcome": outcome, "signer": login, "opinion": "见附注。"})

    assert one.open() == (["office_check"] if passed else ["draft"])


def voted(one: Issuing, login: str, outcome: str) -> None:
    one.do(login, "countersign", {"outcome": outcome, "signer": login, "opinion": "见附注。"})


def changed(one: Issuing, by: str = "head", **what: list[str]) -> None:
    cases.send(
        one.case, "cosigners_change", {"reason": "涉及海关职责。", **what}, by=person(by), key=f"{one.open()}{what}{by}"
    )


def test_the_head_adds_a_signer_while_others_countersign_and_the_mode_counts_the_changed_set(house):
    """Handbook §2.2: 加签."""
    one = Issuing().to_the_office(cosigners=["sc_finance", "sc_industry"], cosign_mode="majority")
    voted(one, "finance", "agree")

    changed(one, added=["cd_customs"])

    assert one.open() == ["countersign", "countersign"]
    assert one.row().cosigners == ["sc-industry", "sc-finance", "cd-customs"]
    voted(one, "customs", "disagree")
    voted(one, "industry", "agree")
    assert one.open() == ["office_check"]


def test_the_head_takes_a_signer_off_and_the_rest_is_counted(house):
    """Handbook §2.2: 减签; the answers that were given stay."""
    one = Issuing().to_the_office(cosigners=["sc_finance", "sc_industry", "cd_customs"], cosign_mode="all")
    voted(one, "finance", "agree")
    voted(one, "customs", "agree")

    changed(one, removed=["sc_industry"])

    assert one.open() == ["office_check"]
    assert one.row().cosigners == ["sc-finance", "cd-customs"]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({}, "document.no_change"),
        ({"added": ["sc_finance"]}, "document.cosigner_there"),
        ({"removed": ["sc_finance"]}, "document.cosigner_answered"),
        ({"removed": ["cd_customs"]}, "document.cosigner_answered"),
    ],
)
def test_whoever_has_answered_is_not_taken_off_and_nobody_is_asked_twice(house, what, code):
    one = Issuing().to_the_office(cosigners=["sc_finance", "sc_industry"])
    voted(one, "finance", "disagree")

    with pytest.raises(cases.Invalid) as refused:
        changed(one, **what)

    assert code in {problem.code for problem in refused.value.detail["problems"]}
    assert one.open() == ["countersign"]


def test_somebody_is_left_to_countersign_and_nobody_but_the_head_changes_who_does(house):
    one = Issuing().to_the_office(cosigners=["sc_finance"])

    with pytest.raises(cases.Invalid) as refused:
        changed(one, removed=["sc_finance"])
    assert [problem.code for problem in refused.value.detail["problems"]] == ["document.cosigner_last"]
    for login in ("chen.jing", "clerk", "gao.yuan", "finance"):
        with pytest.raises(Refused):
            changed(one, by=login, added=["cd_customs"])
    assert one.row().cosigners == ["sc-finance"]


def test_a_signature_on_paper_moves_nothing_until_a_second_person_confirms_it(house):
    """Handbook §6.2."""
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "paper"})
    one.do("chen.jing", "paper_signature:enter", {**PAPER, "scan": scan("chen.jing", "签批件.pdf")})

    assert one.row().state == "reviewing"
    assert one.open() == ["paper_signature:confirm"]
    one.do("clerk2", "paper_signature:confirm", CONFIRMED)

    row = one.row()
    assert (row.state, row.signer, row.signed_how, row.signed_on) == ("signed", "高远", "paper", date(2026, 11, 20))
    with reading() as session:
        kept = signature.of_case(session, session.scalar(select(Case.id).where(Case.ref == one.case)))
    assert [(each.words, each.page, each.entered_name, each.confirmed_name) for each in kept] == [
        ("同意。请抓紧印发。", 2, "陈静", "clerk2某")
    ]


def test_whoever_entered_a_signature_on_paper_cannot_confirm_it(house):
    with transaction() as session:
        grants.give(
            session,
            person("chen.jing").person,
            "prov_office",
            issuing.organs.body(session, "sc-mofcom").id,
            clock.today(),
        )
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "paper"})
    one.do("chen.jing", "paper_signature:enter", {**PAPER, "scan": scan("chen.jing", "签批件.pdf")})

    with pytest.raises(cases.Separate):
        one.do("chen.jing", "paper_signature:confirm", CONFIRMED)
    assert one.open() == ["paper_signature:confirm"]


def test_a_paper_that_says_no_sends_the_document_back(house):
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "paper"})
    one.do("chen.jing", "paper_signature:enter", {**PAPER, "decision": "return", "scan": scan("chen.jing")})
    one.do("clerk2", "paper_signature:confirm", CONFIRMED)

    assert (one.row().state, one.row().signer, one.open()) == ("drafting", None, ["draft"])


def test_the_drafter_cannot_proofread_and_sealing_waits_for_the_number(house):
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", issuing.CHECKED)
    one.do("gao.yuan", "sign", SIGNED)

    assert one.open() == ["proofread"]
    with pytest.raises(document.WrongState):
        document.expect(one.row(), document.NUMBERED)


def test_a_document_that_is_dropped_ends_there(house):
    one = Issuing()
    one.do("chen.jing", "draft", {**DRAFT, "outcome": "drop", "reason": "不再需要。"})

    assert (one.outcome(), one.row().state) == ("dropped", "dropped")


def test_a_document_numbered_here_gets_its_final_print_after_the_commit(house):
    numbered_here()
    one = Issuing().signed()
    one.do("clerk", "number_system", {"dated_on": TODAY})
    one.do("clerk", "seal", SEALED)
    one.do("clerk", "issue", {"issued_on": TODAY})
    assert one.row().final_file is None

    issuing.run_jobs()

    with reading() as session:
        final = files.find(session, one.row().final_file)
    assert final.media_type == "application/pdf"
    assert final.name.startswith("川商贸发〔2026〕1号")


def test_versions_are_never_changed(house):
    one = Issuing().to_the_office()

    with reading() as session:
        rows = session.execute(select(DocumentVersion.number, DocumentVersion.digest)).all()
        for row in rows:
            words = document.words(session, one.row(), row.number)
            assert document.content.digest(words) == row.digest


def test_the_numbering_switch_is_the_office_s_own_system_by_default(session):
    assert parameters.value(session, numbering.PARAMETER, clock.today()).value == "oa"
    assert numbering.switch(session, clock.today()) == numbering.OA


CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jidi="urn:jidi:bpmn:1" id="d"
  targetNamespace="urn:jidi:workflows"><bpmn:process id="caller" name="来件" isExecutable="true">
<bpmn:startEvent id="begun" jidi:role="prov_officer" jidi:scope="province"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
<bpmn:callActivity id="issue" calledElement="document_issue"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:callActivity>
<bpmn:endEvent id="over"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="a" sourceRef="begun" targetRef="issue"/><bpmn:sequenceFlow id="b" sourceRef="issue" targetRef="over"/>
</bpmn:process></bpmn:definitions>"""  # noqa: E501  a drawing


def test_another_process_calls_it_with_a_kind_about_its_own_base(house):
    """The letter goes to the applicant of the case that called, and the office finds it in its box."""
    facts = {"key": "caller", "name": "来件", "number": "来件", "diagram": "caller.bpmn", "subject": "base"}
    parts = {"process.json": orjson.dumps({**facts, "starts_with": ["kind"]}), "caller.bpmn": CALLER.encode()}
    with transaction() as session:
        definitions.publish(session, parts, origin="owner", by=None, now=clock.now())
        base = moves.base(session, "B042")
    one = Issuing.__new__(Issuing)
    one.case = cases.start(
        "caller",
        subject=f"base:{base.id}",
        region=base.county,
        organ=base.organ_id,
        title=base.name,
        data={"kind": "refusal"},
        by=person("chen.jing"),
        key="called",
    ).ref

    with reading() as session:
        offered = document.words(session, one.row())
    assert offered.title == "不予认定告知书"
    assert offered.paragraphs[0].startswith(f"你单位申报的{base.name}（办件编号：")
    drafted = {**DRAFT, "disclosure": "closed", "disclosure_reason": "内部事务", "main": ["applicant"]}
    one.do("chen.jing", "document_issue:draft", drafted)
    one.do("head", "document_issue:division_review", issuing.REVIEWED)
    with reading() as session:
        assert [row.ref for box in desk.boxes(session) for row in box.rows] == [one.row().ref]
    one.do("clerk", "document_issue:office_check", issuing.CHECKED)
    one.do("gao.yuan", "document_issue:sign", SIGNED)
    one.do("clerk", "document_issue:proofread", issuing.PROOFREAD)
    final = {"number": "川商贸函〔2026〕3号", "dated_on": TODAY, "final": scan("clerk")}
    one.do("clerk", "document_issue:number_oa", final)
    one.do("clerk", "document_issue:seal", SEALED)
    one.do("clerk", "document_issue:issue", {"issued_on": TODAY})

    assert one.outcome() == "over"
    with reading() as session:
        assert [each.organ_id for each in receipts.of_document(session, one.row().id)] == [base.organ_id]
