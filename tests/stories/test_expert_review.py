"""An expert review from the draw to the signed report, called by a case that has material (P04, N-1 to N-5)."""

import itertools
from io import BytesIO

import orjson
import pytest
from sqlalchemy import select

from bases import register
from bases.demo.papers import pdf
from bases.review import checks, conflict, panel, report, scores
from engine import cases, definitions, forms
from engine.forms import FormContext
from ground import clock, files, grants, people
from ground.database import reading, transaction
from ground.organs import Organ
from ground.people import Person
from tasks import open_task, queue, timers
from tests.bases import moves, panels
from tests.bases.panels import ACCEPTED, DECLINED, GOOD, REPORT, Review
from tests.engine import flows

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PHONE, EMAIL = "0831-5220001", "office@example.com"
HIGH = {**GOOD, "c1": "22.5", "c1_comment": "链条完整。", "c2": "13.5", "c2_comment": "规划好。", "c3": "22.5"} | {
    "c3_comment": "研发投入高。",
    "c4": "13.5",
    "c4_comment": "便利。",
    "c5": "18",
    "c5_comment": "守信。",
}
LOW = {**GOOD, "c1": "15", "c2": "9", "c3": "15", "c4": "9", "c5": "12"}
MATERIAL = {
    "title": "材料",
    "sections": [
        {
            "title": "材料",
            "fields": [
                {"name": "phone", "type": "phone", "label": "联系电话"},
                {"name": "email", "type": "email", "label": "电子邮箱"},
                {"name": "plan", "type": "file", "label": "规划"},
                {"name": "people", "type": "rows", "label": "联系人", "columns": [
                    {"name": "name", "type": "text", "label": "姓名"}, {"name": "tel", "type": "phone", "label": "电话"}
                ]},
            ],
        }
    ],
}  # fmt: skip


def calling() -> dict[str, bytes]:
    """A process that collects material from the base and has it reviewed."""
    task = (
        '<bpmn:userTask id="hand_in" name="报送材料" jidi:role="base_filler" jidi:scope="organ(case.organ)" '
        'jidi:form="material"/>'
    )
    call = '<bpmn:callActivity id="review" name="专家评审" calledElement="expert_review"/>'
    ids = ("begin", "hand_in", "review", "finish")
    lines = "".join(flows.flow(a, b) for a, b in itertools.pairwise(ids))
    body = f'<bpmn:startEvent id="begin"/>{task}{call}<bpmn:endEvent id="finish"/>{lines}'
    parts = flows.folder("calling", body, more={"forms/material.json": orjson.dumps(MATERIAL)})
    return {**parts, "process.json": orjson.dumps({**orjson.loads(parts["process.json"]), "number": "试评"})}


@pytest.fixture
def review(database, tmp_path) -> Review:
    """A case of the Junlian base whose material was handed in; the seed of the panel is on record."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        definitions.publish(session, calling(), origin="shipped", by=None, now=clock.now())
        base = moves.base(session, "B042")
    facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id, "title": base.name}
    found = Review(cases.start("calling", by=people.SYSTEM, key="review", **facts, data={}).ref)
    found.do(
        "liu.min", {"phone": PHONE, "email": EMAIL, "plan": plan("liu.min"), "people": [{"name": "甲", "tel": PHONE}]}
    )
    return found


def plan(login: str) -> str:
    with transaction() as session:
        by = moves.actor(session, login, clock.now())
        return files.store(session, BytesIO(pdf(["plan"])), "规划.pdf", by, clock.now()).ref


def the_file(review: Review) -> str:
    with reading() as session:
        rows = cases.look(session, review.ref, review.actor("chen.jing")).submissions
        return rows[0].answers["plan"]


def look(review: Review, login: str):
    with reading() as session:
        return cases.look(session, review.ref, review.actor(login))


def person(login: str) -> int:
    with reading() as session:
        return session.scalar(select(Person.id).where(Person.login == login))


def test_r_9_2_a_review_runs_from_the_draw_to_the_signed_scans_and_gives_its_numbers_back(review):
    """R-9.2: recusal, draw, witness, invitations, scores, leader, report, scans."""
    assert review.open() == ["recusals"]
    assert review.to_the_end().outcome == "finish"
    row = review.panel()
    assert row.leader_id is not None
    assert row.report["strengths"] == REPORT["strengths"]
    with reading() as session:
        assert len(scores.of_panel(session, row.id)) == 5


def test_n_2_the_hash_of_the_seed_is_on_record_before_the_pool_is_frozen(review):
    row = review.panel()
    assert (row.snapshot, row.hash) == (None, None)
    with reading() as session:
        kinds = {line.kind: line for line in cases.story(session, review.ref, review.actor("chen.jing"))}
    assert kinds["panel.committed"].detail["hash"] == row.seed_hash
    review.to_the_invitations()
    with reading() as session:
        assert panel.holds(session, review.panel())


def test_n_2_whoever_drew_is_not_the_witness(review):
    """N-2: the same person in both offices is refused the second."""
    with transaction() as session:
        organ = session.scalar(select(Organ.id).where(Organ.code == "sc-mofcom"))
        grants.give(session, person("chen.jing"), "prov_checker", organ, clock.today())
    review.do("chen.jing", {**panels.DRAWN, "conflicts": []})
    with pytest.raises(cases.Separate):
        review.do("chen.jing", panels.CONFIRMED)


def test_n_2_a_draw_that_the_witness_does_not_confirm_is_drawn_again_and_both_stay_on_record(review):
    review.do("chen.jing", {**panels.DRAWN, "conflicts": []})
    review.do("xu.hong", {"outcome": "redraw", "reason": "一名专家的回避申请未登记。"})
    assert review.open() == ["recusals"]
    review.to_the_invitations()
    with reading() as session:
        first, second = panel.of_case(session, review.row().id)
        assert panel.holds(session, first)
        assert panel.holds(session, second)
    assert (first.witnessed_at, second.round) == (None, 2)


def test_n_1_a_declared_tie_keeps_the_expert_out_and_stands_with_source_and_decision(review):
    """N-1: upheld it excludes, refused it does not; both are on record with who decided."""
    ties = [
        {"expert": "李国华", "kind": "kin", "source": "expert", "facts": "配偶在红茶企业任职。", "decision": "upheld"},
        {"expert": "王晓东", "kind": "other", "source": "reported", "facts": "查无实据。", "decision": "refused"},
    ]
    review.to_the_invitations(ties)
    pool = {each["person"]: each["excluded"] for each in review.panel().snapshot["pool"]}
    assert pool[person("li.guohua")] == "kin"
    assert pool[person("wang.xiaodong")] is None
    with reading() as session:
        kept = conflict.of_case(session, review.row().id)
    assert [(each.decision, each.decided_by) for each in kept] == [
        ("upheld", person("chen.jing")),
        ("refused", person("chen.jing")),
    ]


@ONE
def test_n_1_a_name_that_no_expert_bears_and_an_employment_without_its_end_are_refused(review):
    tie = {"expert": "无此人", "kind": "past_employer", "source": "file", "facts": "曾任职。", "decision": "upheld"}
    with pytest.raises(cases.Invalid) as refused:
        review.do("chen.jing", {**panels.DRAWN, "conflicts": [tie]})
    assert [each.path for each in refused.value.detail["problems"]] == ["conflicts.0.expert", "conflicts.0.until"]


def test_n_1_who_declines_is_replaced_at_once_and_a_tie_that_is_named_stays(review):
    """N-1, N-2: the next substitute by lot; the reason of kin keeps this expert from the base from now on."""
    review.to_the_invitations()
    first, *others = review.invited()
    review.do(first, {"outcome": "decline", "reason": "kin", "relation": "亲属在园区企业任职。"})
    assert len(review.invited()) == 5
    assert first not in review.invited()
    with reading() as session:
        base = moves.base(session, "B042")
        pool = {each.person: each.excluded for each in panel.pool_for(session, base, clock.today())}
    assert pool[person(first)] == "kin"
    for login in review.invited():
        review.do(login, ACCEPTED)
    assert len(review.seats()) == 5
    assert set(others) < set(review.seats())


def test_silence_only_moves_the_seat_to_a_substitute(review, stopped_clock):
    """N-2: no answer in time and the next is asked; nothing is held against whoever was silent."""
    review.to_the_invitations()
    silent, *others = review.invited()
    for login in others:
        review.do(login, ACCEPTED)
    stopped_clock[0] = clock.now() + 6 * clock.DAY
    timers.fire_due(clock.now())
    assert len(review.invited()) == 1
    with reading() as session:
        rows = panel.drawn_seats(session, review.panel().id)
        assert conflict.of_case(session, review.row().id) == []
    assert [(row.answer, row.reason) for row in rows if row.person_id == person(silent)] == [("silent", None)]
    review.do(review.invited()[0], ACCEPTED)
    assert review.open() == ["score"] * 5


def test_a_panel_that_falls_below_the_least_number_is_drawn_again_without_who_fell_out(review):
    review.to_the_invitations()
    gone = []
    while len(gone) < 5:
        gone.append(review.invited()[0])
        review.do(gone[-1], DECLINED)
    for login in review.invited():
        review.do(login, ACCEPTED)
    assert review.open() == ["recusals"]
    review.to_the_invitations()
    assert not set(gone) & set(review.invited())
    pool = {each["person"]: each["excluded"] for each in review.panel().snapshot["pool"]}
    assert [pool[person(login)] for login in gone] == ["declined"] * 5


def test_n_3_without_the_pledge_no_paper_and_no_file_is_open(review):
    """N-3: 403 for the case, its papers, its history and its files; after the pledge they open."""
    review.to_the_invitations()
    login, stored = review.invited()[0], the_file(review)
    by = review.actor(login)
    with reading() as session:
        wait = queue.page(session, by, queue.Filters()).items[0]
        assert open_task.look(session, wait.ref, by).before == []
        assert cases.story(session, review.ref, by) == []
        with pytest.raises(cases.NotAdmitted) as refused:
            cases.may_open(session, stored, by)
        assert refused.value.status == 403
    with pytest.raises(cases.NotAdmitted):
        look(review, login)
    review.do(login, ACCEPTED)
    with reading() as session:
        assert cases.may_open(session, stored, by)
    assert next(row.answers.get("plan") for row in look(review, login).submissions) == stored


def test_n_3_who_declined_reads_nothing_either(review):
    review.to_the_invitations()
    login = review.invited()[0]
    review.do(login, DECLINED)
    with pytest.raises(cases.NotAdmitted):
        look(review, login)


@ONE
def test_n_3_an_acceptance_without_the_signed_pledge_is_refused(review):
    review.to_the_invitations()
    with pytest.raises(cases.Invalid) as refused:
        review.do(review.invited()[0], {"outcome": "accept"})
    assert [each.path for each in refused.value.detail["problems"]] == ["pledge"]


def test_f_1_3_an_expert_sees_no_phone_and_no_address_of_mail(review):
    """F-1.3: masked where papers are read, so on every page and for every program; offices still see them."""
    review.to_the_scores()
    seen = orjson.dumps([row.answers for row in look(review, review.seats()[0]).submissions]).decode()
    assert PHONE not in seen
    assert EMAIL not in seen
    assert PHONE in orjson.dumps([row.answers for row in look(review, "chen.jing").submissions]).decode()


@pytest.mark.performs("N-4")
def test_n_4_nobody_reads_a_sheet_before_the_last_is_in_and_an_expert_never_another_s(review):
    review.to_the_scores()
    first, *others = review.seats()
    review.do(first, HIGH)
    for login in (*others, "chen.jing", "xu.hong", "du.wen"):
        assert not [row for row in look(review, login).submissions if row.form == "score-sheet"]
    for login in others:
        review.do(login, GOOD)
    own = [row.by for row in look(review, first).submissions if row.form == "score-sheet"]
    assert own == [person(first)]
    assert len([row for row in look(review, "xu.hong").submissions if row.form == "score-sheet"]) == 5


@pytest.mark.performs("N-5")
def test_n_5_scores_of_90_and_60_lead_to_a_discussion_and_the_dissent_stands_in_the_report(review):
    """N-5: scores 60/90 -> discussion of the whole panel; each dissent is kept word for word."""
    review.to_the_scores().score(lambda place: HIGH if place == 0 else LOW if place == 1 else GOOD)
    members = review.seats()
    leader = review.elect(2, **{members[1]: "平均分偏高。"})
    assert review.open() == ["discuss"] * 5
    for login in members:
        said = {"dissent": "不同意总体评价。"} if login == members[1] else {}
        review.do(login, {"opinion": "分差源于对研发投入的不同看法。", **said})
    review.do(leader, {**REPORT, "discussed": "经讨论，多数意见一致。"})
    with reading() as session:
        kept = report.dissents(session, review.panel().id)
    assert [(each.person_id, each.words) for each in kept] == [(person(members[1]), "平均分偏高。\n不同意总体评价。")]


@ONE
def test_no_discussion_within_the_limit_of_the_spread(review):
    review.to_the_scores().score()
    leader = review.elect(1)
    assert review.open() == ["report"]
    with reading() as session:
        by = review.actor(leader)
        assert len(queue.page(session, by, queue.Filters()).items) == 1


@pytest.mark.performs("N-5")
def test_n_5_a_report_without_a_leader_is_refused(review):
    """N-5: also from a member who was not elected."""
    review.to_the_scores().score()
    row = review.panel()
    with transaction() as session, pytest.raises(report.NoLeader):
        report.keep(session, row, person(review.seats()[0]), REPORT, clock.now())
    leader = review.elect(0)
    with transaction() as session, pytest.raises(report.NoLeader):
        report.keep(session, review.panel(), person(review.seats()[1]), REPORT, clock.now())
    assert review.do(leader, REPORT)


@ONE
def test_n_5_a_vote_is_for_a_member_of_the_panel_and_for_nobody_else(review):
    """Attack: the code of somebody else, or a name that is typed."""
    review.to_the_scores().score()
    voter = review.seats()[0]
    stranger = review.actor("chen.jing")
    for vote in (stranger.ref, stranger.name, review.actor(voter).name, "p1", ""):
        with pytest.raises(cases.Invalid) as refused:
            review.do(voter, {"leader": vote})
        (problem,) = refused.value.detail["problems"]
        assert (problem.path, problem.code) == ("leader", "field.choice" if vote else "field.required")


@ONE
def test_n_5_the_members_are_offered_in_the_order_of_their_lots(review):
    review.to_the_scores()
    seats = [review.actor(login) for login in review.seats()]
    with reading() as session:
        case = cases.find(session, review.ref, review.actor("chen.jing"))
        now, ever = (checks.to_elect(session, case, ever=each) for each in (False, True))
    assert [(each.code, each.label) for each in now] == [(each.ref, each.name) for each in seats]
    assert ever == now


@ONE
def test_a_name_that_was_typed_in_a_form_of_before_counts_or_is_refused_with_the_members_named(review):
    review.to_the_scores()
    with reading() as session:
        case = cases.find(session, review.ref, review.actor("chen.jing"))
        context = FormContext(session, case)
        member = review.actor(review.seats()[0])
        assert checks.leader({"leader": member.name}, context) == []
        assert checks.members(session, panel.newest(session, case.id).id)[member.name] == member.person
        (problem,) = checks.leader({"leader": "陈静"}, context)
    assert (problem.path, problem.code) == ("leader", "panel.not_a_member")
    assert len(problem.params["names"].split("、")) == 5


def test_scoring_is_closed_early_only_with_enough_sheets_and_after_its_time(review, stopped_clock):
    """R-9.2: at least three valid sheets, and nothing is closed by the clock alone."""
    review.to_the_scores()
    members = review.seats()

    def close():
        answers = {"reason": "两名专家因病不能提交。"}
        return cases.send(review.ref, "scoring.close", answers, by=review.actor("chen.jing"), key="close")

    for login in members[:2]:
        review.do(login, GOOD)
    with pytest.raises(cases.Invalid):
        close()
    review.do(members[2], GOOD)
    with pytest.raises(cases.Invalid):
        close()
    stopped_clock[0] = clock.now() + 20 * clock.DAY
    timers.fire_due(clock.now())
    assert review.open() == ["score"] * 2
    close()
    assert review.open() == ["elect"] * 3


@ONE
def test_every_form_of_a_review_names_its_readers_and_none_is_the_applicant(database):
    with reading() as session:
        assert database
        release = definitions.current(session, "expert_review")
        folder = definitions.folder(session, release.version_id)
    for form in folder.forms.values():
        assert form.readers
        assert not {"base_filler", "base_authority", "city_officer", "expert"} & set(form.readers)
    assert forms.load(folder.parts["forms/invitation.json"]).admits == {"expert": "accept"}
