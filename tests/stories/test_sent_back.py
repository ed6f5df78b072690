"""An application that is sent back: what is remarked stands at its fields until it is answered (handbook 5 and 6.3)."""

import pytest

from bases.filing import remarks
from engine import cases, forms
from ground import clock
from ground.database import reading
from ground.errors import Missing
from tests.stories.test_designation import AGREED, INTAKE, OPINION, REVIEW, Story, story  # noqa: F401 (a fixture)

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TAX = {"field": "tax", "remark": "上年税收与完税证明不一致。"}
PLAN = {"field": "plan", "remark": "规划缺少批复文件。"}
BACK = {"outcome": "return", "reason": "请按逐项意见修改。", "remarks": [TAX, PLAN]}
ITEMS = [
    {"field": "tax", "missing": "缺上年数据。"},
    {"field": "email", "missing": "格式有误。"},
    {"field": "plan", "missing": "规划未盖章。"},
]


def at_fields(told: Story) -> list[tuple[str, str, str]]:
    """Where, what, and as which role it was said."""
    with reading() as session:
        found = remarks.at_fields(session, told.row())
    assert {one.on for one in found} <= {clock.today()}
    return [(one.field, one.text, one.by.partition("@")[0]) for one in found]


def at_the_city(told: Story) -> None:
    told.fill()
    told.do("yang.li", "authority_review", REVIEW)


def test_what_the_city_remarks_stands_at_its_fields_until_the_form_is_sent_again(story):  # noqa: F811
    at_the_city(story)
    assert at_fields(story) == []
    story.do("zhou.ping", "city_review", {**OPINION, **BACK})
    assert story.open() == ["fill"]
    assert at_fields(story) == [
        ("tax", TAX["remark"], "city_officer"),
        ("plan", PLAN["remark"], "city_officer"),
    ]
    story.send_form(contact="刘敏敏")
    assert at_fields(story) == []


@ONE
def test_of_several_returns_the_newest_is_the_one_to_answer(story):  # noqa: F811
    story.fill()
    story.do("yang.li", "authority_review", {**REVIEW, **BACK, "remarks": [PLAN]})
    assert at_fields(story) == [("plan", PLAN["remark"], "base_authority")]
    story.send_form()
    story.do("yang.li", "authority_review", REVIEW)
    story.do("zhou.ping", "city_review", {**OPINION, **BACK, "remarks": [TAX]})
    assert at_fields(story) == [("tax", TAX["remark"], "city_officer")]


@ONE
def test_a_return_without_remarks_has_its_reason_alone(story):  # noqa: F811
    story.fill()
    story.do("yang.li", "authority_review", {**REVIEW, "outcome": "return", "reason": "联系人有误。"})
    assert at_fields(story) == []


@ONE
@pytest.mark.parametrize("signer", [("tan.bin", "section_review"), ("cao.yun", "leader_sign")])
def test_what_a_signer_remarks_reaches_the_officer_and_the_base_only_by_the_officer(story, signer):  # noqa: F811
    """Attack: the city's own papers are read in the city."""
    at_the_city(story)
    story.do("zhou.ping", "city_review", OPINION)
    if signer[1] == "leader_sign":
        story.do("tan.bin", "section_review", AGREED)
    story.do(*signer, {**AGREED, **BACK})
    assert (story.open(), at_fields(story)) == (["city_review"], [])
    with reading() as session:
        seen = cases.look(session, story.case, story.person("zhou.ping")).submissions
        outside = cases.look(session, story.case, story.person("liu.min")).submissions
    assert seen[-1].answers["remarks"] == BACK["remarks"]
    assert signer[1] not in {sent.element for sent in outside}
    story.do("zhou.ping", "city_review", {**OPINION, **BACK, "remarks": [PLAN]})
    assert at_fields(story) == [("plan", PLAN["remark"], "city_officer")]


@ONE
def test_r_9_2_what_a_served_notice_names_stands_at_the_fields_until_the_base_has_filed_again(story):  # noqa: F811
    story.at_the_report()
    story.report("zhou.ping")
    story.consult()
    story.do("chen.jing", "intake", {**INTAKE, "outcome": "return", "reason": "缺上年纳税证明。"})
    assert at_fields(story) == []
    with reading() as session:
        begins = forms.prefilled("supplement_notice", session, story.row())
    story.do("chen.jing", "supplement:draft", {**begins, "items": ITEMS})
    assert story.open() == ["fill_supplement"]
    assert at_fields(story) == [(one["field"], one["missing"], "prov_officer") for one in ITEMS]
    story.send_form("fill_supplement", contact="刘敏敏")
    assert at_fields(story) == []


@ONE
def test_nobody_of_another_base_or_city_looks_into_it(story):  # noqa: F811
    """Attack: the filler and the officer of Meishan."""
    at_the_city(story)
    story.do("zhou.ping", "city_review", {**OPINION, **BACK})
    for login in ("tang.hao", "wu.jie"):
        with reading() as session, pytest.raises(Missing):
            cases.look(session, story.case, story.person(login))
