"""Sample papers for the demo's applicants, so that nobody needs four PDF files at hand to try an application."""

from datetime import datetime
from io import BytesIO

from sqlalchemy import insert, select

from bases import register
from bases.demo import rows
from bases.filing.information import StandingAnswer
from ground import files, people
from ground.clock import local_day
from ground.database import Session
from ground.organs import Organ
from ground.people import Person

PAPERS = {
    "plan": ("外贸基地建设规划（演示）.pdf", "Construction plan of the base"),
    "coordination_file": ("组织协调机构设立文件（演示）.pdf", "Founding document: coordination"),
    "management_file": ("管理机构设立文件（演示）.pdf", "Founding document: management"),
    "operating_file": ("运营机构设立文件（演示）.pdf", "Founding document: operation"),
}
FONT = b"/Resources << /Font << /F1 5 0 R >> >>"
NOTE = "Demo data, not a real paper"


def lay_papers(session: Session, now: datetime) -> None:
    """Store the papers of every applicant that somebody of the story fills in for; files must have their folder."""
    fillers = {one.organ: one for one in rows.characters() if one.role == "base_filler"}
    known = select(StandingAnswer.base_id).where(StandingAnswer.field.in_(list(PAPERS)))
    found = session.execute(
        select(register.Base.id, register.Base.name_en, Organ.code)
        .join(Organ, Organ.id == register.Base.organ_id)
        .where(Organ.code.in_(list(fillers)), register.Base.id.not_in(known))
        .order_by(register.Base.id)
    ).all()
    for base in found:
        person = session.scalar(select(Person.id).where(Person.login == fillers[base.code].login))
        by = people.actor(session, person, local_day(now))
        for field, (name, heading) in PAPERS.items():
            stored = files.store(session, BytesIO(pdf([heading, base.name_en, NOTE])), name, by, now)
            session.execute(insert(StandingAnswer).values(base_id=base.id, field=field, body=stored.ref))


def pdf(lines: list[str]) -> bytes:
    """One A4 page with these lines in a built-in typeface, which knows no Chinese."""
    text = " T* ".join(f"({line.replace('(', '').replace(')', '')}) Tj" for line in lines)
    content = f"BT /F1 14 Tf 72 760 Td 22 TL {text} ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return body + head + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
