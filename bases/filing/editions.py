"""Which printing of the form a paper is: its number among those of its case, its check code, the names in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row as Record

from bases.filing import printed
from bases.filing.check_code import check_code
from bases.filing.printed import Edition
from engine import definitions, forms
from engine.forms import Form, FormContext
from ground import files, regions
from ground.database import Session

PROCESS, FORM = "designation-case", "information"


def sent(session: Session, form: Form, row: Record[Any], number: int, year: int, answers: Mapping[str, Any]) -> Edition:
    """A form as it was sent, the `number`th of its case; the reader sees `answers`, the code is over all of them."""
    return _named(session, Edition(form, answers, year, version=number, code=check_code(row.answers)))


def drafted(session: Session, form: Form, typed: Mapping[str, Any], number: int, context: FormContext) -> Edition:
    """A form as it stands in a draft; sent unchanged, it will have the same code."""
    code = check_code(forms.read(form, typed, context).answers)
    return _named(session, Edition(form, typed, context.year, version=number, draft=True, code=code))


def in_force(session: Session, reporting: int) -> Edition:
    """The blank form that whoever applies now fills in."""
    folder = definitions.folder(session, definitions.current(session, PROCESS).version_id)
    return printed.blank(folder.forms[FORM], reporting)


def places(session: Session) -> dict[str, str]:
    """Cities and counties by code."""
    return {place.code: place.name for level in ("city", "county") for place in regions.listed(session, level)}


def _named(session: Session, edition: Edition) -> Edition:
    """With the names of its regions and papers."""
    known = edition.form.fields.values()
    codes = _texts(edition, [one.name for one in known if one.type == "region"])
    refs = _texts(edition, [one.name for one in known if one.type in printed.PAPERS])
    named = {code: place.name for code, place in regions.named(session, codes).items()}
    stored = {ref: file.name for ref, file in files.named(session, refs).items()}
    return Edition(**{**vars(edition), "places": named, "files": stored})


def _texts(edition: Edition, names: Sequence[str]) -> list[str]:
    values = [edition.value(name) for name in names]
    return [one for value in values for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
