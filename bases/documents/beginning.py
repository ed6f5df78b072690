"""Beginning a document: its case, from the template of its kind, for the department that issues it."""

from bases.documents import templates
from engine import cases, definitions
from ground import organs
from ground.database import reading
from ground.people import Actor

DEPARTMENT = "sc-mofcom"


def begin(kind: str, *, by: Actor, key: str, title: str = "") -> cases.Started:
    """Begin one of this kind, named as its template unless it has a name of its own; UnknownKind for no kind."""
    with reading() as session:
        folder = definitions.folder(session, definitions.current(session, templates.PROCESS).version_id)
        template = templates.of(folder, kind)
        organ = organs.body(session, DEPARTMENT)
    return cases.start(
        templates.PROCESS,
        subject=f"document:{key}",
        region=organ.region,
        organ=organ.id,
        title=title or template.name,
        data={"kind": kind},
        by=by,
        key=key,
    )
