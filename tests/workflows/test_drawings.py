"""A shipped diagram is drawn to be read: complete, in its lanes, left to right, and no two lines cross."""

import csv
from pathlib import Path

import pytest

import bases.cooperation.change_steps
import bases.cooperation.issue_steps
import bases.cooperation.meeting_steps
import bases.cooperation.supervision_steps
import bases.documents.paper_steps
import bases.documents.steps
import bases.filing.duty_steps
import bases.filing.periodic
import bases.filing.steps
import bases.filing.supplement_steps
import bases.filing.yearly_review_steps
import bases.register.ledgers.incident_steps
import bases.review.consultation
import bases.review.steps
import bases.review.visit
import bases.verdicts.assessment_steps
import bases.verdicts.batch_steps
import bases.verdicts.campaign_steps
import bases.verdicts.commendation_steps
import bases.verdicts.notice_steps
import bases.verdicts.objection_steps
import bases.verdicts.recommendation_steps
import bases.verdicts.rectification_steps
import bases.verdicts.revocation_steps
import bases.verdicts.steps
import tasks.letters
import tasks.reminders
from engine import decisions, steps
from engine.spiff import diagrams, lint
from ground.grants import ROLES
from tests.workflows import geometry
from tests.workflows.folders import diagram as diagram_of, drawn as drawn_of, folders, read

REGISTERS_STEPS = (
    bases.cooperation.change_steps,
    bases.cooperation.issue_steps,
    bases.cooperation.meeting_steps,
    bases.cooperation.supervision_steps,
    bases.documents.paper_steps,
    bases.documents.steps,
    bases.filing.duty_steps,
    bases.filing.periodic,
    bases.filing.steps,
    bases.filing.supplement_steps,
    bases.filing.yearly_review_steps,
    bases.register.ledgers.incident_steps,
    bases.review.consultation,
    bases.review.steps,
    bases.review.visit,
    bases.verdicts.assessment_steps,
    bases.verdicts.batch_steps,
    bases.verdicts.campaign_steps,
    bases.verdicts.commendation_steps,
    bases.verdicts.notice_steps,
    bases.verdicts.objection_steps,
    bases.verdicts.recommendation_steps,
    bases.verdicts.rectification_steps,
    bases.verdicts.revocation_steps,
    bases.verdicts.steps,
    tasks.letters,
    tasks.reminders,
)
FLOW_NODES = frozenset(geometry.DRAWN) - {"participant", "lane", "sequenceFlow", "subProcess"}


@pytest.fixture(params=folders(), ids=lambda folder: folder.name)
def drawn(request: pytest.FixtureRequest) -> geometry.Drawn:
    return geometry.read(drawn_of(request.param))


@pytest.fixture(params=folders(), ids=lambda folder: folder.name)
def diagram(request: pytest.FixtureRequest) -> diagrams.Diagram:
    return diagram_of(request.param)


def deadline_keys() -> set[str]:
    """The deadlines that an installation begins with."""
    with (folders()[0].parent.parent / "ground" / "seed" / "parameters.csv").open(encoding="utf-8") as lines:
        return {
            row["key"].removeprefix("deadline.") for row in csv.DictReader(lines) if row["key"].startswith("deadline.")
        }


def kind(drawn: geometry.Drawn, id_: str) -> str:
    return str(drawn.elements[id_].tag).removeprefix(geometry.BPMN)


def nodes(drawn: geometry.Drawn) -> dict[str, geometry.Box]:
    return {id_: drawn.shapes[id_] for id_ in drawn.elements if kind(drawn, id_) in FLOW_NODES}


def test_everything_is_drawn(drawn: geometry.Drawn):
    flows = {id_ for id_ in drawn.elements if kind(drawn, id_) == "sequenceFlow"}
    assert set(drawn.lines) == flows
    assert set(drawn.shapes) == set(drawn.elements) - flows


def test_every_shape_lies_in_its_lane(drawn: geometry.Drawn):
    assert not [id_ for id_, lane in drawn.lanes.items() if not drawn.shapes[lane].holds(drawn.shapes[id_])]


def test_shapes_do_not_overlap(drawn: geometry.Drawn):
    boxes = [(id_, box) for id_, box in nodes(drawn).items() if kind(drawn, id_) != "boundaryEvent"]
    assert not [
        (one, other)
        for place, (one, first) in enumerate(boxes)
        for other, second in boxes[place + 1 :]
        if first.overlaps(second)
    ]


def test_labels_stand_free(drawn: geometry.Drawn):
    boxes = [*nodes(drawn).items(), *((f"label of {id_}", box) for id_, box in drawn.labels.items())]
    assert not [
        (id_, other)
        for id_, label in drawn.labels.items()
        for other, box in boxes
        if other != f"label of {id_}" and label.overlaps(box)
    ]


def test_lines_run_upright_or_level_and_never_cross(drawn: geometry.Drawn):
    pieces = list(drawn.segments())
    assert not [flow for flow, (a, b), (c, d) in pieces if a != c and b != d]
    assert not [
        (first[0], second[0])
        for place, first in enumerate(pieces)
        for second in pieces[place + 1 :]
        if first[0] != second[0] and geometry.meet(first[1:], second[1:])
    ]


def test_no_line_runs_through_a_shape_or_a_label(drawn: geometry.Drawn):
    found = []
    for flow, first, second in drawn.segments():
        ends = {drawn.elements[flow].get("sourceRef"), drawn.elements[flow].get("targetRef")}
        boxes = [*nodes(drawn).items(), *((f"label of {id_}", box) for id_, box in drawn.labels.items())]
        found += [
            (flow, id_)
            for id_, box in boxes
            if id_ not in ends and id_ != f"label of {flow}" and geometry.passes_through((first, second), box)
        ]
    assert not found


def test_every_person_s_task_says_who_by_when_and_on_what_ground(diagram: diagrams.Diagram):
    tasks = [each for each in diagram.elements.values() if each.kind == "user"]
    assert tasks
    for each in tasks:
        assert all(
            (each.name, each.role, each.scope, each.form, each.deadline or each.due, each.clause, each.documentation)
        ), each.id


def test_every_person_s_task_has_a_clock_that_reminds_and_leaves_it_open(diagram: diagrams.Diagram):
    clocks = {
        each.attached: each
        for each in diagram.elements.values()
        if each.kind == "boundary" and each.event == "timer" and not each.interrupting
    }
    for each in diagram.elements.values():
        if each.kind == "user":
            timer = clocks[each.id].timer
            assert timer is not None
            assert timer.source == (each.due.source if each.due else f'deadline("{each.deadline}")')


def test_a_choice_is_a_question_and_its_answers_are_named(diagram: diagrams.Diagram):
    flows = [flow for scope in diagram.scopes.values() for flow in scope.flows]
    for each in diagram.elements.values():
        if each.kind == "exclusive":
            answers = [flow for flow in flows if flow.source == each.id]
            assert each.name.endswith("？")
            assert all(flow.name and (flow.condition or flow.default) for flow in answers), each.id


def test_the_recheck_is_kept_apart_from_the_handling():
    folder = next(each for each in folders() if each.name == "designation-case")
    made = diagram_of(folder)
    assert made.elements["recheck"].separate == ("intake", "visit_decision")


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_the_linter_finds_nothing(folder: Path):
    findings = lint.check(
        {read(folder, "process.json")["diagram"]: drawn_of(folder)},
        steps=steps.registered(),
        forms={path.stem for path in folder.glob("forms/*.json")},
        tables={
            path.stem: [each.name for each in decisions.load(path.read_bytes()).outputs]
            for path in folder.glob("*.dmn")
        },
        deadlines=deadline_keys(),
        roles=set(ROLES),
        names={"outcome", *read(folder, "process.json").get("starts_with", ())},
        processes={read(each, "process.json")["key"]: () for each in folders()},
    )
    assert not findings
