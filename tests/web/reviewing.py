"""A reviewer's browser without JavaScript: opens pages, changes fields, presses buttons, as a person would."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engine.cases import Case
from ground.database import reading
from tests.bases.asking import asked_of
from tests.bases.panels import REPORT, Review
from tests.web import support

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n"
)
ATTRIBUTE = re.compile(r"\[([\w-]+)(=[^\]]+)?\]")
COUNTY = {
    "verified": ["figures", "plan", "bodies", "stamp"],
    "opinion": "材料真实完整。",
    "outcome": "forward",
    "signer": "杨丽",
    "signed_on": "2026-11-23",
}
CITY = {
    "complete": "true",
    "mechanism": ["body", "plan", "building", "policies"],
    **{f"item{n}": "met" for n in range(1, 6)},
    "admission": "none",
    "opinion": "同意上报。",
    "outcome": "forward",
}
AGREED = {"opinion": "同意。", "outcome": "agree"}
LETTER = {
    "incoming_number": "宜商务〔2026〕12号",
    "dated_on": "2026-11-23",
    "signer": "曹云",
    "outcome": "forward",
}
INTAKE = {
    "formal": ["form", "plan", "bodies", "stamp", "letter"],
    "opinion": "予以受理。",
    "outcome": "accept",
}
SCORES = {"pledge": ["agreed"], "c1": "20", "c2": "12", "c3": "20", "c4": "12", "c5": "16", "opinion": "基础较好。"}


class Reviewer:
    """One person, signed in, with the page that is open."""

    def __init__(self, office: Flask, login: str) -> None:
        self.client: FlaskClient = support.browser(office)
        support.sign_in(self.client, login)
        self.answer: TestResponse
        self.path = ""

    def go(self, path: str) -> "Reviewer":
        """Open a page."""
        self.path = path
        self.answer = self.client.get(path, follow_redirects=True)
        self.answer.get_data()
        self.answer.close()
        self.path = self.answer.request.full_path.rstrip("?")
        return self

    @property
    def text(self) -> str:
        """The page as text."""
        return " ".join(self.page.text_content().split())

    @property
    def page(self) -> html.HtmlElement:
        """The page as elements; what waits in templates for a script is not there."""
        found = html.fromstring(self.answer.get_data(as_text=True))
        for pattern in found.xpath("//template"):
            pattern.drop_tree()
        for box in found.xpath("//textarea"):
            box.text = (box.text or "").removeprefix("\n")  # as every browser does
        return found

    def all(self, selector: str) -> list[html.HtmlElement]:
        """What a plain selector (tag, .class, [attribute=value], inside one another) finds on the page."""
        return list(self.page.xpath("".join(_step(part) for part in selector.split())))

    def value(self, name: str) -> str:
        """What an input holds."""
        return str(self.page.xpath("//form[@data-form]")[0].fields[name])

    def token(self) -> str:
        """The hidden field that makes a request ours."""
        return support.token_of(self.client)

    def fields(self, **changes: Any) -> MultiDict[str, Any]:
        """Everything that the open form would send, with these answers changed; None leaves a field out."""
        form = self.page.xpath("//form[@data-form]")[0]
        sent: MultiDict[str, Any] = MultiDict(form.form_values())
        for name, value in changes.items():
            sent.poplist(name)
            if value is not None:
                sent.setlist(name, value if isinstance(value, list) else [value])
        return sent

    def press(self, act: str = "", *, follow: bool = True, **changes: Any) -> "Reviewer":
        """Press a button of the open form, after changing these answers."""
        form = self.page.xpath("//form[@data-form]")[0]
        data = self.fields(**changes)
        data["_act"] = act
        return self.send(form.get("action"), data, follow=follow)

    def send(self, path: str, data: Mapping[str, Any] | None = None, *, follow: bool = True) -> "Reviewer":
        """Post this to an address."""
        sent: MultiDict[str, Any] = MultiDict(data or {})
        sent.setdefault("csrf", self.token())
        self.answer = self.client.post(path, data=sent, content_type="multipart/form-data", follow_redirects=follow)
        if follow:
            self.path = self.answer.request.full_path.rstrip("?")
        return self

    def claim_next(self) -> "Reviewer":
        """Take the most urgent free task."""
        return self.send("/tasks/claims", {"next": "1"})

    def upload(self, content: bytes, name: str) -> TestResponse:
        """Send one file ahead of a form."""
        data = {"csrf": self.token(), "file": (BytesIO(content), name)}
        return self.client.post("/files", data=data, headers={"Accept": "application/json"})

    def letter(self) -> str:
        """The ref of a scanned letter."""
        return str(self.upload(PDF, "来文.pdf").get_json()["ref"])

    def wrong(self) -> list[str]:
        """The lines of the summary of errors."""
        return [line.text_content() for line in self.all(".error-summary li")]


def _step(part: str) -> str:
    bare = ATTRIBUTE.sub("", part)
    tests = [f"[contains(concat(' ', @class, ' '), ' {name} ')]" for name in re.findall(r"\.([\w-]+)", bare)]
    tests += [f"[@{name}='{value[1:]}']" if value else f"[@{name}]" for name, value in ATTRIBUTE.findall(part)]
    return f"//{bare.partition('.')[0] or '*'}{''.join(tests)}"


def begun(office: Flask) -> Reviewer:
    """The filler of Junlian with an application just begun and its form open."""
    filler = Reviewer(office, "liu.min").go("/applications/new")
    button = filler.page.xpath("//form[contains(@action,'/applications')]")[0]
    return filler.send("/applications", dict(button.form_values()))


def stamped(office: Flask, login: str) -> Reviewer:
    """The filler has printed what was sent, and sends its stamped scan with the code that the form shows."""
    filler = Reviewer(office, login).claim_next()
    scan = PDF.replace(b"\n", f"\n% stamped {filler.value('check_code')}\n".encode(), 1)
    return filler.press(outcome="stamp", scan=filler.upload(scan, "盖章件.pdf").get_json()["ref"])


def at_the_county(office: Flask) -> Reviewer:
    """The application has been sent by its filler, and its stamp after it."""
    begun(office).press()
    return stamped(office, "liu.min")


def at_the_city(office: Flask) -> Reviewer:
    """The county has signed."""
    at_the_county(office)
    return Reviewer(office, "yang.li").claim_next().press(**COUNTY)


def at_the_report(office: Flask) -> Reviewer:
    """Everybody in the city has agreed, and its officer has the report open."""
    at_the_city(office)
    Reviewer(office, "zhou.ping").claim_next().press(**CITY)
    Reviewer(office, "tan.bin").claim_next().press(**AGREED)
    Reviewer(office, "cao.yun").claim_next().press(**AGREED)
    return Reviewer(office, "zhou.ping").claim_next()


def at_the_department(office: Flask) -> Reviewer:
    """The city has reported, and the organs have answered."""
    city = at_the_report(office)
    city.press(**LETTER, scan=city.letter())
    consulted()
    return city


def with_the_experts(office: Flask) -> Reviewer:
    """The department has accepted, experts were drawn and have pledged."""
    at_the_department(office)
    officer = Reviewer(office, "chen.jing").claim_next().press(**INTAKE)
    review().to_the_scores()
    return officer


def newest() -> str:
    """The newest application."""
    with reading() as session:
        return str(session.scalar(select(Case.ref).order_by(Case.id.desc()).limit(1)))


def consulted() -> None:
    """An organ is asked about the newest application and answers 无."""
    asked_of(newest())


def review() -> Review:
    """The review of the newest application."""
    return Review(newest())


def reported() -> None:
    """All sheets are in: a leader is elected and reports, and the signed papers come in."""
    found = review()
    found.do(found.elect(), REPORT)
    found.do("chen.jing", found.scans())
