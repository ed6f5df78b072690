"""加签、会签、减签: before, after and beside; all, any, a majority; and what each does to what the holder sends."""

import threading

import pytest
from sqlalchemy import func, select

from engine import cases, cosigners, holding
from engine.cosigners import AFTER, AGREE, ALL, ANY, BEFORE, MAJORITY, PARALLEL, REFUSE, Cosigner
from engine.holding import Gone
from engine.sendings import Sending
from engine.submissions import Submission
from ground import clock, jobs
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import at_task, cosigning, handing, queue
from tasks.cosigning import Asking
from tests.engine import desk, flows
from tests.tasks.at_task import WHY, claimed, do, holder, letters_of, lines, open_tasks, seen_kinds, told


class Row:
    """As the verdict reads a co-signer."""

    def __init__(self, rule: str, opinion: str | None) -> None:
        self.rule, self.opinion = rule, opinion


@pytest.mark.parametrize(
    ("rule", "opinions", "comes_to"),
    [
        (ALL, [AGREE, None], None),
        (ALL, [AGREE, AGREE], True),
        (ALL, [REFUSE, None], False),
        (ANY, [REFUSE, None], None),
        (ANY, [AGREE, None], True),
        (ANY, [REFUSE, REFUSE], False),
        (MAJORITY, [AGREE, AGREE, None], True),
        (MAJORITY, [AGREE, REFUSE, None], None),
        (MAJORITY, [REFUSE, REFUSE, None], False),
        (MAJORITY, [AGREE, REFUSE], False),
        (MAJORITY, [AGREE, None], None),
        (ALL, [], True),
    ],
)
def test_what_opinions_come_to(rule, opinions, comes_to):
    assert cosigners.verdict([Row(rule, each) for each in opinions]) is comes_to


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 2))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def three(officer):
    """Three others of the department."""
    return [desk.person(f"co-{role}", role) for role in ("legal", "prov_checker", "fair_trade")]


def ask(wait, officer, persons, mode, rule=ALL, key="ask"):
    asking = Asking(mode, rule, "请提出意见")
    cosigning.ask(wait, [each.ref for each in persons], asking, by=officer, key=key, now=clock.now())


def asked_of(person):
    with reading() as session:
        return [row.cosigner for row in cosigning.asked_of(session, person.person, 10)]


def say(person, opinion=AGREE, words="依据充分", key="say"):
    return cosigning.answer(asked_of(person)[0], opinion, words, by=person, key=key, now=clock.now())


def send(wait, officer, key="send", **answers: str):
    return cases.complete(wait, {**desk.FORWARD, **answers}, by=officer, key=key)


def count(table):
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_before_the_holder_waits_for_the_opinion_and_may_then_send_whatever_it_was(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], BEFORE)
    assert letters_of(three[0]) == ["cosign_asked"]
    with pytest.raises(cases.AwaitsCosigners):
        send(wait, officer)
    assert say(three[0], REFUSE, "依据不足") == "not-sent"
    assert letters_of(officer) == ["cosign_refuse"]
    assert not send(wait, officer, "again").waits
    assert open_tasks(case) == ["task_2"]
    assert told(case) == ["cosign.asked", "cosign.given", "task.completed"]


def test_after_what_is_sent_waits_and_goes_on_as_the_holders_when_all_agree(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:2], AFTER)
    assert asked_of(three[0]) == []
    assert send(wait, officer, opinion="拟同意").waits
    jobs.run_due(clock.now())
    assert letters_of(three[0]) == ["cosign_asked"]
    assert open_tasks(case) == ["task_1"]
    assert say(three[0]) == "waits"
    assert say(three[1]) == "gone-on"
    assert open_tasks(case) == ["task_2"]
    (line,) = lines(case, "task.completed")
    assert line.by_person == officer.person
    with reading() as session:
        paper = session.execute(select(Submission)).one()
    assert (paper.by_person, paper.answers["opinion"], paper.seq) == (officer.person, "拟同意", line.seq)
    assert (count(Sending), count(Cosigner)) == (0, 0)


def test_after_a_disagreement_brings_it_back_with_the_reason_and_the_next_sending_is_asked_anew(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:2], AFTER)
    send(wait, officer)
    say(three[0])
    assert say(three[1], REFUSE, "金额有误") == "back"
    assert letters_of(officer) == ["cosign_came_back", "cosign_agree"]
    assert asked_of(three[0]) == asked_of(three[1]) == []
    assert send(wait, officer, "again", opinion="已更正").waits
    say(three[0], key="2")
    assert say(three[1], key="2") == "gone-on"
    assert [line.detail["opinion"] for line in lines(case, "cosign.given")] == [AGREE, REFUSE, AGREE, AGREE]
    assert open_tasks(case) == ["task_2"]


@pytest.mark.parametrize(("rule", "needed"), [(ANY, 1), (MAJORITY, 2), (ALL, 3)])
def test_after_it_goes_on_as_soon_as_the_rule_is_met(officer, three, rule, needed):
    case, wait = claimed(officer)
    ask(wait, officer, three, AFTER, rule)
    send(wait, officer)
    for number, person in enumerate(three[:needed], 1):
        assert say(person) == ("gone-on" if number == needed else "waits")
    left = [each.person for each in three[needed:]]
    assert [line.detail["persons"] for line in lines(case, "cosign.ended")] == ([left] if left else [])


def test_beside_whoever_is_first_the_task_goes_on_when_both_are_done(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], PARALLEL)
    assert send(wait, officer).waits
    assert say(three[0]) == "gone-on"
    assert open_tasks(case) == ["task_2"]
    wait = desk.waits(case)["task_2"].ref
    desk.claim(wait, officer)
    ask(wait, officer, three[:1], PARALLEL, key="2")
    assert say(three[0], key="2") == "not-sent"
    assert not send(wait, officer, "2").waits


def test_a_co_signer_is_taken_off_with_a_reason_and_what_waits_goes_on(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], AFTER)
    send(wait, officer)
    ref = asked_of(three[0])[0]
    with pytest.raises(at_task.NoWords):
        cosigning.drop(ref, "", by=officer, key="d", now=clock.now())
    with pytest.raises(cases.NotYours):
        cosigning.drop(ref, WHY, by=three[1], key="d", now=clock.now())
    assert cosigning.drop(ref, WHY, by=officer, key="d", now=clock.now()) == "gone-on"
    assert letters_of(three[0]) == ["cosigner_dropped"]
    assert told(case) == ["cosign.asked", "cosign.waits", "cosign.dropped", "task.completed"]


def test_the_holder_takes_back_what_waits_and_nobody_passes_it_on_meanwhile(officer, three):
    colleague = desk.person("colleague", "prov_officer")
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], AFTER)
    send(wait, officer)
    with pytest.raises(cases.AwaitsCosigners):
        do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    with pytest.raises(cases.AwaitsCosigners), transaction() as session:
        queue.release(session, wait, officer, clock.now())
    with pytest.raises(cases.AwaitsCosigners):
        send(wait, officer, "second")
    with pytest.raises(cosigning.NotSent):
        cosigning.recall(wait, by=colleague, key="r", now=clock.now())
    for _ in range(2):
        cosigning.recall(wait, by=officer, key="r", now=clock.now())
    assert count(Sending) == 0
    do(handing.hand_over, wait, colleague.ref, WHY, by=officer)
    assert holder(case) == colleague.person


def test_whoever_is_given_the_task_by_somebody_else_meanwhile_sends_it_anew(officer, three):
    colleague = desk.person("colleague", "prov_officer")
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], AFTER)
    send(wait, officer)
    with transaction() as session:
        holding.pass_on(session, desk.waits(case)["task_1"].id, colleague.person, clock.now())
    assert say(three[0]) == "not-sent"
    assert send(wait, colleague, "anew", opinion="重新拟定").waits
    assert say(three[0], key="2") == "gone-on"
    (line,) = lines(case, "task.completed")
    assert line.by_person == colleague.person


def test_only_the_holder_asks_and_only_the_one_asked_answers_once(officer, three):
    _case, wait = claimed(officer)
    with pytest.raises(cases.NotYours):
        ask(wait, three[0], three[1:2], BEFORE)
    ask(wait, officer, three[:1], BEFORE)
    with pytest.raises(cosigning.AskedAlready):
        ask(wait, officer, three[:1], AFTER, key="2")
    ref = asked_of(three[0])[0]
    with pytest.raises(cosigning.NotAsked):
        cosigning.answer(ref, AGREE, "好", by=three[1], key="k", now=clock.now())
    with pytest.raises(cosigning.NoSuchWay):
        cosigning.answer(ref, "maybe", "好", by=three[0], key="k", now=clock.now())
    assert [cosigning.answer(ref, AGREE, "好", by=three[0], key="k", now=clock.now()) for _ in (1, 2)] == [
        "not-sent",
        "not-sent",
    ]
    with pytest.raises(cosigning.NotAsked):
        cosigning.answer(ref, REFUSE, "改主意", by=three[0], key="other", now=clock.now())


def test_who_cannot_be_asked(officer, three):
    _case, wait = claimed(officer)
    others = [desk.person("watch", "supervisor"), desk.person("expert", "expert"), officer]
    others.append(desk.person("mianyang", "city_officer", organ="city-510700"))
    for other in others:
        with pytest.raises(at_task.NotAmong):
            ask(wait, officer, [other], BEFORE)
    with pytest.raises(at_task.NotAmong):
        ask(wait, officer, [], BEFORE)
    with pytest.raises(cosigning.NoSuchWay):
        ask(wait, officer, three, "sideways")


def test_the_same_answer_sent_twice_after_it_went_on_is_one_answer(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], AFTER)
    send(wait, officer)
    ref = asked_of(three[0])[0]
    for _ in range(2):
        assert cosigning.answer(ref, AGREE, "同意", by=three[0], key="k", now=clock.now()) == "gone-on"
    assert len(lines(case, "task.completed")) == 1


def test_of_two_who_answer_at_once_the_second_sends_it_on(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:2], AFTER)
    send(wait, officer)
    refs = {each: asked_of(each)[0] for each in three[:2]}
    became = []

    def speak(person):
        became.append(cosigning.answer(refs[person], AGREE, "同意", by=person, key="k", now=clock.now()))

    threads = [threading.Thread(target=speak, args=(each,)) for each in three[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(became) == ["gone-on", "waits"]
    assert open_tasks(case) == ["task_2"]


def test_what_ends_the_task_ends_the_asking_and_the_history_says_so(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], AFTER)
    send(wait, officer)
    ref = asked_of(three[0])[0]
    cases.cancel(case, by=desk.person("head", "prov_division_head"), reason=WHY, key="c")
    assert (count(Sending), count(Cosigner)) == (0, 0)
    assert [line.detail["persons"] for line in lines(case, "cosign.ended")] == [[three[0].person]]
    with pytest.raises((cosigning.NotAsked, Gone)):
        cosigning.answer(ref, AGREE, "同意", by=three[0], key="k", now=clock.now())


def test_an_asking_counts_for_the_one_asked_and_is_shown_to_nobody_else(officer, three):
    _case, wait = claimed(officer)
    ask(wait, officer, three[:1], BEFORE)
    with reading() as session:
        assert queue.counts(session, three[0]).asked == 1
        assert queue.counts(session, three[1]).asked == 0
        ref = asked_of(three[0])[0]
        assert cosigning.look(session, ref, three[0]).question == "请提出意见"
        with pytest.raises(cosigning.NotAsked):
            cosigning.look(session, ref, three[1])


def test_the_city_is_not_told_what_the_department_asks_its_own_people(officer, three):
    case, wait = claimed(officer)
    ask(wait, officer, three[:1], BEFORE)
    say(three[0])
    city = desk.person("mianyang", "city_officer", organ="city-510700")
    assert not {kind for kind in seen_kinds(case, city) if kind.startswith("cosign.")}
    assert {"cosign.asked", "cosign.given"} <= seen_kinds(case, three[1])
    stranger = desk.person("elsewhere", "city_officer", organ="city-511400")
    with pytest.raises(Missing):
        seen_kinds(case, stranger)
