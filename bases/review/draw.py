"""The draw of a panel: by lot, from a recorded seed and the pool as it stood, so that anybody can draw it again.

Each expert's lot is a hash over the seed and the expert's ref; the smallest lots are drawn. Nothing but the record is
needed to repeat it: no generator of a language or version that may change. The hash of the seed is on record before
the pool is frozen, so that nobody chooses a pool to suit a seed or a seed to suit a pool.

Example: wanted 5, of them 1 from industry and 1 from finance or trade, at most 2 of a unit. Going down the lots, an
expert is passed over when two of the same unit are in already, or when the seats left are all needed for what is
still lacking; the first five who fit are the panel. Of those who are left the next are substitutes, one of each kind.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson

SAME_CITY, SAME_ORGAN = "same_city", "same_organ"
INDUSTRY, FINANCE, TRADE = "industry", "finance", "trade"


@dataclass(frozen=True)
class Candidate:
    """One expert in the pool; `excluded` says why this expert cannot be drawn for this base."""

    person: int
    ref: str
    organ: int
    city: str
    excluded: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """D03: how many substitutes, how many of a unit and of the base's city at most, how many of each kind at least."""

    substitutes: int
    per_unit: int
    same_city: int
    city: str
    industry: int
    finance: int


@dataclass(frozen=True)
class Snapshot:
    """The pool as it stood at the draw, in the order of refs, how many were wanted and by which rule."""

    size: int
    pool: tuple[Candidate, ...]
    rule: Rule | None = None

    def as_document(self) -> dict[str, Any]:
        """What is stored with the panel; one without a rule reads as it was written before there were rules."""
        rows = [asdict(candidate) for candidate in self.pool]
        if self.rule is None:
            return {"size": self.size, "pool": [_plain(row) for row in rows]}
        return {"size": self.size, "rule": asdict(self.rule), "pool": rows}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> "Snapshot":
        """The pool from what was stored."""
        pool = tuple(Candidate(**{**row, "fields": tuple(row.get("fields", ()))}) for row in document["pool"])
        return cls(document["size"], pool, Rule(**document["rule"]) if "rule" in document else None)

    def eligible(self) -> tuple[Candidate, ...]:
        """Who can be drawn."""
        return tuple(candidate for candidate in self.pool if candidate.excluded is None)


@dataclass(frozen=True)
class Lots:
    """What a draw gives, in the order of the lots."""

    members: tuple[Candidate, ...]
    substitutes: tuple[Candidate, ...]


def lots(seed: str, snapshot: Snapshot) -> Lots:
    """The panel and its substitutes, drawn in one act; fewer members than wanted if the rule leaves no more."""
    row = sorted(snapshot.eligible(), key=lambda candidate: _lot(seed, candidate.ref))
    if snapshot.rule is None:
        return Lots(tuple(row[: snapshot.size]), ())
    members: list[Candidate] = []
    for candidate in row:
        if len(members) < snapshot.size and fits(members, candidate, snapshot):
            members.append(candidate)
    return Lots(tuple(members), _substitutes([each for each in row if each not in members], snapshot.rule))


def _substitutes(row: Sequence[Candidate], rule: Rule) -> tuple[Candidate, ...]:
    """The next by lot, with one of each kind that the rule asks for where the pool still has one.

    So whoever falls out can be replaced by their like; where the pool has none, by plain order of the lots.
    """
    kept: list[Candidate] = []
    for candidate in row:
        beside = [*kept, candidate]
        if len(beside) <= rule.substitutes and lacking(beside, rule) <= rule.substitutes - len(beside):
            kept.append(candidate)
    kept += [candidate for candidate in row if candidate not in kept][: rule.substitutes - len(kept)]
    return tuple(candidate for candidate in row if candidate in kept)


def fits(members: Sequence[Candidate], candidate: Candidate, snapshot: Snapshot) -> bool:
    """Whether the rule lets this expert in beside these, with room left for what the panel still lacks."""
    rule = snapshot.rule
    if rule is None:
        return True
    beside = [*members, candidate]
    if sum(each.organ == candidate.organ for each in beside) > rule.per_unit:
        return False
    if candidate.city == rule.city and sum(each.city == rule.city for each in beside) > rule.same_city:
        return False
    return lacking(beside, rule) <= snapshot.size - len(beside)


def lacking(members: Sequence[Candidate], rule: Rule) -> int:
    """How many seats are still needed for experts of industry, and of finance or trade."""
    of_industry = sum(INDUSTRY in each.fields for each in members)
    of_finance = sum(bool({FINANCE, TRADE} & set(each.fields)) for each in members)
    return max(0, rule.industry - of_industry) + max(0, rule.finance - of_finance)


def replay(seed: str, snapshot: Snapshot) -> list[int]:
    """The persons drawn, members before substitutes, by their lots; the same seed and pool always give the same."""
    drawn = lots(seed, snapshot)
    return [candidate.person for candidate in (*drawn.members, *drawn.substitutes)]


def commitment(seed: str, snapshot: Snapshot) -> str:
    """One hash over seed and pool: whoever changes either later is found out."""
    body = orjson.dumps(snapshot.as_document(), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(seed.encode() + b"\n" + body).hexdigest()


def sealed(seed: str) -> str:
    """The hash of the seed alone: what is on record before the pool is frozen."""
    return hashlib.sha256(seed.encode()).hexdigest()


def frozen(size: int, pool: Sequence[Candidate], rule: Rule | None = None) -> Snapshot:
    """The pool in an order that does not depend on the database."""
    return Snapshot(size, tuple(sorted(pool, key=lambda candidate: candidate.ref)), rule)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "fields"}


def _lot(seed: str, ref: str) -> str:
    return hashlib.sha256(f"{seed}\n{ref}".encode()).hexdigest()
