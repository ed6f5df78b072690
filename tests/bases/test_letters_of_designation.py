"""The letters of the handbook (§6.4): each holds what it must, and is filled as far as is known."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select

import bases.review.drafting
from bases.documents import sources, templates
from bases.verdicts import batch, batch_entry, drafting, notice
from engine import definitions
from engine.cases import Case
from engine.submissions import Submission
from ground.grants import ROLES
from tests.bases import moves, noticed
from tests.bases.test_batch import announced, entered
from tests.conftest import MORNING

SEQ = count(900)
FORBIDDEN = ("案件", "一票否决", "听证", "表彰", "评比", "已认定为")


@dataclass(frozen=True)
class Letter:
    """What the handbook asks of one letter: clause, whether it is ours, layout, and what its words must hold."""

    clause: str
    silent: bool
    layout: str
    holds: tuple[str, ...]


LETTERS = {
    "designation_call": Letter("9", False, "document", ("{quota}", "{opens}至{closes}", "申报材料", "第十条")),
    "supplement_notice": Letter("9", True, "letter", ("{items}", "{due}", "{place}", "一次性告知")),
    "intake_refusal": Letter("9", True, "letter", ("{reason}", "第十条第（六）项", "询问：{contact}")),
    "opinion_request": Letter(
        "10(6)",
        False,
        "letter",
        (
            "国家产业政策",
            "产品质量",
            "环境保护",
            "安全生产",
            "知识产权",
            "不正当竞争",
            "违法违规行为",
            "其他不宜认定",
            "{period}",
            "{due}",
            "无法核实",
        ),
    ),
    "expert_pledge": Letter("3", False, "form", ("客观公正", "不泄露", "利害关系", "不委托他人")),
    "recusal_request": Letter("3", True, "form", ("{relation}", "{decided_by}")),
    "score_sheet": Letter("10", False, "form", ("满分{total}分", "0.5分", "评语", "手写签名")),
    "review_report": Letter("9", False, "form", ("{panel}", "{leader}", "{average}", "{dissent}")),
    "visit_notice": Letter("9", False, "letter", ("视情况", "{reason}", "{team}", "{route}")),
    "visit_record": Letter("9", False, "form", ("检查表", "{photos}张", "{acknowledged_by}")),
    "recheck_opinion": Letter("9", False, "form", ("{differences}", "没有经办本办件")),
    "public_notice": Letter(
        "9",
        False,
        "document",
        ("拟认定{names}", "{opens}至{closes}（{days}个工作日）", "真实姓名", "加盖公章", "机关纪委"),
    ),
    "objection_reply": Letter("9", True, "letter", ("{finding}", "{result}", "{reason}")),
    "designation_notice": Letter("9", False, "document", ("{names}", "{cities}", "印发之日")),
    "refusal": Letter("9", True, "letter", ("{reason}", "询问：{contact}")),
    "proof_of_service": Letter("9", True, "form", ("{organ}", "收到日期", "签名", "{way}")),
    "rectification_notice": Letter(
        "13(2)",
        False,
        "letter",
        (
            "{lacking}",
            "{ends}",
            "自{window_from}起至{window_to}止",
            "取消命名，并取消有关扶持政策",
            "文件未规定，系统默认",
        ),
    ),
    "reassessment_application": Letter("13(2)", False, "form", ("{ends}", "{opinion}", "转报意见（盖章）")),
    "revocation_warning": Letter(
        "14", True, "letter", ("{facts}", "{ground}", "{force}", "{days}个工作日", "陈述申辩")
    ),
    "statement_record": Letter("14", True, "form", ("{said}", "{checked}", "{result}")),
    "revocation_decision": Letter(
        "14", False, "document", ("{facts}", "{ground}", "{statement}", "有关扶持政策", "牌匾交回")
    ),
    "cooperation_request": Letter("4", False, "letter", ("商请{matter}", "{request}", "{due}")),
}


def template_of(session, kind: str) -> templates.Template:
    current = definitions.current(session, templates.PROCESS)
    return templates.of(definitions.folder(session, current.version_id), kind)


def moving(session, subject: str | None = None) -> moves.Move:
    """A move of a case of B042, or of one about a batch, with all that the case says of itself."""
    move = moves.moving(session, "B042", MORNING)
    row = session.execute(select(Case.__table__).where(Case.id == move.case.id)).one()
    move.case = SimpleNamespace(**{**row._mapping, "organ": row.organ_id, "subject": subject or row.subject})
    return move


def sent(move: moves.Move, element: str, answers: dict[str, object]) -> None:
    """A form that was sent in the case of this move."""
    values = {"case_id": move.case.id, "seq": next(SEQ), "version_id": move.case.version_id, "element": element}
    said = {"form": element, "answers": answers, "digest": "", "by_person": move.by.person, "acting": ""}
    move.session.execute(insert(Submission).values(**values, **said, received_at=MORNING))


def drafted(session, kind: str, move):
    template = template_of(session, kind)
    return templates.filled(template, *sources.of(move, template))


@pytest.mark.parametrize("kind", LETTERS)
def test_each_letter_of_the_handbook_holds_what_it_must_with_its_clause_and_signer(session, kind):
    """Handbook §6.4."""
    template, wanted = template_of(session, kind), LETTERS[kind]
    text = "\n".join((template.title, template.main_text, *template.body))

    assert [words for words in wanted.holds if words not in text] == []
    assert (template.clause, template.silent, template.layout) == (wanted.clause, wanted.silent, wanted.layout)
    assert template.signer in ROLES
    assert [word for word in FORBIDDEN if word in text] == []
    assert all(slot.source.partition(".")[0] in sources.registered() for slot in template.fields if slot.source)
    assert all(each.source.partition(".")[0] in sources.registered() for each in template.lists)


def test_r_4_1_the_call_of_a_batch_is_drafted_with_its_dates_and_number(session):
    found = announced(session)
    move = moving(session, batch.subject(found.id))

    whole = drafted(session, "designation_call", move)

    assert whole.title == "四川省商务厅关于组织申报2026年度四川省外贸转型升级基地的通知"
    assert "符合第二条规定的外向型产业集群集聚区可以申报。本次认定数量：2家。" in whole.paragraphs
    assert "2026年11月2日至2026年11月30日。逾期不再接收。" in whole.paragraphs
    assert not [line for line in whole.paragraphs if templates.BLANK.search(line)]


def test_r_4_1_a_batch_without_a_quota_says_so(session):
    found = announced(session, batch.Plan(2026, date(2026, 11, 2), date(2026, 11, 30), None, None, "article10"))
    move = moving(session, batch.subject(found.id))

    assert any("本次认定数量：不限家数。" in line for line in drafted(session, "designation_call", move).paragraphs)


def test_r_9_7_the_notice_of_designation_lists_whom_a_signed_list_designated_and_nobody_else(session):
    found = announced(session)
    entered(session, found.id, "B042", state=batch_entry.DECIDED, outcome=batch_entry.DESIGNATE, rank=1, visited=True)
    entered(session, found.id, "B043", state=batch_entry.DECIDED, outcome=batch_entry.REFUSE, rank=2)
    entered(session, found.id, "B044", state=batch_entry.READY, rank=3)
    move = moving(session, batch.subject(found.id))

    whole = drafted(session, "designation_notice", move)

    designated = moves.base(session, "B042").name
    assert [row[1] for row in whole.attachments[0].table.rows] == [designated]
    assert f"现认定{designated}为四川省外贸转型升级基地" in whole.paragraphs[0]
    assert "专家评审、实地考察、复核和公示" in whole.paragraphs[0]


def test_r_9_7_before_a_decision_the_notice_of_designation_names_nobody(session):
    found = announced(session)
    entered(session, found.id, "B042", state=batch_entry.READY, rank=1, listed="proposed")
    move = moving(session, batch.subject(found.id))

    whole = drafted(session, "designation_notice", move)

    assert whole.attachments == ()
    assert "现认定【基地名称和家数】为" in whole.paragraphs[0]


def test_r_9_5_the_public_notice_as_a_document_has_the_dates_and_the_list_of_the_page(session):
    move = moving(session)

    before = drafted(session, "public_notice", move)
    page = notice.publish(session, noticed.proposed(session, ["B042"], MORNING), move.case.id, MORNING)
    after = drafted(session, "public_notice", move)

    assert before == after
    said = "\n".join(page.body["paragraphs"])
    assert "经市（州）初审上报、专家评审、复核" in after.paragraphs[0]
    assert page.body["paragraphs"][1] in after.paragraphs[0]
    assert "已认定" not in said + after.paragraphs[0]
    assert after.attachments[0].table.rows == (("1", moves.base(session, "B042").name, page.body["listed"][0]["city"]),)


def test_the_reply_to_an_objection_holds_the_finding_and_nothing_of_who_objected(session):
    """R-9.6: without third persons' data."""
    found = noticed.published(session, MORNING)
    row = noticed.objected(session, found, "B042", MORNING)
    move = moving(session)
    drafting.objection.join(session, row.id, move.case.id)
    answers = {"found": "海关数据与申报一致。", "outcome": "rejected", "reason": "事实不成立。"}
    sent(move, "findings", answers)

    whole = drafted(session, "objection_reply", move)

    text = "\n".join(whole.paragraphs)
    assert "海关数据与申报一致。" in whole.paragraphs
    assert "异议不成立。" in whole.paragraphs
    assert text.startswith("你（单位）2026年11月23日对")
    assert noticed.NAME not in text
    assert noticed.CONTACT not in text


def test_r_9_3_the_notice_of_a_visit_names_why_who_and_where(session):
    move = moving(session)
    plan = {
        "visit_from": "2026-11-30",
        "visit_to": "2026-12-01",
        "team": [{"name": "周宁", "unit": "外贸处"}, {"name": "吴敏", "unit": ""}],
        "itinerary": [{"day": "2026-11-30", "place": "示例企业1", "matter": "出口台账"}],
        "focus": "分差较大",
    }
    sent(move, "site_visit:plan", plan)
    sent(move, "visit_decision", {"reason": "首次申报。"})

    whole = drafted(session, "visit_notice", move)

    assert "定于2026年11月30日至2026年12月1日对" in whole.paragraphs[0]
    for line in ("首次申报。", "周宁，外贸处", "吴敏", "2026年11月30日，示例企业1：出口台账。"):
        assert line in whole.paragraphs


def test_the_score_sheet_lists_each_criterion_with_its_full_mark(session):
    """R-10.1 to R-10.5: 25, 15, 25, 15 and 20 of a hundred, for signing by hand."""
    whole = drafted(session, "score_sheet", moving(session))

    assert [row[3] for row in whole.attachments[0].table.rows] == ["25", "15", "25", "15", "20"]
    assert "满分100分" in "".join(whole.paragraphs)


def test_every_source_is_registered_by_the_part_that_has_its_facts():
    assert {"batch", "notice", "objection"} <= sources.registered()
    assert bases.review.drafting.of_visit is not None
