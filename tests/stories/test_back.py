"""退回修改, 撤回, 催办 and the sheet of opinions on a running designation (issue 7, section 2)."""

import pytest

from engine import cases
from engine.cases import passed, sending_back, taking_back
from ground import clock
from ground.database import reading, transaction
from tasks import going_back, letters, open_task, queue, urging
from tests.stories.test_designation import AGREED, OPINION, REVIEW, Story, story  # noqa: F401 (a fixture)

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ASKED = [{"field": "tax", "remark": "上年税收与完税证明不一致。"}]


def hold(told: Story, login: str, element: str) -> str:
    """The task at this step, held by this person."""
    by = told.person(login)
    with transaction() as session:
        (wait,) = queue.page(session, by, queue.Filters(element=element)).items
        queue.claim(session, wait.ref, by, clock.now())
    return str(wait.ref)


def where_to(told: Story, login: str, wait: str) -> list[str]:
    with reading() as session:
        return [one.element for one in going_back.targets(session, open_task.look(session, wait, told.person(login)))]


def send_back(told: Story, login: str, wait: str, target: str, asked=ASKED) -> None:
    going_back.send_back(wait, target, reason="请核对。", asked=asked, by=told.person(login), key=f"{wait}-{target}")


def at_the_city(told: Story) -> None:
    told.fill()
    told.do("yang.li", "authority_review", REVIEW)


def test_the_city_sends_it_back_to_the_county_which_the_diagram_alone_would_not_allow(story):  # noqa: F811
    at_the_city(story)
    wait = hold(story, "zhou.ping", "city_review")
    assert where_to(story, "zhou.ping", wait) == ["authority_review", "stamp", "fill"]
    send_back(story, "zhou.ping", wait, "authority_review", [{"field": "opinion", "remark": "请写明核实情况。"}])
    assert story.open() == ["authority_review"]
    with reading() as session:
        assert letters.inbox(session, story.person("yang.li"))[0].template == "sent_back"
    story.do("yang.li", "authority_review", {**REVIEW, "opinion": "经核实，拟同意。"})
    assert story.open() == ["city_review"]


@ONE
def test_a_head_of_section_sends_it_back_to_the_base_with_the_fields_to_change_and_it_comes_up_again(story):  # noqa: F811
    at_the_city(story)
    story.do("zhou.ping", "city_review", OPINION)
    wait = hold(story, "tan.bin", "section_review")
    assert where_to(story, "tan.bin", wait) == ["city_review", "authority_review", "stamp", "fill"]
    send_back(story, "tan.bin", wait, "fill")
    assert story.open() == ["fill"]
    with reading() as session:
        asked = going_back.asked_at(session, story.row().id, "fill")
    assert [(one.field, one.text) for one in going_back.remarks_of(asked)] == [("tax", ASKED[0]["remark"])]
    story.send_form()
    story.do("yang.li", "authority_review", REVIEW)
    story.city("zhou.ping")


@ONE
def test_past_the_signature_of_the_leader_nothing_goes_back(story):  # noqa: F811
    story.at_the_report()
    wait = hold(story, "zhou.ping", "report")
    assert where_to(story, "zhou.ping", wait) == []
    with pytest.raises(passed.Barred):
        send_back(story, "zhou.ping", wait, "authority_review", [])
    with pytest.raises(cases.Signed):
        send_back(story, "zhou.ping", wait, "leader_sign", [])
    assert story.open() == ["report"]


@ONE
def test_the_filler_sends_nothing_back(story):  # noqa: F811
    story.send_form()
    wait = hold(story, "liu.min", "stamp")
    with pytest.raises(sending_back.NotFromHere):
        send_back(story, "liu.min", wait, "fill")


@ONE
def test_the_county_takes_its_review_back_until_the_city_has_claimed_it(story):  # noqa: F811
    at_the_city(story)
    yang = story.person("yang.li")
    going_back.take_back(story.case, by=yang, key="one")
    assert story.open() == ["authority_review"]
    with reading() as session:
        (mine,) = queue.page(session, yang, queue.Filters(held="mine")).items
        assert open_task.look(session, mine.ref, yang).draft.answers["opinion"] == REVIEW["opinion"]
    cases.complete(mine.ref, REVIEW, by=yang, key="again")
    hold(story, "zhou.ping", "city_review")
    with pytest.raises(taking_back.Opened):
        going_back.take_back(story.case, by=yang, key="two")


@ONE
def test_a_refusal_that_the_base_has_been_told_of_is_not_taken_back(story):  # noqa: F811
    at_the_city(story)
    story.do("zhou.ping", "city_review", {**OPINION, "outcome": "return", "reason": "数据有误。"})
    with pytest.raises(taking_back.Irrevocable):
        going_back.take_back(story.case, by=story.person("zhou.ping"), key="one")


@ONE
def test_a_letter_to_the_leader_is_taken_back_before_the_leader_looks_and_not_after_he_signs(story):  # noqa: F811
    at_the_city(story)
    story.do("zhou.ping", "city_review", OPINION)
    story.do("tan.bin", "section_review", AGREED)
    going_back.take_back(story.case, by=story.person("tan.bin"), key="one")
    assert story.open() == ["section_review"]
    story.do("tan.bin", "section_review", AGREED)
    story.do("cao.yun", "leader_sign", AGREED)
    with pytest.raises(taking_back.Irrevocable):
        going_back.take_back(story.case, by=story.person("cao.yun"), key="two")


@ONE
def test_the_base_urges_the_county_and_its_letter_names_the_base(story):  # noqa: F811
    story.fill()
    with transaction() as session:
        urging.urge(session, story.case, story.person("liu.min"), clock.now())
    with reading() as session:
        newest = letters.inbox(session, story.person("yang.li"))[0]
    assert (newest.template, newest.facts["step"]) == ("urged", "所在地主管部门审核签批")
