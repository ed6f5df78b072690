"""归档: a closed case goes out as one package, made and recorded, or taken by whoever only reads (N-8, N-10).

Its pages are in Chinese, whoever makes it, and need nothing of ours to be read: files stand beside them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Response, render_template
from sqlalchemy import Row as Record

from bases.verdicts import archive as archives
from bases.verdicts.archive_content import Holding
from engine import cases
from engine.folders import Folder
from ground import clock, files, organs
from ground.database import Session, reading
from ground.files import names as file_names
from ground.files.packages import Packed
from ground.people import Actor
from web.door import language, outgoing, session
from web.reviewer import naming, papers, story
from web.reviewer.blueprint import desk
from web.reviewer.papers import Paper

ZIP = "application/zip"
STYLE = (Path(__file__).parent / "pages" / "archive.css").read_text("utf-8")

Make = Callable[[str, archives.Pages, Path, Actor, Any], Packed]


@desk.post("/cases/<ref>/archive")
def archive(ref: str) -> Response:
    """File the case away: the package, whose digest stands in the history from now on."""
    return _sent(ref, archives.make)


@desk.get("/cases/<ref>/archive.zip")
def archived(ref: str) -> Response:
    """The same to read, without a trace in the case."""
    return _sent(ref, archives.take)


def offered(case: Record[Any], me: Actor) -> str:
    """What of it the page of a case offers this person: to make it, to take it, or nothing."""
    if case.status != archives.CLOSED or not archives.may_take(me):
        return ""
    return "make" if archives.may_make(me) else "take"


def _sent(ref: str, make: Make) -> Response:
    now, me = clock.now(), session.actor()
    with files.scratch("zip") as place:
        packed = make(ref, _pages, place, me, now)
        with reading() as store:
            name = file_names.clean(f"办件归档-{cases.find(store, ref, me).number}.zip")
        # Opened before its place is given up: the bytes last as long as they are being sent.
        return outgoing.file(place.open("rb"), name, packed.sha256, ZIP, kept=False)


def _pages(store: Session, holding: Holding) -> Mapping[str, bytes]:
    """The cover with the story, and each paper, as pages to be opened from a folder."""
    with language.speaking("zh"):
        view = holding.view
        sent = papers.sent(store, view.folder, view.case, view.submissions)
        offices = naming.offices(store, [paper.acting for paper in sent])
        links = {paper.seq: _name(view.folder, paper) for paper in sent}
        cover = _cover(store, holding, sent, offices, links)
        made = {links[paper.seq]: _page(holding, paper, offices) for paper in sent}
    return {"case.html": cover, **made}


def _cover(
    store: Session, holding: Holding, sent: list[Paper], offices: Mapping[str, str], links: Mapping[int, str]
) -> bytes:
    view, last = holding.view, len(holding.lines)
    told = story.lines(store, view.case, view.folder, holding.by, sent, offices)
    body = organs.bodies(store, [view.case.organ]).get(view.case.organ)
    page = render_template(
        "reviewer/pages/archive_case.html",
        style=STYLE,
        case=view.case,
        names=naming.of_rows(store, [view.case]),
        organ=body.name if body else "",
        holding=holding,
        told=[line for line in reversed(told) if line.seq <= last],
        links=links,
    )
    return page.encode()


def _page(holding: Holding, paper: Paper, offices: Mapping[str, str]) -> bytes:
    def url_for(_endpoint: str, ref: str) -> str:
        return f"../{holding.path(ref)}"

    page = render_template(
        "reviewer/pages/archive_paper.html",
        style=STYLE,
        case=holding.view.case,
        paper=paper,
        office=offices.get(paper.acting, ""),
        url_for=url_for,
    )
    return page.encode()


def _name(folder: Folder, paper: Paper) -> str:
    step = naming.step(folder, paper.element)
    return f"papers/{file_names.clean(f'{paper.seq:04}-{step}')[:80].strip('. ')}.html"
