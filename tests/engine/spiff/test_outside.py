"""Diagrams in the manner of other modelers: each runs or says why not, reads back as it was, and is never misread."""

from dataclasses import replace
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest

from engine.spiff import diagrams, drawings, dry, second_reading
from engine.spiff.normalise import export, normalise
from engine.spiff.outside import canonical, judge
from tests.engine.diagrams import (
    boundary,
    element,
    end,
    exclusive,
    flow,
    line,
    path,
    process,
    service,
    start,
    timer,
    user,
)
from tests.engine.spiff.random_diagrams import Draughtsman
from web.commands import main

FOLDER = Path(__file__).parent / "elsewhere"
FILES = sorted(FOLDER.glob("*.bpmn"))
SEEDS = range(60)


def compiled(body: bytes) -> list[diagrams.Diagram]:
    first = drawings.read(body)
    every = (first, *drawings.beside(first).values())
    return [diagrams.build(each) for each in every if each.nodes]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_vendors_diagram_runs_or_is_refused_by_name_and_is_not_misread(file):
    verdict = judge(file.read_bytes())
    refused = [each.code for each in verdict.refused]
    assert refused == (["bpmn.script_forbidden"] if "refused" in file.stem else [])
    assert not verdict.changed
    assert not verdict.misread


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_mended_diagram_reads_back_as_it_was_mended(file):
    body = normalise(file.read_bytes()).body
    drawings.read(body)  # compiling leaves the text alone
    assert canonical(export(second_reading.documents.parse(body))) == canonical(body)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("camunda-7", {"form.read", "role.read", "person.read", "due.read", "passage.read", "expression.translated"}),
        ("camunda-8", {"list.read", "correlation.read", "table.read", "form.read", "role.read", "due.read"}),
        ("signavio", {"called.given_task", "subprocess.given_task", "choice.asked", "timer.asked", "message.named"}),
        ("bonita", {"repeat.again_asked", "repeat.times_asked", "condition.always_dropped", "subprocess.given_task"}),
        ("adonis", {"quantity.dropped", "signal.named", "timer.asked", "message.named", "repeat.times_asked"}),
        ("trisotech", {"reference.cleaned", "expression.translated", "message.named"}),
        ("flowable", {"role.read", "due.read", "list.read", "expression.translated"}),
        ("jbpm", {"repeat.list_named"}),
    ],
)
def test_what_was_mended_is_said(file, expected):
    said = {mend.code for mend in normalise((FOLDER / f"{file}.bpmn").read_bytes()).mended}
    assert expected <= said
    assert "expression.foreign" not in said


def test_what_is_read_from_camunda_holds_in_the_compiled_diagram():
    diagram = compiled(normalise((FOLDER / "camunda-7.bpmn").read_bytes()).body)[0]
    check, call = diagram.elements["check"], diagram.elements["archive"]
    assert (check.role, check.scope, check.argument and check.argument.source) == ("credit", "person", "officer")
    assert check.due is not None
    assert check.due.source == "P3D"
    assert call.passed.everything
    assert call.passed.values["subject"].source == "customer"
    assert call.given_back.values["archived"].source == "number != null"


def test_what_is_read_from_zeebe_holds_in_the_compiled_diagram():
    diagram = compiled(normalise((FOLDER / "camunda-8.bpmn").read_bytes()).body)[0]
    correlation = diagram.elements["wait"].correlation
    assert correlation is not None
    assert correlation.source == "order.id"
    repeat = diagram.elements["pick"].repeat
    assert repeat is not None
    assert (repeat.items, repeat.item, repeat.output, repeat.output_item) == ("lines", "line", "picked", "found")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_diagram_reads_the_same_the_second_time(seed):
    body, _ = Draughtsman(Random(seed)).diagram()  # noqa: S311  orders, not secrets
    assert second_reading.misread(body, compiled(body)) == []


BODY = process(
    start("s"),
    user("u"),
    boundary("b", "u", timer("P1D"), interrupting=False),
    exclusive("g", default="g-e"),
    service("v"),
    end("e"),
    path("s", "u", "g"),
    flow("b", "v"),
    flow("g", "v", "x"),
    flow("g", "e"),
)


@pytest.mark.parametrize(
    ("id_", "change"),
    [
        ("u", {"kind": "service"}),
        ("b", {"event": "message"}),
        ("b", {"attached": "v"}),
        ("b", {"interrupting": True}),
        ("v", {"within": "elsewhere"}),
    ],
)
def test_the_second_reading_finds_an_element_that_was_misread(id_, change):
    diagram = compiled(BODY)[0]
    elements = {**diagram.elements, id_: replace(diagram.elements[id_], **change)}
    assert second_reading.misread(BODY, [diagram]) == []
    assert second_reading.misread(BODY, [replace(diagram, elements=MappingProxyType(elements))])


@pytest.mark.parametrize("change", [{"target": "u"}, {"source": "b"}, {"condition": None}, {"id": "other"}])
def test_the_second_reading_finds_a_flow_that_was_misread(change):
    diagram = compiled(BODY)[0]
    scope = diagram.scopes["p"]
    flows = tuple(replace(each, **change) if each.id == "g-v" else each for each in scope.flows)
    assert second_reading.misread(BODY, [replace(diagram, scopes={"p": replace(scope, flows=flows)})])
    lost = replace(scope, flows=tuple(each for each in scope.flows if each.id != "s-u"))
    assert second_reading.misread(BODY, [replace(diagram, scopes={"p": lost})])


def test_mending_that_touches_more_than_it_says_is_found():
    other = BODY.replace(b'targetRef="e"', b'targetRef="u"')
    assert second_reading.changed(BODY, BODY, set()) == []
    assert second_reading.changed(BODY, other, set()) == ["g-e to e", "g-e to u"]
    assert second_reading.changed(BODY, other, {"g-e"}) == []


def test_a_first_move_finds_answers_that_lead_to_a_wait():
    body = process(
        start("s"), exclusive("g"), user("a"), user("b"), path("s", "g"),
        flow("g", "a", 'order.state == "new" and count(order.lines) > 5'), flow("g", "b", "order.total < 5"),
    )  # fmt: skip
    assert dry.start(diagrams.build(drawings.read(body))) is not None  # no answer fits both at once
    simple = body.replace(b" and count(order.lines) &gt; 5", b"")
    assert dry.start(diagrams.build(drawings.read(simple))) is None


def test_a_diagram_that_stops_on_its_first_move_is_refused_and_says_where():
    body = process(
        start("s"), exclusive("g"), user("a"), user("b"), path("s", "g"), flow("g", "a", "1 > 2"),
        flow("g", "b", "x != x")
    )  # fmt: skip
    refused = judge(body).refused
    assert [(each.code, each.element) for each in refused] == [("gateway.no_flow", "g")]


def test_a_closed_pool_is_no_process_but_a_broken_one_is():
    pool = b'<process id="box"/>'
    assert judge(BODY.replace(b"</definitions>", pool + b"</definitions>")).runs
    broken = b'<process id="box"><sequenceFlow id="lost" sourceRef="x" targetRef="y"/></process>'
    assert "flow.broken" in {
        each.code for each in judge(BODY.replace(b"</definitions>", broken + b"</definitions>")).refused
    }


def test_the_command_says_a_line_for_each_file_and_the_totals(tmp_path, capsys):
    folder = tmp_path / "Vendor 1"
    folder.mkdir()
    (folder / "a.bpmn").write_bytes(BODY)
    (folder / "b.bpmn").write_bytes(BODY.replace(b"<timeDuration", b"<x").replace(b"</timeDuration", b"</x"))
    (folder / "c.bpmn").write_bytes(line(element("userTask", "u"), element("receiveTask", "r")))
    (folder / "d.bpmn").write_bytes(line(element("complexGateway", "c")))
    (folder / "e.bpmn").write_bytes(b"not a diagram")
    assert main(["corpus", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Vendor 1/a.bpmn | runnable",
        "Vendor 1/b.bpmn | refused because bpmn.not_supported(None)",
        "Vendor 1/c.bpmn | runnable after message.named was mended",
        "Vendor 1/d.bpmn | refused because bpmn.complex_gateway(c)",
        "Vendor 1/e.bpmn | refused because xml.malformed(None)",
        "Vendor 1: 2 of 5 run (40 %), 1 of them mended; 3 refused; 5 read back unchanged; 0 misread",
        "= 合计 total: 2 of 5 run (40 %), 1 of them mended; 3 refused; 5 read back unchanged; 0 misread",
    ]


def calling(name: str, called: str) -> bytes:
    return line(element("callActivity", "c", calledElement=called)).replace(b'id="p"', f'id="{name}"'.encode())


def test_a_called_process_is_looked_for_in_the_other_files_of_the_folder(tmp_path, capsys):
    for vendor in ("one", "two", "three"):
        (tmp_path / vendor).mkdir()
        (tmp_path / vendor / "main.bpmn").write_bytes(calling("main", "inner"))
    inner = line(element("userTask", "u")).replace(b'id="p"', b'id="inner"')
    (tmp_path / "one" / "a.bpmn").write_bytes(inner)
    (tmp_path / "two" / "a.bpmn").write_bytes(inner)
    (tmp_path / "two" / "b.bpmn").write_bytes(inner)  # which of the two is meant nobody knows
    assert main(["corpus", str(tmp_path)]) == 0
    said = [text for text in capsys.readouterr().out.splitlines() if "main.bpmn" in text]
    assert said == [
        "one/main.bpmn | runnable | together with inner",
        "three/main.bpmn | refused because call.unknown(c)",
        "two/main.bpmn | refused because call.unknown(c)",
    ]


def test_what_is_wrong_in_a_called_file_refuses_its_caller_and_a_circle_of_files_is_seen(tmp_path, capsys):
    (tmp_path / "main.bpmn").write_bytes(calling("main", "inner"))
    wrong = line(element("complexGateway", "x")).replace(b'id="p"', b'id="inner"')
    (tmp_path / "inner.bpmn").write_bytes(wrong)
    assert main(["corpus", str(tmp_path)]) == 0
    assert "main.bpmn | refused because bpmn.complex_gateway(x)" in capsys.readouterr().out
    (tmp_path / "inner.bpmn").write_bytes(calling("inner", "main"))
    assert main(["corpus", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "main.bpmn | refused because bpmn.recursive_call(c)" in said
    assert "inner.bpmn | refused because bpmn.recursive_call(c)" in said


def test_the_command_fails_when_a_file_is_misread_or_there_is_none(tmp_path, capsys, monkeypatch):
    assert main(["corpus", str(tmp_path)]) == 2
    (tmp_path / "a.bpmn").write_bytes(BODY)
    monkeypatch.setattr(second_reading, "misread", lambda *_: ["u: userTask is service"])
    assert main(["corpus", str(tmp_path)]) == 1
    assert "MISREAD: u: userTask is service" in capsys.readouterr().out
