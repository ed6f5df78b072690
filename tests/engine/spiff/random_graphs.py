"""Random diagrams that are no blocks: tasks, gateways and timers joined at random, with ways back."""

from random import Random

from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    event,
    exclusive,
    flow,
    inclusive,
    parallel,
    process,
    service,
    start,
    timer,
    user,
)
from tests.engine.spiff.token_game import Arc, Edge, Graph

KINDS = ("task",) * 6 + ("xor",) * 4 + ("and",) * 3 + ("or",) * 4 + ("service", "end", "race")
GATEWAYS = {"xor": exclusive, "and": parallel, "or": inclusive}
CHOICES = frozenset({"xor", "or"})


def drawn(seed: int) -> tuple[bytes, Graph]:
    """One diagram: its file and its graph. Not every one is right; the linter is asked for that."""
    chance = Random(seed)  # noqa: S311  orders, not secrets
    kinds = {"S": "start", "E": "terminate" if chance.random() < 0.1 else "end"}
    for number in range(chance.randint(3, 9)):
        kinds[f"n{number}"] = chance.choice(KINDS)
    edges = _edges(chance, kinds)
    arcs = _arcs(chance, kinds, edges)
    return _file(kinds, arcs, edges), Graph(kinds, tuple(arcs), tuple(edges))


def _edges(chance: Random, kinds: dict[str, str]) -> list[Edge]:
    hosts = [node for node, kind in kinds.items() if kind == "task" and chance.random() < 0.25]
    edges = [Edge(f"t_{host}", host, chance.random() < 0.5) for host in hosts]
    for edge in edges:
        kinds[edge.id] = "edge"
    return edges


def _arcs(chance: Random, kinds: dict[str, str], edges: list[Edge]) -> list[Arc]:
    """From each node to later ones mostly; every node is led to by an earlier one."""
    inner = [node for node, kind in kinds.items() if kind not in {"start", "edge"} and node != "E"]
    order = ["S", *inner, "E"]
    pairs: list[tuple[str, str]] = []
    for place, node in enumerate(order[1:], 1):
        before = [one for one in order[:place] if kinds[one] not in {"end", "terminate", "race"} and one != node]
        pairs.append((chance.choice(before), node))
    for place, node in enumerate(order):
        if kinds[node] in {"end", "terminate"}:
            continue
        wanted = chance.choice((1, 1, 2) if kinds[node] in {"task", "service", "start"} else (1, 2, 2, 3))
        while sum(source == node for source, _ in pairs) < (2 if kinds[node] == "race" else wanted):
            back = chance.random() < 0.15 and place > 1
            pairs.append((node, chance.choice(order[1:place] if back else order[place + 1 :])))
    pairs += [(edge.id, chance.choice([*inner, "E"])) for edge in edges]
    return _conditioned(chance, kinds, _raced(kinds, list(dict.fromkeys(pairs))))


def _raced(kinds: dict[str, str], pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An event of its own behind each way out of an event gateway."""
    found: list[tuple[str, str]] = []
    for number, (source, target) in enumerate(pairs):
        if kinds[source] == "race":
            kinds[f"c{number}"] = "catch"
            found += [(source, f"c{number}"), (f"c{number}", target)]
        else:
            found.append((source, target))
    return found


def _conditioned(chance: Random, kinds: dict[str, str], pairs: list[tuple[str, str]]) -> list[Arc]:
    arcs = []
    for source in dict.fromkeys(source for source, _ in pairs):
        targets = [target for one, target in pairs if one == source]
        choice = kinds[source] in CHOICES or (kinds[source] == "task" and chance.random() < 0.3)
        default = len(targets) - 1 if choice and len(targets) > 1 else None
        for number, target in enumerate(targets):
            id_ = f"{source}-{target}"
            asked = default is not None and number != default
            name = f"c_{id_}".replace("-", "_") if asked else None
            arcs.append(Arc(id_, source, target, name, number == default))
    return arcs


def _file(kinds: dict[str, str], arcs: list[Arc], edges: list[Edge]) -> bytes:
    defaults = {arc.source: arc.id for arc in arcs if arc.default}
    parts = [_node(id_, kind, defaults.get(id_)) for id_, kind in kinds.items() if kind != "edge"]
    parts += [boundary(edge.id, edge.host, timer("P1D"), interrupting=edge.interrupting) for edge in edges]
    return process(*parts, *(flow(arc.source, arc.target, arc.condition, id=arc.id) for arc in arcs))


def _node(id_: str, kind: str, default: str | None) -> str:
    if kind in GATEWAYS:
        return GATEWAYS[kind](id_, **({"default": default} if default else {}))
    makers = {
        "start": lambda: start(id_),
        "end": lambda: end(id_),
        "terminate": lambda: end(id_, event("terminate")),
        "task": lambda: user(id_, default=default),
        "service": lambda: service(id_),
        "race": lambda: element("eventBasedGateway", id_),
        "catch": lambda: catch(id_, timer("P1D")),
    }
    return makers[kind]()
