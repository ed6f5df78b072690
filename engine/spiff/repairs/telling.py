"""Messages thrown and waited for: what they are about is settled here, who carries them is the host's affair.

In the library one message frees everybody who waits for its name, any one key is enough, and a message that nobody
waits for is an error.
"""

from collections.abc import Mapping
from typing import Any

from engine.spiff.correlation import ONLY, UNSAID, Told, about, tried
from engine.spiff.hygiene import clean
from engine.spiff.repairs.step import value
from engine.spiff.repairs.tree import names_at
from engine.spiff.stuck import StuckAt

LONGEST = 120


def tell(task: Any) -> None:
    """Say a message: only the declared parameters go out, and what it is about."""
    spec, top = task.task_spec, task.workflow.top_workflow
    element, names = spec.element, names_at(task)
    given = {name: value(spec, each, names, name) for name, each in element.parameters.items()}
    data = clean(element.id, given)
    keys = {key.name: found for key in element.keys if (found := tried(key.said, {**names, **data})) is not UNSAID}
    if keys:
        _known(task).update(clean(element.id, keys))
    if element.correlation is not None:
        keys[ONLY] = value(spec, element.correlation, names, "correlation")
    top.host.say(element, Told(element.message or "", data, keys, _to(spec, names), element.keep, f"{task.id:x}"))


def subscribe(task: Any) -> None:
    """The key of `jidi:correlation` is settled when the wait begins, and stays, whatever the data become."""
    element = task.task_spec.element
    if element.correlation is not None:
        names = names_at(task)
        task.internal_data["key"] = value(task.task_spec, element.correlation, names, "correlation")


def wanted(task: Any) -> Mapping[str, Any] | None:
    """What a message must be about to be meant for this task; a key that is not known yet wants nothing."""
    element, internal = task.task_spec.element, task.internal_data
    found: dict[str, Any] = {ONLY: internal["key"]} if "key" in internal else {}
    known = _known(task) if element.keys else {}
    for key in element.keys:
        if key.wanted is not None:
            # Follows the data, as BPMN has it; nothing is meant for whoever does not know yet what it wants.
            said = tried(key.wanted, names_at(task))
            found[key.name] = None if said is UNSAID else said
        elif key.name in known:
            found[key.name] = known[key.name]
    return found or None


def remember(task: Any, told: Told) -> None:
    """What the first message of a conversation was about, the later ones must be about as well."""
    element = task.task_spec.element
    if element.keys:
        known = _known(task)
        said = {name: found for name, found in about(element, told).items() if name not in {ONLY, *known}}
        known.update(clean(element.id, said))


def _known(task: Any) -> dict[str, Any]:
    """The keys of this process's conversations; they stand at its root, where they are kept with the state."""
    run = task.workflow
    while run.parent_task_id is not None:
        host = run.top_workflow.find(run.parent_task_id)
        if host.workflow.plan is not run.plan:
            break
        run = host.workflow
    known: dict[str, Any] = run.task_tree.internal_data.setdefault("keys", {})
    return known


def _to(spec: Any, names: Mapping[str, Any]) -> str | None:
    """The address, if the diagram names one: a case or a subject."""
    if spec.element.to is None:
        return None
    said = value(spec, spec.element.to, names, "to")
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST:
        raise StuckAt(spec.element.id, "message.bad_address", {"address": str(said)[:LONGEST]})
    return said
