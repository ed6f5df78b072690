"""The story of a case narrowed to a kind of line and to words, and as a file: what the page shows, no more."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from flask import Response, request

from bases.filing import ledger_file
from engine import cases
from ground import clock
from ground.database import Session, reading
from ground.errors import Missing
from ground.files import names
from web.door import outgoing, session
from web.door.language import _
from web.reviewer import naming, papers, story
from web.reviewer.blueprint import desk
from web.reviewer.story import Line
from web.words import dates
from web.words.catalogue import N_

WORK, LIMITS, PAPERS, HAND, TROUBLE, REST = ("work", "limits", "papers", "hand", "trouble", "rest")
KINDS: Mapping[str, str] = {
    WORK: N_("办理"),
    LIMITS: N_("时限和提醒"),
    PAPERS: N_("公文和通知"),
    HAND: N_("流程处置、中止和恢复"),
    TROUBLE: N_("运行异常"),
    REST: N_("其他记录"),
}
OF: Mapping[str, str] = {
    "task": WORK,
    "deadline": LIMITS,
    "timer": LIMITS,
    "document": PAPERS,
    "letter": PAPERS,
    "notice": PAPERS,
    "signature": PAPERS,
    "decision": PAPERS,
    "case": HAND,
    "incident": TROUBLE,
}
OWN = frozenset({"case.started", "case.completed", "message.sent"})
LONGEST = 60
FORMS: Mapping[str, Callable[..., bytes]] = {
    "xlsx": ledger_file.xlsx,
    "csv": lambda _title, heads, rows: ledger_file.comma_separated(heads, rows),
}


def asked() -> tuple[str, str]:
    """The kind and the words in the address."""
    kind = request.args.get("kind", "")
    return kind if kind in KINDS else "", request.args.get("q", "").strip()[:LONGEST]


def narrowed(lines: Sequence[Line], kind: str, words: str) -> Sequence[Line]:
    """The lines of this kind that say these words, whoever wrote them."""
    found = [line for line in lines if not kind or _kind(line) == kind]
    low = words.casefold()
    return [line for line in found if low in f"{line.text} {line.by} {line.office} {line.result}".casefold()]


@desk.get("/cases/<ref>/story.<form>")
def told_file(ref: str, form: str) -> Response:
    """The same lines as CSV or as a workbook, oldest first."""
    if form not in FORMS:
        raise Missing(kind=form)
    with reading() as store:
        view = cases.look(store, ref, session.actor())
        lines = narrowed(_all(store, view), *asked())
    heads = [_("时间"), _("记录"), _("结果"), _("人员"), _("单位")]
    rows = [[dates.moment(line.at), line.text, line.result, line.by, line.office] for line in reversed(lines)]
    title = f"{view.case.number} {_('办理经过')}"
    body = FORMS[form](title, heads, rows)
    name = names.clean(f"{title}（{clock.today().isoformat()}）.{form}")
    return outgoing.file(BytesIO(body), name, hashlib.sha256(body).hexdigest(), kept=False)


def _all(store: Session, view: cases.CaseView) -> Sequence[Line]:
    sent = papers.sent(store, view.folder, view.case, view.submissions)
    offices = naming.offices(store, [row.acting for row in view.submissions])
    return story.lines(store, view.case, view.folder, session.actor(), sent, offices)


def _kind(line: Line) -> str:
    return WORK if line.kind in OWN else OF.get(line.kind.partition(".")[0], REST)
