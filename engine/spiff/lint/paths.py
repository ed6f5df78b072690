"""The ways through a diagram: nothing unreachable, no circle that turns without anybody, no flood of tokens."""

from collections.abc import Iterable, Mapping

from engine.spiff import compiling, conversations
from engine.spiff.drawings import Drawing, Node
from engine.spiff.expressions import compile_expression, unwrap
from engine.spiff.lint.findings import Look
from ground.errors import Refused

MOST_TOKENS = 2_000
WAITS = frozenset({"user", "receive", "event_gateway"})
OUTSIDE = frozenset({"timer", "message", "signal", "conditional"})
SPLITS_SHARE = frozenset({"exclusive", "event_gateway"})
JOINS = frozenset({"parallel", "inclusive"})

Edges = Mapping[str, list[str]]


def check(look: Look) -> None:
    """Every scope; only when its flows lead from somewhere to somewhere."""
    if any(finding.code.startswith(("flow.", "boundary.unknown")) for finding in look.found):
        return
    scopes = _scopes(look.drawing)
    held = waiting(look.drawing, scopes, look.others)
    for inside in scopes.values():
        edges = _edges(look.drawing, inside)
        starts = _starts(look.drawing, inside)
        for id_ in inside.keys() - _reached(starts, edges):
            look.warn("bpmn.unreachable", inside[id_])
        _circles(look, inside, edges, held)
        most, where = _crowd(inside, edges, starts)
        if most > MOST_TOKENS:
            look.refuse("bpmn.too_many_tokens", inside[where], limit=MOST_TOKENS)


def waiting(
    drawing: Drawing,
    scopes: Mapping[str, Mapping[str, Node]],
    others: Mapping[str, Drawing],
    above: tuple[str, ...] = (),
) -> set[str]:
    """The nodes that no token passes without a person, a moment or a message.

    Subprocesses by what is in them, and so the called processes of the same file; others are taken to wait.
    """
    held = {
        node.id
        for node in drawing.nodes.values()
        if node.kind in WAITS
        or (node.kind == "service" and not node.ours("step"))
        or (node.kind == "rule" and not node.ours("table"))
        or (node.kind in {"catch", "boundary"} and node.event in OUTSIDE)
    }
    held |= {id_ for id_, node in drawing.nodes.items() if node.kind == "call" and _call_waits(node, others, above)}
    for scope in list(scopes)[::-1]:  # the innermost first
        inside = scopes[scope]
        free = {id_: [to for to in targets if to not in held] for id_, targets in _edges(drawing, inside).items()}
        through = _reached([id_ for id_ in _starts(drawing, inside) if id_ not in held], free)
        ends = {id_ for id_ in inside if id_ not in held and id_ in through and not drawing.outgoing.get(id_)}
        if inside and not ends:
            held.add(scope)
    return held


def _call_waits(node: Node, others: Mapping[str, Drawing], above: tuple[str, ...]) -> bool:
    called = others.get(conversations.called(node) or "")
    if called is None or called.id in above:
        return True
    return called.id in waiting(called, _scopes(called), others, (*above, called.id))


def _scopes(drawing: Drawing) -> dict[str, dict[str, Node]]:
    found: dict[str, dict[str, Node]] = {id_: {} for id_ in drawing.scopes}
    for node in drawing.nodes.values():
        found[node.within][node.id] = node
    return found


def _edges(drawing: Drawing, inside: Mapping[str, Node]) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = {
        id_: [flow.target for flow in drawing.outgoing.get(id_, ()) if flow.target in inside] for id_ in inside
    }
    links = {compiling.event_code(drawing, each): id_ for id_, each in inside.items() if each.kind == "catch"}
    for id_, node in inside.items():
        host = node.xml.get("attachedToRef", "")
        if node.kind == "boundary" and host in edges:
            edges[host].append(id_)
        if node.kind == "throw" and node.event == "link":
            edges[id_] += [found for code, found in links.items() if code == compiling.event_code(drawing, node)]
    return edges


def _starts(drawing: Drawing, inside: Mapping[str, Node]) -> list[str]:
    starts = [id_ for id_, node in inside.items() if node.kind == "start"]
    alone = [id_ for id_, node in inside.items() if _by_event(drawing, node)]
    if starts:
        return starts + alone
    return alone + [
        id_
        for id_, node in inside.items()
        if id_ not in drawing.incoming
        and node.kind != "boundary"
        and not (node.kind == "catch" and node.event == "link")
    ]


def _by_event(drawing: Drawing, node: Node) -> bool:
    return node.id in drawing.scopes and drawing.scopes[node.id].get("triggeredByEvent") == "true"


def _reached(starts: Iterable[str], edges: Edges) -> set[str]:
    seen, left = set[str](), list(starts)
    while left:
        current = left.pop()
        if current not in seen:
            seen.add(current)
            left.extend(edges.get(current, ()))
    return seen


def _circles(look: Look, inside: Mapping[str, Node], edges: Edges, held: set[str]) -> None:
    """Refuse a circle that nothing in it can ever leave; say so where something may, since a limit ends it as well."""
    changing: set[str] = set()
    while cycle := _cycle(edges, held | changing):
        changes = [id_ for id_ in cycle if _changes(look, id_, _asked(look, cycle))] or _meets(look, cycle)
        if not changes:
            look.refuse("bpmn.automatic_cycle", inside[cycle[0]], cycle=cycle, way_out="user_task_or_timer")
            return
        changing.update(changes)
        look.warn("bpmn.automatic_cycle_limited", inside[cycle[0]], cycle=cycle)


def _meets(look: Look, cycle: list[str]) -> list[str]:
    """The joins in a circle that sends tokens out, too: there it may wait for what they come back with."""
    merging = [id_ for id_ in cycle if look.drawing.nodes[id_].kind in JOINS]
    splits = any(len(look.drawing.outgoing.get(id_, ())) > 1 for id_ in merging)
    return [id_ for id_ in merging if splits and len(look.drawing.incoming.get(id_, ())) > 1]


def _asked(look: Look, cycle: list[str]) -> set[str]:
    """What the choices in a circle read."""
    flows = [flow for id_ in cycle for flow in look.drawing.outgoing.get(id_, ()) if flow.condition]
    return {name for flow in flows for name in _names(flow.condition or "")}


def _names(text: str) -> frozenset[str]:
    try:
        return compile_expression(unwrap(text)).names
    except Refused:
        return frozenset()  # texts.py says so


def _changes(look: Look, id_: str, asked: set[str]) -> bool:
    """Whether a node, or anything in it, may change what a circle's choices read; a caught error is a choice, too."""
    node = look.drawing.nodes[id_]
    if node.kind == "boundary":
        return True
    below = [each for each in look.drawing.nodes.values() if each.within == id_]
    return bool(_sets(look, node, asked) & asked) or any(_changes(look, each.id, asked) for each in below)


def _sets(look: Look, node: Node, asked: set[str]) -> set[str]:
    """The names that a node is known to set."""
    names = set((node.ours("returns") or "").split())
    found = (look.facts.steps or {}).get(node.ours("step") or "")
    names.update(found.returns if found is not None else ())
    tables = look.facts.tables
    if isinstance(tables, Mapping):
        names.update(tables.get(node.ours("table") or "", ()))
    elif node.ours("table"):
        names.update(asked)  # nobody knows what the table says, but it says something
    repeated = compiling.repeat(node) if node.child("multiInstanceLoopCharacteristics") is not None else None
    names.update(name for name in (repeated and repeated.output,) if name)
    return names


def _cycle(edges: Edges, held: set[str]) -> list[str]:
    """A circle through nodes that all run by themselves, in its order; empty if there is none."""
    done: set[str] = set()
    for root in edges:
        if root in done or root in held:
            continue
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, int]] = [(root, 0)]
        while stack:
            current, step = stack.pop()
            if step == 0:
                on_path[current] = len(path)
                path.append(current)
            following = [to for to in edges.get(current, ()) if to not in held]
            if step < len(following):
                stack.append((current, step + 1))
                onward = following[step]
                if onward in on_path:
                    return path[on_path[onward] :]
                if onward not in done:
                    stack.append((onward, 0))
            else:
                done.add(current)
                path.pop()
                del on_path[current]
    return []


def _crowd(inside: Mapping[str, Node], edges: Edges, starts: list[str]) -> tuple[float, str]:
    """An upper guess of how many tokens may stand at one node: splits multiply, joins take the largest."""
    tokens = dict.fromkeys(inside, 0.0)
    tokens.update(dict.fromkeys(starts, 1.0))
    order = _order(edges, starts)
    place = {id_: number for number, id_ in enumerate(order)}
    most, where = 0.0, ""
    for id_ in order:
        if tokens[id_] > most:
            most, where = tokens[id_], id_
        ways = edges.get(id_, ())
        share = tokens[id_] / len(ways) if ways and inside[id_].kind in SPLITS_SHARE else tokens[id_]
        for onward in ways:
            if place[onward] > place[id_]:  # a way back brings no new token in this round
                joined = inside[onward].kind in JOINS
                tokens[onward] = max(tokens[onward], share) if joined else tokens[onward] + share
    return most, where


def _order(edges: Edges, starts: list[str]) -> list[str]:
    """The nodes from the start on, each after those that lead to it, ways back left out."""
    order: list[str] = []
    seen: set[str] = set()
    for root in starts:
        stack: list[tuple[str, int]] = [(root, 0)]
        while stack:
            current, step = stack.pop()
            if step == 0:
                if current in seen:
                    continue
                seen.add(current)
            following = edges.get(current, ())
            if step < len(following):
                stack.append((current, step + 1))
                if following[step] not in seen:
                    stack.append((following[step], 0))
            else:
                order.append(current)
    return order[::-1]
