"""What a second sending of a form changed, field by field, for whoever may read both sendings."""

from typing import Any

from flask import render_template

from bases.filing import contacts
from engine import cases, definitions
from engine.forms.differing import differences
from ground import people
from ground.database import reading
from ground.errors import Missing
from web.door import session
from web.door.language import pick
from web.fields import differing
from web.fields.sheet import Sheet
from web.reviewer import naming, papers
from web.reviewer.blueprint import desk


@desk.get("/cases/<ref>/papers/<int:seq>/differences")
def changed(ref: str, seq: int) -> str:
    """This paper beside the one that was sent before it at the same step."""
    me = session.actor()
    with reading() as store:
        view = cases.look(store, ref, me)
        before, after = _both(view.submissions, seq)
        under = definitions.written_under(store, view.folder)
        old, new = (under(row.version_id).form(row.element, row.form) for row in (before, after))
        if old is None or new is None:
            raise Missing(case=ref, paper=seq)
        was, now = contacts.disclosed(old, before.answers, me), contacts.disclosed(new, after.answers, me)
        around = papers.around(store, view.folder, [old, new], [was, now])
        year = cases.reporting_year(view.case)
        names = people.name_of(store, {row.by for row in (before, after) if row.by is not None})
        return render_template(
            "reviewer/pages/differences.html",
            case=view.case,
            about=naming.of_rows(store, [view.case]).title(view.case),
            step=naming.step(under(after.version_id), after.element),
            before=before,
            after=after,
            names={number: pick(name.name, name.name_en) for number, name in names.items()},
            changes=differing.changes(
                Sheet(old, was, year, around=around), Sheet(new, now, year, around=around), differences(new, was, now)
            ),
        )


def _both(rows: Any, seq: int) -> tuple[Any, Any]:
    """The paper and its predecessor among those that this person may read."""
    after = next((row for row in rows if row.seq == seq), None)
    if after is None:
        raise Missing(paper=seq)
    same = [row for row in rows if papers.series(row) == papers.series(after) and row.seq < seq]
    if not same:
        raise Missing(paper=seq)
    return same[-1], after
