"""Each act at a task on a running application: it goes on to the experts, and the base learns nothing of it."""

import pytest
from sqlalchemy import select

from engine import cases
from engine.cosigners import AFTER, AGREE, ALL, ANY, BEFORE, REFUSE
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock, jobs
from ground.database import reading, transaction
from ground.people import Person
from tasks import comments, copying, cosigning, handing, lending, letters, open_task, queue
from tasks.cosigning import Asking
from tests.stories.test_designation import AGREED, INTAKE, OPINION, REVIEW, SCORE, Story, story  # noqa: F401

WHY = "请协助办理。"


def claimed(story: Story, login: str, element: str) -> str:  # noqa: F811
    """The task at this element, which this person takes now or holds already."""
    by = story.person(login)
    with transaction() as session:
        items = queue.page(session, by, queue.Filters(element=element)).items
        wait = next(item.ref for item in items if item.case_ref == story.case)
        queue.claim(session, wait, by, clock.now())
    return str(wait)


def do(story: Story, act, wait: str, *given: object, by: str, key: str = "k"):  # noqa: F811
    return act(wait, *given, by=story.person(by), key=key, now=clock.now())


def say(story: Story, login: str, opinion: str, key: str = "k") -> str:  # noqa: F811
    by = story.person(login)
    with reading() as session:
        (row,) = cosigning.asked_of(session, by.person, 9)
    return cosigning.answer(row.cosigner, opinion, "意见如上。", by=by, key=key, now=clock.now())


def ask(story: Story, wait: str, mode: str, rule: str, *whom: str, by: str, key: str) -> None:  # noqa: F811
    refs = [story.person(login).ref for login in whom]
    do(story, cosigning.ask, wait, refs, Asking(mode, rule, WHY), by=by, key=key)


def test_every_act_at_a_task_of_a_running_application(story):  # noqa: F811
    story.fill()
    story.do("yang.li", "authority_review", REVIEW)

    # In the city the section head is heard before the officer sends.
    wait = claimed(story, "zhou.ping", "city_review")
    ask(story, wait, BEFORE, ALL, "tan.bin", by="zhou.ping", key="before")
    assert say(story, "tan.bin", REFUSE) == "not-sent"
    cases.complete(wait, OPINION, by=story.person("zhou.ping"), key="city")
    story.do("tan.bin", "section_review", AGREED)
    story.do("cao.yun", "leader_sign", AGREED)
    story.report("zhou.ping")
    story.consult()

    # At the department it is handed over, lent, copied and remarked on, and countersigned after it was sent.
    chen, zhang = story.person("chen.jing"), story.person("zhang.rui")
    wait = claimed(story, "chen.jing", "intake")
    do(story, handing.hand_over, wait, zhang.ref, WHY, by="chen.jing")
    do(story, lending.lend, wait, story.person("luo.wen").ref, WHY, by="zhang.rui")
    with reading() as session:
        assert open_task.look(session, wait, story.person("luo.wen")).may_act
    do(story, lending.give_back, wait, "", by="luo.wen")
    do(story, copying.copy, wait, [story.person("zhou.ping").ref, chen.ref], WHY, by="zhang.rui")
    do(story, comments.write, wait, "材料偏弱，注意核查。", by="zhang.rui")
    ask(story, wait, AFTER, ANY, "ma.jun", "xu.hong", by="zhang.rui", key="after")
    assert cases.complete(wait, INTAKE, by=zhang, key="intake").waits
    jobs.run_due(clock.now())
    assert story.open() == ["intake"]
    assert say(story, "xu.hong", REFUSE) == "waits"
    assert say(story, "ma.jun", AGREE) == "gone-on"
    assert "intake" not in story.open()

    with reading() as session:
        row = session.execute(select(Submission).where(Submission.element == "intake")).one()
        assert row.by_person == zhang.person
        sent = {each.template for each in letters.inbox(session, story.person("zhou.ping"))}
        assert "task_copied" in sent
        told = {line.kind for line in cases.story(session, story.case, story.person("ma.jun"))}
        outside = {line.kind for line in cases.story(session, story.case, story.person("liu.min"))}
    acts = {"task.handed_over", "loan.begun", "loan.given_back", "task.copied", "task.commented", "cosign.asked"}
    assert acts | {"cosign.waits", "cosign.given"} <= told
    assert not {kind for kind in outside if kind in acts or kind.startswith(("cosign.", "loan."))}

    # It goes on to the experts, whose sheets know no proxy.
    story.review.to_the_scores()
    assert story.open() == [SCORE] * 5
    with reading() as session:
        wait, expert = session.execute(select(Wait.ref, Person.login).join(Person, Person.id == Wait.held_by)).first()
    for act, given in ((handing.hand_over, (chen.ref, WHY)), (lending.lend, (chen.ref, WHY)), (comments.write, (WHY,))):
        with pytest.raises(cases.NoProxy):
            do(story, act, wait, *given, by=expert)
