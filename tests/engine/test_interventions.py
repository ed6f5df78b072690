"""流程处置: foreseen without a trace, proposed by one, approved by another, refused where the case has moved."""

from typing import Any

import pytest
from sqlalchemy import func, select

from engine import cases, history, incidents, submissions
from engine.cases import interventions, wishes
from engine.cases.interventions import Intervention
from engine.cases.wishes import Wish
from engine.history import History
from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tests.engine import desk, flows

SIGNED = flows.folder(
    "signed", flows.row(flows.user("first"), flows.user("sign", more='jidi:signed="true"'), flows.user("last"))
)
FAILS = flows.stopping("fails")
MOVE = Wish("move", {"source": "task_1", "target": "task_3"})
WHY = {"reason": "承办科室已撤并", "basis": "督办单〔2026〕3号"}


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 3))
    desk.publish(SIGNED)
    desk.publish(FAILS)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def supervisor(officer):
    return desk.person("watcher", "supervisor")


@pytest.fixture
def head(officer):
    return desk.person("head", "prov_division_head")


def proposed(case, by, wish=MOVE, key="k", **more: Any):
    with reading() as session:
        rev = interventions.revision(session, case, by)
    return interventions.propose(case, wish, by=by, key=key, now=clock.now(), **{"rev": rev, **WHY, **more})


def row(ref):
    with reading() as session:
        return session.execute(select(Intervention).where(Intervention.ref == ref)).one()


def lines(case, kind=""):
    with reading() as session:
        found = history.read(session, desk.row(case).id)
    return [line for line in found if not kind or line.kind == kind]


def counted():
    with reading() as session:
        return session.scalar(select(func.count()).select_from(History))


def approved(ref, by, key="a", rev=None):
    return interventions.approve(ref, rev=row(ref).seen_rev if rev is None else rev, by=by, key=key)


def test_what_would_change_is_told_before_and_leaves_no_trace(officer, supervisor):
    case = desk.start("row", officer)
    desk.claim(desk.waits(case)["task_1"].ref, officer)
    with transaction() as session:
        wait = desk.waits(case)["task_1"]
        submissions.save_draft(session, wait, officer.person, {"opinion": "写了一半"}, 0, clock.now())
    before, written = desk.row(case), counted()
    seen = interventions.preview(case, MOVE, by=supervisor)
    assert (seen["before"], seen["after"]) == (["task_1"], ["task_3"])
    (closed,), (opened,) = seen["closed"], seen["opened"]
    assert (closed["element"], closed["held_by"], closed["typed"]) == ("task_1", officer.person, 1)
    assert (opened["element"], opened["queue"]) == ("task_3", wait.queue)
    assert desk.row(case) == before
    assert counted() == written
    assert set(desk.waits(case)) == {"task_1"}


def test_a_token_moves_when_the_head_agrees_and_the_history_names_both(officer, supervisor, head):
    case = desk.start("row", officer)
    ref = proposed(case, supervisor)
    assert set(desk.waits(case)) == {"task_1"}
    approved(ref, head)
    assert set(desk.waits(case)) == {"task_3"}
    (line,) = lines(case, "case.moved")
    assert line.by_person == head.person
    told = {"proposed_by": supervisor.person, "intervention": ref, "act": "move", "before": ["task_1"]}
    assert told.items() <= line.detail.items()
    assert (line.detail["after"], line.detail["reason"], line.detail["basis"]) == (["task_3"], *WHY.values())
    assert lines(case, "intervention.proposed")[0].by_person == supervisor.person
    assert (row(ref).state, row(ref).decided_by) == ("done", head.person)
    with reading() as session:
        now = desk.row(case)
        assert history.verify(session, now.id, history.Head(now.seq, now.head)) is None


def test_only_the_process_owner_and_the_supervisor_propose_and_of_what_they_see(officer, head):
    case = desk.start("row", officer)
    for number, role in enumerate(("prov_officer", "prov_division_head", "auditor", "prov_leader")):
        with pytest.raises(Forbidden):
            interventions.preview(case, MOVE, by=desk.person(f"p{number}", role))
    with pytest.raises(Missing):
        interventions.preview(case, MOVE, by=desk.person("blind", "process_owner"))
    assert interventions.preview(case, MOVE, by=desk.person("sees", "process_owner", "prov_officer"))["opened"]


def test_nobody_approves_what_they_proposed_and_only_the_head_of_the_department_approves(officer, supervisor):
    both = desk.person("both", "supervisor", "prov_division_head")
    case = desk.start("row", officer)
    ref = proposed(case, both)
    with pytest.raises(interventions.Own):
        approved(ref, both)
    with pytest.raises(Forbidden):
        approved(ref, supervisor)
    for number, (role, organ) in enumerate((("prov_officer", "sc-mofcom"), ("city_section_head", "city-510700"))):
        with pytest.raises((Forbidden, Missing)):
            approved(ref, desk.person(f"n{number}", role, organ=organ))
    with pytest.raises((Forbidden, Missing)):
        approved(ref, desk.person("elsewhere", "prov_division_head", organ="city-510700"))
    assert set(desk.waits(case)) == {"task_1"}


def test_a_signed_step_is_refused_already_when_it_is_proposed(officer, supervisor):
    case = desk.start("signed", officer)
    for wish in (
        Wish("move", {"source": "first", "target": "last"}),
        Wish("move", {"source": "first", "target": "sign"}),
        Wish("skip", {"source": "first"}),
    ):
        with pytest.raises(cases.Signed):
            proposed(case, supervisor, wish)
    with pytest.raises(cases.Signed):
        proposed(case, supervisor, Wish("correct", {"name": "outcome", "value": "forward"}))
    desk.do(case, "first", officer)
    for act in ("skip", "repeat"):
        with pytest.raises(cases.Signed):
            proposed(case, supervisor, Wish(act, {"source": "sign"}))
    assert not lines(case, "intervention.proposed")


def test_a_step_is_skipped_or_done_once_more(officer, supervisor, head):
    case = desk.start("row", officer)
    approved(proposed(case, supervisor, Wish("skip", {"source": "task_1"})), head)
    assert set(desk.waits(case)) == {"task_2"}
    before = desk.waits(case)["task_2"].ref
    approved(proposed(case, supervisor, Wish("repeat", {"source": "task_2"}), key="r"), head, key="b")
    assert desk.waits(case)["task_2"].ref != before


def test_a_value_is_put_right_and_a_case_is_cancelled(officer, supervisor, head):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    wish = Wish("correct", {"name": "outcome", "value": "return"})
    approved(proposed(case, supervisor, wish), head)
    (line,) = lines(case, "case.corrected")
    assert (line.detail["old"], line.detail["new"]) == ("forward", "return")
    with pytest.raises(cases.WrongValue):
        proposed(case, supervisor, Wish("correct", {"name": "outcome", "value": "nothing of it"}), key="w")
    approved(proposed(case, supervisor, Wish("cancel", {}), key="c"), head, key="c")
    assert (desk.row(case).status, desk.row(case).outcome) == ("closed", "cancelled")
    with pytest.raises(cases.Ended):
        proposed(case, supervisor, key="later")


def test_what_failed_is_tried_again(officer, supervisor, head):
    case = desk.start("fails", officer)
    with pytest.raises(cases.Stopped):
        desk.do(case, "ask", officer, {"outcome": "return", "opinion": "x"})
    approved(proposed(case, supervisor, Wish("retry", {})), head)
    with reading() as session:
        assert not incidents.open_of(session, desk.row(case).id)
    assert lines(case, "case.retried")[0].by_person == head.person


def test_a_rehearsal_that_fails_opens_no_incident(officer, supervisor):
    case = desk.start("fails", officer)
    with pytest.raises(cases.Stuck):
        interventions.preview(case, Wish("move", {"source": "ask", "target": "which"}), by=supervisor)
    with reading() as session:
        assert not incidents.open_of(session, desk.row(case).id)


def test_where_the_case_moved_meanwhile_the_head_looks_again_before_approving(officer, supervisor, head):
    case = desk.start("row", officer)
    ref = proposed(case, supervisor, Wish("correct", {"name": "outcome", "value": "return"}))
    was = row(ref).seen_rev
    desk.do(case, "task_1", officer)
    with pytest.raises(interventions.Changed):
        approved(ref, head)
    assert row(ref).state == "proposed"
    assert row(ref).seen_rev == desk.row(case).rev > was
    with pytest.raises(interventions.Changed):
        approved(ref, head, rev=was)
    approved(ref, head)
    assert row(ref).state == "done"


def test_what_no_longer_fits_is_over_and_says_why(officer, supervisor, head):
    case = desk.start("row", officer)
    ref = proposed(case, supervisor)
    desk.do(case, "task_1", officer)
    with pytest.raises(interventions.Unfit):
        approved(ref, head)
    assert (row(ref).state, row(ref).answer) == ("stale", "move.no_such_token")
    with pytest.raises(interventions.Settled):
        approved(ref, head, key="again")
    proposed(case, supervisor, Wish("move", {"source": "task_2", "target": "task_1"}), key="new")


def test_the_second_of_two_supervisors_is_told_what_changed(officer, supervisor, head):
    second = desk.person("second", "supervisor")
    case = desk.start("row", officer)
    seen = desk.row(case).rev
    ref = proposed(case, supervisor)
    with pytest.raises(interventions.UnderWay) as told:
        proposed(case, second, key="s", rev=seen)
    assert told.value.detail["intervention"] == ref
    approved(ref, head)
    with pytest.raises(interventions.Changed):
        proposed(case, second, Wish("move", {"source": "task_3", "target": "task_1"}), key="s", rev=seen)


def test_the_same_key_does_it_once_and_answers_alike(officer, supervisor, head):
    case = desk.start("row", officer)
    ref = proposed(case, supervisor)
    assert proposed(case, supervisor) == ref
    rev = row(ref).seen_rev
    first = approved(ref, head, rev=rev)
    assert approved(ref, head, rev=rev) == first
    with pytest.raises(interventions.Settled):
        approved(ref, head, key="other", rev=rev)
    assert len(lines(case, "case.moved")) == 1


def test_it_is_declined_or_taken_back_with_a_reason(officer, supervisor, head):
    case = desk.start("row", officer)
    ref = proposed(case, supervisor)
    with pytest.raises(cases.NoReason):
        interventions.decline(ref, by=head, reason=" ", now=clock.now())
    with pytest.raises(Forbidden):
        interventions.decline(ref, by=desk.person("other", "supervisor"), reason="不", now=clock.now())
    interventions.decline(ref, by=head, reason="请先催办", now=clock.now())
    assert (row(ref).state, row(ref).answer) == ("declined", "请先催办")
    with pytest.raises(interventions.Settled):
        approved(ref, head)
    again = proposed(case, supervisor, key="k2")
    interventions.decline(again, by=supervisor, reason="不再需要", now=clock.now())
    assert row(again).state == "declined"


@pytest.mark.parametrize(
    ("more", "no"),
    [
        ({"reason": "  "}, cases.NoReason),
        ({"reason": "长" * 501}, cases.NoReason),
        ({"basis": ""}, interventions.NoBasis),
        ({"basis": "长" * 201}, interventions.NoBasis),
        ({"wish": Wish("burn", {})}, wishes.NoSuchAct),
        ({"wish": Wish("move", {"source": "task_1"})}, wishes.NoSuchAct),
        ({"wish": Wish("move", {"source": "task_1", "target": "nowhere"})}, cases.TargetUnknown),
        ({"wish": Wish("skip", {"source": "nowhere"})}, wishes.NotSkippable),
    ],
)
def test_what_says_too_little_is_not_proposed(officer, supervisor, more, no):
    case = desk.start("row", officer)
    with pytest.raises(no):
        proposed(case, supervisor, **more)
    assert not lines(case, "intervention.proposed")


def test_a_head_is_shown_what_waits_for_them_and_nobody_else(officer, supervisor, head):
    case = desk.start("row", officer)
    proposed(case, supervisor)
    with reading() as session:
        assert interventions.to_decide(session, head) == 1
        assert interventions.to_decide(session, supervisor) == 0
        assert len(interventions.listed(session, supervisor)) == 1
        assert not interventions.listed(session, officer)
        assert not interventions.listed(session, head, state="done")
