"""The stamped 信息表: which scan stands for which version of the form, bound by the check code that is printed on it.

A form that was changed after the stamp has another code, so its scan stands for nothing and a new one is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.filing.check_code import check_code
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from ground import files
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Id, Instant, Ref, Text, Whole

FORM = "fill"
AGAIN = "fill_supplement"  # the same form, asked for by a notice to supplement
STAMPED = "stamp"
REQUIRED = "form.stamped_required"


class StampedForm(Row):
    """One scan of one version: `seq` is the submission that was printed and stamped, `code` its check code."""

    __tablename__ = "stamped_form"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Whole)
    code: Mapped[str] = mapped_column(Text(20))
    scan: Mapped[str] = mapped_column(Ref)
    sha256: Mapped[str] = mapped_column(Text(64))
    bound_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    bound_at: Mapped[datetime] = mapped_column(Instant)


class OtherCode(Refused):
    """The code on the stamped paper is not that of the version that was sent."""

    code = "stamp.other_code"
    status = 422


class OfAnotherVersion(Refused):
    """This scan was stamped for another version of the form."""

    code = "stamp.of_another_version"
    status = 422


@dataclass(frozen=True)
class Printed:
    """The version that is to be stamped: the newest 信息表 of the case, the how-manieth it is, and its code."""

    seq: int
    version: int
    code: str


def sent_forms(session: Session, case_id: int) -> list[Record[Any]]:
    """Every 信息表 of a case as it was sent, oldest first, whether filled in at first or to supplement."""
    rows = [row for element in (FORM, AGAIN) for row in submissions.at(session, case_id, element)]
    return sorted(rows, key=lambda row: row.seq)


def printed(session: Session, case_id: int) -> Printed:
    """The version that was sent last; Missing before the first."""
    sent = sent_forms(session, case_id)
    if not sent:
        raise Missing(form=FORM, case=case_id)
    return Printed(sent[-1].seq, len(sent), check_code(sent[-1].answers))


def bound(session: Session, case_id: int) -> Record[Any] | None:
    """The scan that stands for the newest version, if there is one: nothing that was stamped for another counts."""
    newest = printed(session, case_id)
    return next((row for row in _of_case(session, case_id) if row.code == newest.code), None)


def bind(session: Session, case_id: int, code: str, scan: str, *, by: int, now: datetime) -> Printed:
    """Let this scan stand for the newest version; OtherCode or OfAnotherVersion where it is not of that version."""
    newest = printed(session, case_id)
    _refuse_other(session, case_id, newest, code, scan)
    stored = files.find(session, scan)
    row = {"case_id": case_id, "seq": newest.seq, "version": newest.version, "code": newest.code, "scan": scan}
    session.put_once(StampedForm, {**row, "sha256": stored.sha256, "bound_by": by, "bound_at": now})
    return newest


@check("stamped_form")
def of_this_version(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """F-4.3: the code typed from the paper is that of the version that was sent, and its scan was no other's."""
    code, scan = answers.get("check_code"), answers.get("scan")
    if context.session is None or context.case is None or answers.get("outcome") != STAMPED or not code or not scan:
        return []
    try:
        _refuse_other(context.session, context.case.id, printed(context.session, context.case.id), code, scan)
    except OtherCode as no:
        return [Problem("check_code", no.code, dict(no.detail))]
    except OfAnotherVersion as no:
        return [Problem("scan", no.code, dict(no.detail))]
    return []


@prefill("stamped_form", anew=True)
def to_compare(session: Session, case: Any) -> Mapping[str, Any]:
    """The code of the version that was sent, to be compared with the foot of the paper."""
    return {"check_code": printed(session, case.id).code} if sent_forms(session, case.id) else {}


def _refuse_other(session: Session, case_id: int, newest: Printed, code: str, scan: str) -> None:
    """The bytes tell a scan, not its ref: the same paper uploaded anew is the same paper."""
    if code.strip().upper() != newest.code:
        raise OtherCode(version=newest.version)
    stored = files.named(session, [scan]).get(scan)
    for row in _of_case(session, case_id):
        if stored is not None and row.sha256 == stored.sha256 and row.code != newest.code:
            raise OfAnotherVersion(version=row.version, newest=newest.version)


def _of_case(session: Session, case_id: int) -> list[Record[Any]]:
    return list(
        session.execute(
            select(*StampedForm.__table__.columns)
            .where(StampedForm.case_id == case_id)
            .order_by(StampedForm.seq.desc())
        )
    )
