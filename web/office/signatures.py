"""Every 线下签批 of the house, newest first, by year: what stands on the paper, on which page, who vouches (N-8)."""

import re

from flask import render_template, request, url_for

from bases.documents import desk as papers, signature
from ground.database import reading
from web.door import session
from web.office.blueprint import desk

REF = re.compile(r"[a-z0-9]{12}")


@desk.get("/signatures")
def signatures() -> str:
    """One page of them; the year and where the page begins stand in the address."""
    before = request.args.get("before", "")
    seen = before if REF.fullmatch(before) else None
    with reading() as store:
        years = signature.years(store)
        year = next((each for each in years if str(each) == request.args.get("year", "")), None)
        found = papers.signed_on_paper(store, session.actor(), year, seen)
    more = len(found) == signature.PAGE
    return render_template(
        "office/pages/signatures.html",
        found=found,
        years=[(str(each), str(each)) for each in years],
        year=str(year or ""),
        first=url_for("office.signatures", year=year) if seen else None,
        following=url_for("office.signatures", year=year, before=found[-1].ref) if more else None,
    )
