"""A 信息表 as it is kept: figures in the statistics, other answers for the next one, whose first values they are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.filing import enterprise, rows, values
from bases.filing.figures import LAST, YEARS, calendar_year
from bases.filing.values import NOT_APPLICABLE, Filing, Key, Value
from bases.measures import indicators
from engine import cases
from engine.forms import prefill
from ground import files
from ground.database import Row, Session
from ground.types import Code, Document, Id

OF_THE_REGISTER = frozenset({"base_name", "city", "county", "feature", "hs_codes"})
PAPERS = frozenset({"plan", "coordination_file", "management_file", "operating_file"})
PAPER_LISTS = frozenset({"policy_files", "other_files"})
# Article 7: the three organs, and what their cards say.
ORGANS = ("coordination", "management", "operating")
CARD = ("body", "head", "staff", "number")
# An explanation is bound to one filing.
NOT_AGAIN = frozenset({"explanations", "negative_kinds", "negative_note", "negative_evidence"})


class StandingAnswer(Row):
    """What a base answered last beside its figures (contact, organs, papers), so that nobody types it again."""

    __tablename__ = "standing_answer"

    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Code(), primary_key=True)
    body: Mapped[Any] = mapped_column(Document)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))


def file(session: Session, base_id: int, reporting: int, answers: Mapping[str, Any], filing: Filing) -> int:
    """Keep a filing for the reporting year and the two before; how many values are new or different."""
    changed = values.file(session, base_id, figures_of(answers, reporting), filing, reasons=reasons(answers, reporting))
    enterprise.file(session, base_id, reporting, answers.get(rows.TABLE) or [], filing)
    _stand(session, base_id, answers, filing)
    return changed


def figures_of(answers: Mapping[str, Any], reporting: int) -> dict[Key, Value]:
    """Every value of the three years, as it is stored."""
    found: dict[Key, Value] = {}
    for field, item in indicators.by_field().items():
        row = answers.get(field)
        if item.kind == indicators.ROWS or row is None:
            continue
        for year in YEARS:
            cell = NOT_APPLICABLE if row == NOT_APPLICABLE else row.get(year)
            value = values.stored(item, cell)
            if value is not None:
                found[item.code, calendar_year(reporting, year)] = value
    return found


@prefill("information")
def first_values(session: Session, case: Any) -> dict[str, Any]:
    """What is known already: the register's facts, the last filing's figures, and the answers that stand."""
    base = register.of_subject(session, case.subject)
    return {
        **_usable(session, _standing(session, base.id), getattr(case, "started_by", None)),
        **filed(session, base.id, cases.reporting_year(case)),
        "base_name": base.name,
        "city": base.city,
        "county": base.county or "",
        "feature": base.feature,
        "hs_codes": base.hs_codes,
    }


def organs(session: Session, base_id: int) -> list[dict[str, Any]]:
    """R-7.1: the three organs of Article 7 as the base has stated them last; one that was never stated is left out."""
    stated = _standing(session, base_id)
    cards = [{"kind": kind, **{part: stated.get(f"{kind}_{part}") for part in CARD}} for kind in ORGANS]
    return [card for card in cards if card["body"]]


def reasons(answers: Mapping[str, Any], reporting: int) -> dict[Key, str]:
    """Why a value is not the one filed before: what was explained under V22, by its place."""
    explained = (answers.get("explanations") or {}).get("V22") or {}
    items = indicators.by_field()
    places = {path: path.partition(".") for path in explained}
    return {
        (items[field].code, calendar_year(reporting, year)): explained[path]
        for path, (field, _point, year) in places.items()
        if field in items and year in YEARS
    }


def filed(session: Session, base_id: int, reporting: int) -> dict[str, Any]:
    """The figures of the three years as they were filed last, in the cells of the form."""
    latest = values.latest(session, base_id)
    answers: dict[str, Any] = {}
    for field, item in indicators.by_field().items():
        cells = {
            year: values.typed(item, value)
            for year in YEARS
            if (value := latest.get((item.code, calendar_year(reporting, year)))) is not None
        }
        if cells:
            all_alike = len(cells) == len(YEARS) and set(map(str, cells.values())) == {NOT_APPLICABLE}
            answers[field] = NOT_APPLICABLE if all_alike else cells
    named = enterprise.named(session, base_id, calendar_year(reporting, LAST))
    return {**answers, rows.TABLE: named} if named else answers


def _standing(session: Session, base_id: int) -> dict[str, Any]:
    found = session.execute(select(StandingAnswer.field, StandingAnswer.body).where(StandingAnswer.base_id == base_id))
    return {row.field: row.body for row in found}


def _usable(session: Session, answers: dict[str, Any], person: int | None) -> dict[str, Any]:
    """Without the papers that somebody else uploaded: a form takes only its sender's own files."""
    refs = {ref for name in PAPERS if (ref := answers.get(name))}
    refs |= {ref for name in PAPER_LISTS for ref in answers.get(name) or ()}
    found = files.named(session, refs) if refs else {}
    own = {ref for ref, stored in found.items() if stored.by_person == person}
    kept = {name: value for name, value in answers.items() if name not in PAPERS or value in own}
    lists = {name: [ref for ref in kept[name] if ref in own] for name in PAPER_LISTS if name in kept}
    return {**kept, **lists}


def _stand(session: Session, base_id: int, answers: Mapping[str, Any], filing: Filing) -> None:
    figures = indicators.by_field()
    kept = {
        field: body
        for field, body in answers.items()
        if field not in figures and field not in OF_THE_REGISTER and field not in NOT_AGAIN and body not in (None, "")
    }
    session.execute(delete(StandingAnswer).where(StandingAnswer.base_id == base_id))
    if kept:
        session.execute(
            insert(StandingAnswer),
            [
                {"base_id": base_id, "field": field, "body": body, "case_id": filing.case_id}
                for field, body in kept.items()
            ],
        )
