"""A trial played from its beginning at every look, and the tests that a folder brings with it."""

from datetime import timedelta

import orjson
import pytest

from engine import trial
from engine.folders import Folder, digest_of
from engine.trial import standing
from ground import clock
from tests.workflows.folders import ROOT, folders, parts

BASE_CHANGE = parts(ROOT / "base-change")


def folder(files):
    return Folder(0, digest_of(files), dict(files))


def stand(*steps: object, gives=None):
    script = trial.read(orjson.dumps({"steps": list(steps), "gives": gives or {}}))
    return trial.stand(script, trial.files_of(folder(BASE_CHANGE)))


def test_it_stands_where_the_steps_lead_and_the_clock_of_the_house_is_left_alone(stopped_clock):
    stood = stand({"complete": "fill"}, {"advance_seconds": 86_400}, gives={"change.prepare": {"leader_signs": False}})
    assert stood.stage.open_tasks() == ["city_review"]
    assert stood.stage.now - trial.read(b'{"steps": []}').at == timedelta(days=1)
    assert clock.now() == stopped_clock[0]


def test_a_step_that_cannot_be_done_is_told_and_everything_stands_as_before_it():
    stood = stand({"complete": "sign"})
    assert stood.trouble is not None
    assert stood.trouble.code == "trial.not_open"
    assert stood.stage.open_tasks() == ["fill"]


def test_a_draft_s_tests_hold_until_it_goes_another_way():
    assert all(each.held for each in trial.proofs(folder(BASE_CHANGE)))
    turned = BASE_CHANGE["base-change.bpmn"].replace(b'default="city_returned"', b'default="city_agreed"')
    failed = [each.name for each in trial.proofs(folder({**BASE_CHANGE, "base-change.bpmn": turned})) if not each.held]
    assert "市（州）、商务厅各退回一次" in failed


def test_a_table_s_examples_are_tests_too():
    made = folder({**parts(ROOT / "designation-case")})
    proved = [
        trial.standing._of_table(path, body, made) for path, body in made.parts.items() if "tests/tables/" in path
    ]
    assert proved
    assert all(each.held for each in proved)


@pytest.mark.parametrize("wrong", [b"no json", b"[1]", b"null", b'{"cases": [1]}', b'{"cases": [{}]}'])
def test_an_example_of_a_table_that_cannot_be_read_does_not_hold(wrong):
    made = folder({**parts(ROOT / "designation-case")})
    proof = trial.standing._of_table("tests/tables/site-visit.json", wrong, made)
    assert (proof.held, proof.unread) == (False, {})


@pytest.mark.parametrize("wrong", [b"no json", b"[1]", b'{"steps": [{"fly": true}]}'])
def test_a_test_that_cannot_be_read_does_not_hold(wrong):
    proved = trial.proofs(folder({**BASE_CHANGE, "tests/wrong.json": wrong}))
    assert [each.held for each in proved if each.path == "tests/wrong.json"] == [False]


def test_what_no_test_meets_is_named():
    few = {path: body for path, body in BASE_CHANGE.items() if not path.startswith("tests/") or "contact" in path}
    made = folder(few)
    assert "sign" in trial.unmet(made, trial.proofs(made))
    whole = folder(BASE_CHANGE)
    assert trial.unmet(whole, trial.proofs(whole)) == []


@pytest.mark.parametrize(
    "template", sorted((ROOT / "templates").glob("*/process.json")), ids=lambda path: path.parent.name
)
def test_a_template_can_be_run_from_its_beginning(template):
    made = folder(parts(template.parent))
    stood = trial.stand(trial.read(b'{"steps": []}'), trial.files_of(made))
    assert stood.trouble is None
    assert len(stood.stage.open_tasks()) == 1
    assert template.parent not in folders()  # a template is no process of its own


@pytest.mark.parametrize(
    ("mode", "answers", "over"),
    [
        ("any", ["return", "agree"], True),
        ("any", ["return", "return"], False),
        ("majority", ["agree", "return", "agree"], True),
        ("majority", ["agree", "agree"], True),
        ("majority", ["agree", "return"], False),
        ("all", ["agree", "agree"], False),
        ("all", ["agree", "agree", "return"], True),
    ],
)
def test_countersigning_is_over_as_its_mode_says(mode, answers, over):
    made = folder(parts(ROOT / "templates" / "review"))
    chosen = {"signers": ["sc-tax", "sc-finance", "sc-market"], "mode": mode}
    steps = [
        {"complete": "draft"},
        {"complete": "review", "data": {"outcome": "agree"}},
        {"complete": "choose", "data": chosen},
        *({"complete": "countersign", "data": {"outcome": each}} for each in answers),
    ]
    stood = trial.stand(trial.read(orjson.dumps(steps)), trial.files_of(made))
    assert stood.trouble is None
    assert (stood.stage.open_tasks() == ["decide"]) is over


def test_the_rows_of_a_table_that_no_test_lets_fire_are_named_by_their_number():
    whole = parts(ROOT / "objection")
    made = folder(whole)
    assert trial.unfired(made, trial.proofs(made)) == []
    examples = orjson.loads(whole["tests/tables/acceptance.json"])
    examples["cases"] = examples["cases"][1:]
    ways = {path for path in whole if path.startswith("tests/") and not path.startswith("tests/tables/")}
    thinner = {path: body for path, body in whole.items() if path not in ways}
    made = folder(thinner | {"tests/tables/acceptance.json": orjson.dumps(examples)})
    ((table, left),) = trial.unfired(made, trial.proofs(made))
    assert (table is made.tables["acceptance"], left) == (True, [1])


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*/tests/tables/*.json")), ids=lambda path: f"{path.parents[2].name}-{path.stem}"
)
def test_the_examples_of_every_shipped_table_hold_for_the_owner_too(path):
    """What the owner's desk plays before a proposal is what the tests of the house play."""
    made = folder(parts(path.parents[2]))
    proof = standing._of_table(f"tests/tables/{path.name}", path.read_bytes(), made)
    assert proof.held, proof.why
    assert proof.fired


def test_the_flows_of_a_choice_that_no_test_takes_are_named_by_where_they_lead():
    whole = parts(ROOT / "objection")
    made = folder(whole)
    assert trial.untaken(made, trial.proofs(made)) == []
    kept = next(path for path in sorted(whole) if path.startswith("tests/") and "tables" not in path)
    fewer = {path: body for path, body in whole.items() if not path.startswith("tests/") or path == kept}
    made = folder(fewer)
    left = trial.untaken(made, trial.proofs(made))
    assert left
    assert all(flow.source in made.diagram.elements for flow in left)
