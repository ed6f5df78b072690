"""Messages: thrown, kept while nobody waits, and taken by exactly one who waits for just this."""

from datetime import UTC, datetime

import pytest

from engine.spiff.correlation import Told
from engine.spiff.stuck import StuckAt
from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    event,
    line,
    message,
    parallel,
    path,
    process,
    start,
    subprocess,
    throw,
    user,
)
from tests.engine.spiff.play import Play

ORDER = (
    '<collaboration id="k"><correlationKey id="key">'
    "<correlationPropertyRef>order</correlationPropertyRef><correlationPropertyRef>line</correlationPropertyRef>"
    "</correlationKey></collaboration>"
    '<correlationProperty id="order"><correlationPropertyRetrievalExpression messageRef="m">'
    "<messagePath>order_id</messagePath></correlationPropertyRetrievalExpression>"
    '<correlationPropertyRetrievalExpression messageRef="asked"><messagePath>order_id</messagePath>'
    "</correlationPropertyRetrievalExpression></correlationProperty>"
    '<correlationProperty id="line"><correlationPropertyRetrievalExpression messageRef="m">'
    "<messagePath>line_no</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
)
BINDING = (
    '<correlationSubscription id="cs" correlationKeyRef="key">'
    '<correlationPropertyBinding correlationPropertyRef="order"><dataPath>mine</dataPath></correlationPropertyBinding>'
    '<correlationPropertyBinding correlationPropertyRef="line"><dataPath>number</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)


def receive(id: str, **attributes: str) -> str:  # noqa: A002  the attribute's name
    return element("receiveTask", id, messageRef="m", **attributes)


def says(tag: str, id: str, about: str = "m", given: str = "", **attributes: str) -> str:  # noqa: A002
    extensions = f"<extensionElements>{given}</extensionElements>" if given else ""
    definition = "" if tag == "sendTask" else event("message", about)
    reference = {"messageRef": about} if tag == "sendTask" else {}
    return element(tag, id, extensions + definition, **reference, **attributes)


def parameter(name: str, value: str) -> str:
    return f'<jidi:parameter name="{name}" value="{value}"/>'


def split(*branches: tuple[str, ...], before: str = "") -> bytes:
    """Each branch is one element and a user task behind it."""
    parts = [part for branch in branches for part in branch]
    ids = [[part.split('id="', 1)[1].split('"', 1)[0] for part in branch] for branch in branches]
    return process(
        start("s"), parallel("f"), *parts, path("s", "f"), *(path("f", *each) for each in ids), before=before
    )


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "sendTask", "endEvent"])
def test_what_is_thrown_reaches_the_catch_of_the_same_case(tag: str):
    body = split((says(tag, "t", given=parameter("n", "x + 1")),), (receive("r"), user("b")), before=message("m"))
    play = Play(body, x=1)
    assert play.waiting() == ["b"]
    assert play.instance.data == {"x": 1, "n": 2}
    assert play.host.told == []


def test_only_what_is_declared_goes_out():
    play = Play(line(says("sendTask", "t", given=parameter("n", "x")), user("a"), before=message("m")), x=1, secret=2)
    (told,) = play.host.told
    assert (told.name, told.data, told.keys, told.to, told.keep) == ("m", {"n": 1}, {}, None, None)


def test_a_message_to_nobody_is_kept_and_taken_later():
    body = line(says("intermediateThrowEvent", "t"), user("a"), receive("r"), user("b"), before=message("m"))
    play = Play(body)
    assert play.waiting() == ["a"]
    assert play.do("a").waiting() == ["b"]


def test_one_message_frees_one_who_waits_the_oldest():
    body = split((receive("r1"), user("a")), (receive("r2"), user("b")), before=message("m"))
    play = Play(body).tell("m")
    assert (play.waiting(), play.waiting("message")) == (["a"], ["r2"])
    assert play.tell("m").waiting() == ["a", "b"]


def test_messages_arrive_in_the_order_in_which_they_were_said():
    body = line(user("a"), receive("r"), user("b"), element("receiveTask", "r2", messageRef="m"), before=message("m"))
    play = Play(body).tell("m", n=1).tell("m", n=2)
    assert play.do("a").instance.data == {"n": 1}
    assert play.do("b").instance.data == {"n": 2}


def test_a_message_of_another_name_frees_nobody():
    play = Play(line(receive("r"), before=message("m"))).tell("other")
    assert play.waiting("message") == ["r"]


def test_the_sender_may_say_what_a_message_is_about():
    body = split(
        (receive("r1", jidi_correlation="one"), user("a")), (receive("r2", jidi_correlation="two"), user("b")),
        (user("go"), says("sendTask", "t", jidi_correlation="two")), before=message("m"),
    )  # fmt: skip
    play = Play(body, one="x", two="y")
    assert {token.element.id: token.correlation for token in play.instance.tokens() if token.kind == "message"} == {
        "r1": {"": "x"}, "r2": {"": "y"},
    }  # fmt: skip
    assert play.do("go").waiting() == ["b"]


def test_a_word_from_outside_is_about_what_it_carries():
    body = split((receive("r1", jidi_correlation="order_id"), user("a")), (user("b"),), before=message("m"))
    play = Play(body, order_id=17)
    assert play.tell("m", order_id=18).tell("m").waiting("message") == ["r1"]
    assert play.tell("m", order_id="17").waiting() == ["a", "b"]


def test_the_key_of_a_wait_stays_what_it_was_when_the_wait_began():
    body = split((receive("r", jidi_correlation="order"), user("a")), (user("b"),), before=message("m"))
    play = Play(body, order="old").do("b", order="new")
    assert play.token("r").correlation == {"": "old"}
    assert play.tell("m", {"": "new"}).waiting() == []
    assert play.tell("m", {"": "old"}).waiting() == ["a"]


def test_a_key_over_an_unset_name_stops_the_case_where_it_would_wait():
    with pytest.raises(StuckAt) as stuck:
        Play(line(receive("r", jidi_correlation="nobody"), before=message("m")))
    assert (stuck.value.code, stuck.value.detail["element"]) == ("expr.failed", "r")


def test_every_key_of_a_message_must_agree_not_any():
    body = process(start("s"), receive("r"), user("a"), path("s", "r", "a"), BINDING, before=message("m") + ORDER)
    play = Play(body, mine=7, number=1)
    assert play.token("r").correlation == {"order": 7, "line": 1}
    assert play.tell("m", order_id=7, line_no=2).tell("m", order_id=8, line_no=1).tell("m", order_id=7).waiting() == []
    assert play.tell("m", order_id=7, line_no=1).waiting() == ["a"]


def test_a_subscription_follows_the_data_and_wants_nothing_that_it_does_not_know():
    body = process(start("s"), parallel("f"), receive("r"), user("a"), user("b"), path("s", "f", "r", "a"),
                   path("f", "b"), BINDING, before=message("m") + ORDER)  # fmt: skip
    play = Play(body).tell("m", order_id=7, line_no=1)
    assert play.waiting("message") == ["r"]
    assert play.do("b", mine=7, number=1).waiting() == ["a"]


def test_an_answer_must_be_about_what_was_asked():
    ask = says("sendTask", "ask", "asked", parameter("order_id", "mine"))
    body = process(start("s"), ask, receive("r"), user("a"), path("s", "ask", "r", "a"),
                   before=message("m") + message("asked") + ORDER)  # fmt: skip
    play = Play(body, mine=7)
    (asked,) = play.host.told
    assert (asked.keys, play.token("r").correlation) == ({"order": 7}, {"order": 7})
    assert play.tell("m", order_id=8, line_no=1).waiting() == []
    assert play.tell("m", order_id=7, line_no=1).waiting() == ["a"]


def test_the_first_message_of_a_conversation_settles_what_the_next_are_about():
    body = process(start("s"), receive("r1"), user("a"), receive("r2"), user("b"),
                   path("s", "r1", "a", "r2", "b"), before=message("m") + ORDER)  # fmt: skip
    play = Play(body).tell("m", order_id=7, line_no=1).do("a")
    assert play.token("r2").correlation == {"order": 7, "line": 1}
    assert play.tell("m", order_id=8, line_no=1).waiting() == []
    assert play.tell("m", order_id=7, line_no=1).waiting() == ["b"]


def test_a_wait_may_have_a_key_of_each_kind_and_wants_all_of_them():
    body = process(start("s"), receive("r", jidi_correlation="one"), user("a"), path("s", "r", "a"), BINDING,
                   before=message("m") + ORDER)  # fmt: skip
    play = Play(body, one="x", mine=7, number=1)
    assert play.tell("m", {"": "y"}, order_id=7, line_no=1).tell("m", {"": "x"}, order_id=7).waiting() == []
    assert play.tell("m", {"": "x"}, order_id=7, line_no=1).waiting() == ["a"]


def test_conversations_of_two_called_processes_are_apart():
    ask = says("sendTask", "ask", "asked", parameter("order_id", "item"))
    visit = process(start("s"), ask, receive("r"), user("a"), path("s", "ask", "r", "a"), id="visit",
                    before=message("m") + message("asked") + ORDER)  # fmt: skip
    many = (
        '<multiInstanceLoopCharacteristics><loopDataInputRef>orders</loopDataInputRef><inputDataItem id="item"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    play = Play(line(element("callActivity", "c", many, calledElement="visit")), visit, orders=[7, 8])
    assert [token.correlation for token in play.instance.tokens()] == [{"order": 7}, {"order": 8}]
    play.tell("m", order_id=8, line_no=1)
    assert [token.data["item"] for token in play.instance.tokens() if token.kind == "user"] == [8]


def test_a_boundary_and_an_event_subprocess_correlate_as_well():
    told = subprocess(
        "es", start("told", event("message", "m"), isInterrupting="false", jidi_correlation="two"), user("answer"),
        path("told", "answer"), by_event=True,
    )  # fmt: skip
    edge = boundary("asked", "a", event("message", "m"), interrupting=False)
    body = process(
        start("s"), user("a"), edge.replace('id="asked"', 'id="asked" jidi:correlation="one"'), user("note"), told,
        path("s", "a"), path("asked", "note"), before=message("m"),
    )  # fmt: skip
    play = Play(body, one=1, two=2)
    play.tell("m", {"": 2}).tell("m", {"": 2}).tell("m", {"": 1})
    assert play.waiting() == ["a", "answer", "answer", "note"]
    assert play.waiting("message") == ["asked", "told"]


def test_a_message_carries_its_address_and_how_long_it_is_kept():
    body = line(
        says("sendTask", "t1", jidi_to="case.subject", jidi_keep="P7D"), says("sendTask", "t2"), user("a"),
        before='<message id="m" name="news" jidi:keep="P30D"/>',
    )  # fmt: skip
    play = Play(body)
    first, second = play.host.told
    assert play.host.said == ["t1", "t2"]
    assert (first.name, first.to, second.to) == ("news", "base:1", None)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert [told.keep and told.keep.after(now) for told in (first, second)] == [
        datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC),
    ]  # fmt: skip
    assert first.id != second.id


def test_an_address_that_is_none_stops_the_case():
    with pytest.raises(StuckAt) as stuck:
        Play(line(says("sendTask", "t", jidi_to="n"), before=message("m")), n=3)
    assert (stuck.value.code, stuck.value.detail["element"]) == ("message.bad_address", "t")


def test_a_message_that_comes_while_an_interrupted_task_is_open_frees_only_the_edge():
    body = process(
        start("s"), user("a"), boundary("stop", "a", event("message", "m")), user("b"), end("e"), receive("r"),
        user("c"), path("s", "a", "e"), path("stop", "b", "r", "c"), before=message("m"),
    )  # fmt: skip
    play = Play(body).tell("m")
    assert (play.waiting(), play.waiting("message")) == (["b"], [])
    assert play.do("b").waiting("message") == ["r"]


def test_who_would_take_a_message_can_be_asked_without_giving_it():
    play = Play(split((receive("r1"), user("a")), (catch("c", event("message", "m")), user("b")), before=message("m")))
    first = play.instance.receiver(Told("m"))
    assert first is not None
    assert first.element.id == "r1"
    assert play.instance.receiver(Told("other")) is None
    assert not play.instance.deliver(Told("other"))


def test_a_message_thrown_in_a_round_is_said_in_every_round():
    body = process(start("s"), throw("t", event("message", "m")), user("a"), path("s", "t", "a", "t"),
                   before=message("m"))  # fmt: skip
    play = Play(body).do("a").do("a")
    assert len({told.id for told in play.host.told}) == 3
