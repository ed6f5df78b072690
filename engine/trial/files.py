"""The files of a trial: looked over as for publication and compiled, or refused; then asked for diagrams and forms."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from engine.decisions import Table, load as table_of
from engine.definitions import NotRunnable
from engine.forms import Form, load as form_of
from engine.spiff import conversations, diagrams, documents, drawings, lint, soundness
from engine.spiff.diagrams import Diagram, Element, NoDiagram
from engine.spiff.drawings import BPMN, JIDI, Drawing
from engine.spiff.lint import Finding
from engine.spiff.normalise import Mend, export, normalise
from engine.trial import terms
from ground.errors import Refused

STEP = f"{{{JIDI}}}step"
SEND, SERVICE = f"{{{BPMN}}}sendTask", f"{{{BPMN}}}serviceTask"


class UnknownProcess(Refused):
    """No file has a process of this id; `known` are those there are."""

    code = "trial.unknown_process"


class UnknownField(Refused):
    """The task's form asks for no such field, or offers no such answer."""

    code = "trial.unknown_field"


@dataclass(frozen=True)
class Files:
    """What is tried: diagrams by process id, the first being the one that is meant, and what stands beside them."""

    diagrams: Mapping[str, Diagram]
    forms: Mapping[str, Form] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    mended: tuple[Mend, ...] = ()
    warned: tuple[Finding, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)

    def diagram(self, process: str | None) -> Diagram:
        """The diagram of this process, or of the one that is meant."""
        if process is None:
            return next(iter(self.diagrams.values()))
        if process not in self.diagrams:
            raise UnknownProcess(process=process, known=sorted(self.diagrams))
        return self.diagrams[process]

    def scalars(self, element: Element, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the diagram reads of these answers: as the element's form says, or all of it where there is no form."""
        form = self.forms.get(element.form or "")
        if form is None:
            return data
        for name, value in data.items():
            if name not in form.fields:
                raise UnknownField(element=element.id, field=name, known=sorted(form.fields))
            offered = [option.code for option in form.fields[name].options]
            if offered and isinstance(value, str) and value not in offered:
                raise UnknownField(element=element.id, field=name, value=value, known=offered)
        return form.scalars_of(data)


def compiled(parts: Mapping[str, bytes], by_hand: Collection[str] = ()) -> Files:
    """The files by their names: *.bpmn, and with them *.dmn and forms/*.json. NotRunnable lists what is wrong.

    Files with a process.json among them are a process folder, and its diagrams may name only what the folder has.
    Diagrams alone are mended first and may name any form, role or step; what is done `by_hand` waits for that.
    """
    bodies = {name: body for name, body in parts.items() if name.endswith(".bpmn")}
    if not bodies:
        raise NoDiagram(found=0)
    shelf, ours = Shelf(parts), "process.json" in parts
    known = shelf.known if ours else Known()
    mended: list[Mend] = []
    if not ours:
        bodies, mended = _mended(bodies, by_hand)
    processes = dict(_processes(bodies.values()))
    findings = lint.check(
        bodies,
        forms=known.forms,
        tables=known.tables,
        deadlines=known.deadlines,
        processes={id_: _called(drawing) for id_, drawing in processes.items()},
        whole=True,
    )
    _refuse_errors(next(iter(bodies)), findings)
    main = diagrams.together(list(bodies.values()))
    others = {id_: diagrams.together(list(bodies.values()), id_) for id_ in processes if id_ != main.id}
    every = {main.id: main, **others}
    findings += [finding for id_, diagram in every.items() for finding in soundness.findings(id_, diagram)]
    _refuse_errors(main.id, findings)
    return Files(every, shelf.forms, shelf.tables, tuple(mended), tuple(findings))


def _refuse_errors(name: str, findings: Iterable[Finding]) -> None:
    if errors := [finding for finding in findings if finding.severity == "error"]:
        raise NotRunnable(process=name, findings=errors)


def _mended(bodies: Mapping[str, bytes], by_hand: Collection[str]) -> tuple[dict[str, bytes], list[Mend]]:
    """Bodies as they can be run, and what was done; what is no safe XML stays, for the linter to name."""
    made, mends = dict(bodies), list[Mend]()
    for name, body in bodies.items():
        with contextlib.suppress(Refused):
            normalised = normalise(body)
            made[name] = _without_steps(normalised.body, by_hand)
            mends += normalised.mended
    return made, mends


def _without_steps(body: bytes, by_hand: Collection[str]) -> bytes:
    """The service tasks wait to be done; so does a send task, which is work like any other in Camunda and Zeebe."""
    root = documents.parse(body)
    named = [each for each in root.iter() if each.get("id") in by_hand and (STEP in each.attrib or each.tag == SEND)]
    for each in named:
        each.attrib.pop(STEP, "")
        each.attrib.pop("messageRef", "")
        each.tag = SERVICE if each.tag == SEND else each.tag
    return export(root) if named else body


def _processes(bodies: Iterable[bytes]) -> Iterator[tuple[str, Drawing]]:
    """Every process that has something in it, by id; a file that cannot be read is named by the linter."""
    for body in bodies:
        with contextlib.suppress(Refused):
            drawing = drawings.read(body)
            every = {drawing.id: drawing, **drawings.beside(drawing)}
            yield from ((id_, each) for id_, each in every.items() if each.nodes)


def _called(drawing: Drawing) -> set[str]:
    return {called for node in drawing.nodes.values() if (called := conversations.called(node))}


@dataclass(frozen=True)
class Known:
    """What diagrams may name; None for anything."""

    forms: Collection[str] | None = None
    tables: Collection[str] | None = None
    deadlines: Collection[str] | None = None


@dataclass(frozen=True)
class Shelf:
    """What stands beside the diagrams."""

    parts: Mapping[str, bytes]

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms by key."""
        return {path.stem: form_of(body) for path, body in self._of(".json") if path.parent.name == "forms"}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The decision tables by key."""
        return {path.stem: table_of(body) for path, body in self._of(".dmn")}

    @property
    def known(self) -> Known:
        """What the diagrams of a process folder may name."""
        return Known(set(self.forms), set(self.tables), terms.keys())

    def _of(self, ending: str) -> list[tuple[PurePosixPath, bytes]]:
        return [(PurePosixPath(name), body) for name, body in sorted(self.parts.items()) if name.endswith(ending)]
