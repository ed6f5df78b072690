"""The office's side of objections: entering a letter, and another handler; nobody learns who objected on the way."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from bases.verdicts import objection, objector
from bases.verdicts.objection import Objection
from ground import clock, files, grants, organs, people, security
from ground.database import reading, transaction
from ground.security import SecurityEvent
from tests.bases import moves, noticed
from tests.web import support
from tests.web.test_objecting import paper

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ROLES = {"head": "prov_division_head", "clerk": "prov_office", "second": "prov_officer"}


class Office:
    """A notice, the staff of the department, and their browsers."""

    def __init__(self, office: Any) -> None:
        self.office = office
        with transaction() as session:
            found = noticed.published(session, clock.now())
            self.base = moves.base(session, "B042").ref
            for login, role in ROLES.items():
                person = people.add_person(session, login, f"{login}某", login)
                grants.give(session, person, role, organs.body(session, "sc-mofcom").id, clock.today())
        self.ref = found.ref

    def browser(self, login: str):
        client = support.browser(self.office)
        support.sign_in(client, login)
        return client

    def enter(self, client, scan: FileStorage | None = None, **changes: Any):
        fields: dict[str, Any] = {
            "csrf": support.token_of(client),
            "base": self.base,
            "who": "person",
            "name": noticed.NAME,
            "contact": noticed.CONTACT,
            "facts": noticed.FACTS,
            "arrived_on": clock.today().isoformat(),
            "key": "letter",
            **changes,
        }
        if scan is not None:
            fields["scan"] = scan
        boundary, body = encode_multipart(MultiDict(fields))
        kind = f"multipart/form-data; boundary={boundary}"
        return client.post(f"/office/notices/{self.ref}/letters", data=body, content_type=kind)

    def handled_by(self, login: str) -> str:
        with transaction() as session:
            row = noticed.objected(session, objection.notice.by_ref(session, self.ref), "B042", clock.now())
            person = moves.actor(session, login, clock.now()).person
            objection.assign(session, row.id, person or 0)
            session.execute(Objection.__table__.update().values(state=objection.CLUE))
        return str(row.ref)


@pytest.fixture
def desk(office, tmp_path):
    files.keep_in(tmp_path / "files")
    return Office(office)


def test_r_9_6_a_letter_is_entered_once_and_whoever_entered_it_does_not_read_it_again(desk):
    clerk = desk.browser("clerk")
    first, again = desk.enter(clerk, paper()), desk.enter(clerk, paper())

    assert (first.status_code, again.status_code) == (303, 303)
    with reading() as session:
        rows = session.execute(select(Objection.ref, Objection.state)).all()
        assert [row.state for row in rows] == ["received"]
        assert session.scalar(select(objector.Objector.name)) == noticed.NAME
    assert clerk.get(f"/office/objections/{rows[0].ref}").status_code == 403
    assert noticed.NAME not in clerk.get("/office/notices").text


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"arrived_on": ""}, {"who": ""}, {"base": "none"}, {"arrived_on": "1.9"}]
)
def test_what_is_missing_is_said_and_all_that_was_typed_stays(desk, changes):
    answer = desk.enter(desk.browser("clerk"), paper(), **changes)

    assert answer.status_code == 422
    assert "请填写反映的基地" in answer.text
    assert noticed.FACTS in answer.text


@pytest.mark.parametrize("scan", [None, ("来函.pdf", b"<html><script>alert(1)</script>"), ("来函.exe", b"MZ")])
def test_attack_33_a_letter_comes_with_a_scan_that_is_one(desk, scan):
    answer = desk.enter(desk.browser("clerk"), paper(*scan) if scan else None)

    assert answer.status_code == 422
    with reading() as session:
        assert session.execute(select(Objection.id)).all() == []


def test_nothing_that_is_typed_is_taken_for_our_own_page(desk):
    """Attack 23."""
    answer = desk.enter(desk.browser("clerk"), paper(), base="", facts="</textarea><script>alert(1)</script>")

    assert "<script>alert(1)" not in answer.text


def test_r_9_6_whoever_handled_the_base_s_case_does_not_enter_the_letter(desk):
    officer = desk.browser("second")
    with transaction() as session:
        base = moves.base(session, "B042")
        case = session.scalar(
            select(objection.notice.NoticeBase.case_id).where(objection.notice.NoticeBase.base_id == base.id)
        )
        person = moves.actor(session, "second", clock.now()).person
        from tests.stories.test_objection import _sent_something  # noqa: PLC0415

        _sent_something(session, case, person)

    assert desk.enter(officer, paper()).status_code == 403
    with reading() as session:
        assert session.execute(select(Objection.id)).all() == []


def test_attack_71_the_head_hands_over_without_reading_and_nobody_else_hands_over(desk):
    ref = desk.handled_by("chen.jing")
    head, page = desk.browser("head"), f"/office/objections/{ref}/handler"

    assert "陈静" in head.get(page).text
    assert noticed.NAME not in head.get(page).text + head.get("/office/notices").text
    given = {"csrf": support.token_of(head), "handler": "second某", "reason": "原经办人调离。"}
    assert head.post(page, data=given).status_code == 303

    assert noticed.NAME in desk.browser("second").get(f"/office/objections/{ref}").text
    assert desk.browser("chen.jing").get(f"/office/objections/{ref}").status_code == 404
    security.flush()
    with reading() as session:
        kinds = session.execute(select(SecurityEvent.kind)).scalars().all()
    assert "objection.reassigned" in kinds
    for login in ("chen.jing", "clerk", "gao.yuan", "zhou.ping", "liu.min"):
        other = desk.browser(login)
        given = {"csrf": support.token_of(other), "handler": "second某", "reason": "x"}
        assert [other.get(page).status_code, other.post(page, data=given).status_code] == [403, 403]


def test_the_pages_of_the_desk_are_complete_in_english(desk):
    ref = desk.handled_by("chen.jing")
    head, clerk = desk.browser("head"), desk.browser("clerk")
    for client in (head, clerk):
        client.set_cookie("jidi-language", "en")
    texts = [head.get(f"/office/objections/{ref}/handler").text, head.get("/office/notices").text]
    for text in [*texts, clerk.get(f"/office/notices/{desk.ref}/letters/new").text]:
        shown = re.sub(r'(?s)<[^>]+lang="zh-CN"[^>]*>[^<]*<|关于拟认定[^<]*|某|value="[^"]*"', "", text)
        assert not re.findall(r"[\u4e00-\u9fff]+", shown)
