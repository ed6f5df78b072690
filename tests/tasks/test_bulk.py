"""批量办理: only forms that allow it, one step at a time, each task by itself; what fails stops no other."""

import orjson
import pytest

from engine import cases, forms
from engine.cosigners import AFTER, ALL
from engine.forms.keys import BadForm
from ground import clock
from ground.database import reading, transaction
from tasks import bulk, cosigning, queue
from tasks.cosigning import Asking
from tests.engine import desk, flows

RETURNS = {
    "name": "reason",
    "type": "prose",
    "label": "理由",
    "required": True,
    "show_when": 'outcome == "return"',
}
FIELDS = [*flows.FORM["sections"][0]["fields"], RETURNS]
FORM = {**flows.FORM, "bulk": ["outcome", "opinion"], "sections": [{"title": "意见", "fields": FIELDS}]}


def folder(key, *, more="", scope="province", form=FORM):
    body = flows.row(flows.user("check", more=more, scope=scope))
    return flows.folder(key, body, more={"forms/opinion.json": orjson.dumps(form)})


@pytest.fixture
def officer(database):
    desk.publish(folder("many"))
    return desk.person("officer", "prov_officer")


def started(officer, process, n):
    return [desk.start(process, officer, key=f"{process}{i}", subject=f"base:{i}") for i in range(n)]


def ref_of(case):
    return next(iter(desk.waits(case).values())).ref


def chosen(refs, by):
    with reading() as session:
        return bulk.choose(session, refs, by)


def send(ref, by, answers=desk.FORWARD, key="k"):
    return bulk.send(ref, answers, by=by, key=key, now=clock.now())


def test_what_is_ticked_is_sorted_into_what_goes_together_and_what_does_not_and_why(officer):
    desk.publish(folder("signed", more='jidi:signed="true"'))
    desk.publish(folder("plain", form=flows.FORM))
    desk.publish(folder("other", form={**FORM, "title": "别的"}))
    one, two, taken, suspended = started(officer, "many", 4)
    colleague = desk.person("colleague", "prov_officer")
    desk.claim(ref_of(taken), colleague)
    cases.suspend(suspended, by=desk.person("head", "prov_division_head"), reason="等待", key="s")
    others = {name: ref_of(started(officer, name, 1)[0]) for name in ("signed", "plain", "other")}
    refs = [ref_of(each) for each in (one, two, taken, suspended)]
    found = chosen([*refs, *others.values(), "nothing00000", refs[0]], officer)
    assert [row.ref for row in found.items] == refs[:2]
    assert {row.ref if row else None: why for row, why in found.left_out} == {
        None: "task.gone",
        refs[2]: "task.taken",
        refs[3]: "case.suspended",
        others["signed"]: "bulk.not_in_bulk",
        others["plain"]: "bulk.not_in_bulk",
        others["other"]: "bulk.other_step",
    }
    with pytest.raises(bulk.NothingInBulk):
        chosen(list(others.values())[:2], officer)


def test_each_is_done_once_and_a_failure_of_one_stops_no_other(officer):
    refs = [ref_of(each) for each in started(officer, "many", 3)]
    colleague = desk.person("colleague", "prov_officer")
    desk.claim(refs[1], colleague)
    results = [send(ref, officer, key=ref) for ref in refs]
    assert [one.refused and one.refused.code for one in results] == [None, "task.taken", None]
    assert all(one.number for one in results)
    again = [send(ref, officer, key=ref) for ref in refs]
    assert [one.refused and one.refused.code for one in again] == [None, "task.taken", None]


def test_what_asks_for_more_than_may_be_given_to_all_is_left_and_given_back(officer):
    case = started(officer, "many", 1)[0]
    result = send(ref_of(case), officer, {"outcome": "return", "opinion": "x", "reason": "y"})
    assert result.refused is not None
    assert result.refused.code == "form.invalid"
    assert desk.waits(case)["check"].held_by is None
    with pytest.raises(cases.Invalid), reading() as session:
        bulk.check(bulk.choose(session, [ref_of(case)], officer).form, {"outcome": "nonsense"})


def test_nobody_sends_in_bulk_what_they_could_not_do_alone(officer):
    desk.publish(folder("signed", more='jidi:signed="true"'))
    signed = ref_of(started(officer, "signed", 1)[0])
    stranger = desk.person("stranger", "expert")
    case = started(officer, "many", 1)[0]
    assert send(signed, officer).refused.code == "bulk.nothing"
    assert send(ref_of(case), stranger).refused.code in {"missing", "task.gone", "task.not_yours"}
    assert desk.waits(case)["check"].held_by is None


def test_a_form_names_only_fields_that_can_be_given_to_many():
    assert forms.load(orjson.dumps(FORM)).in_bulk().fields.keys() == {"outcome", "opinion"}
    for wrong in (
        {**FORM, "bulk": ["nowhere"]},
        {**FORM, "bulk": ["reason"]},
        {**FORM, "sealed": True, "readers": ["prov_officer"]},
    ):
        with pytest.raises(BadForm):
            forms.load(orjson.dumps(wrong))


def test_the_list_says_whether_anything_in_it_can_be_done_in_bulk(officer):
    started(officer, "many", 1)
    with reading() as session:
        assert bulk.offers(session, queue.page(session, officer, queue.Filters()).items)
    with transaction() as session:
        assert not bulk.offers(session, [])


def test_what_waits_for_co_signers_is_said_to_wait_and_not_to_be_done(officer):
    (case,) = started(officer, "many", 1)
    ref = ref_of(case)
    desk.claim(ref, officer)
    lawyer = desk.person("lawyer", "legal")
    asking = Asking(AFTER, ALL, "请会签")
    cosigning.ask(ref, [lawyer.ref], asking, by=officer, key="ask", now=clock.now())
    done = send(ref, officer)
    assert (done.refused, done.waits) == (None, True)
    assert desk.row(case).status == "open"
