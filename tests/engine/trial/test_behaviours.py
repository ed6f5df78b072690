"""Every behaviour that other engines' suites require holds, stored and read again after each step."""

import orjson
import pytest

from engine import trial
from engine.definitions import NotRunnable
from tests.engine.trial.behaviours import EVERY, Behaviour


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_a_behaviour_holds(one: Behaviour):
    script = trial.read(orjson.dumps(one.steps))
    try:
        files = trial.compiled({"p.bpmn": one.body, **one.more}, script.completed)
    except NotRunnable as no:
        heard = [trial.refused(script, no.detail["findings"])]
    else:
        heard = list(trial.play(script, files, restore=True))
    assert not [f"{each.step.number} {each.step}: {each.why}" for each in heard if not each.held]
