"""Objecting on the public page (R-9.6): nothing typed is lost, nothing comes back but to its sender and the handler."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from bases.demo.papers import pdf
from bases.verdicts import notice, objection, objector
from bases.verdicts.objection import Objection
from bases.verdicts.objector import Objector
from ground import clock, files, security
from ground.database import reading, transaction
from ground.security import SecurityEvent
from tests.bases import moves, noticed
from tests.web import support
from web.door import proxies
from web.public import given, sendings

# The statements behind the page run on both databases in tests/stories and tests/bases.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FIRST = {"who": "person", "name": noticed.NAME, "contact": noticed.CONTACT, "facts": noticed.FACTS, "key": "one"}


class Page:
    """The form of one notice in a visitor's browser."""

    def __init__(self, office) -> None:
        with transaction() as session:
            found = noticed.published(session, clock.now())
            self.base = moves.base(session, "B042").ref
        self.ref, self.client, self.office = found.ref, support.browser(office), office
        self.address = f"/notices/{found.ref}/objections"

    def send(self, headers: Mapping[str, str] | None = None, **changes: Any):
        fields = {"csrf": support.token_of(self.client), "base": self.base, **FIRST, **changes}
        boundary, body = encode_multipart(MultiDict(fields))
        return self.client.post(
            self.address, data=body, content_type=f"multipart/form-data; boundary={boundary}", headers=headers
        )

    def signed_in(self, login: str):
        client = support.browser(self.office)
        support.sign_in(client, login)
        return client


@pytest.fixture
def page(office, tmp_path):
    files.keep_in(tmp_path / "files")
    return Page(office)


def paper(name: str = "材料.pdf", body: bytes | None = None) -> FileStorage:
    return FileStorage(BytesIO(pdf(["paper"]) if body is None else body), name)


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Objection))


def marks(text: str, name: str) -> list[str]:
    return re.findall(rf'name="kept.{name}" value="([^"]+)"', text)


def test_an_objection_is_taken_and_its_receipt_names_nobody(page):
    answer = page.send()

    assert answer.status_code == 303
    receipt = page.client.get(answer.location).text
    assert "已收到" in receipt
    assert "宜宾市筠连县" in receipt
    assert not [words for words in (noticed.NAME, noticed.CONTACT, noticed.FACTS) if words in receipt]
    with reading() as session:
        assert session.scalar(select(Objector.name)) == noticed.NAME


def test_the_same_form_sent_twice_gives_the_same_receipt(page):
    assert page.send().location == page.send().location
    assert count() == 1


def test_a_receipt_is_not_guessed(page):
    assert page.client.get("/objections/receipts/000000000000").status_code == 404
    assert page.client.get("/objections/receipts/1").status_code == 404


WRONG = (
    ({"name": ""}, "请填写真实姓名"),
    ({"contact": "12"}, "请留有效的联系方式"),
    ({"facts": " "}, "请写明事实依据"),
    ({"who": ""}, "请选择以谁的名义反映"),
    ({"who": "admin"}, "请选择以谁的名义反映"),
    ({"base": "' or 1=1"}, "请选择所反映的基地"),
    ({"who": "unit"}, "须上传加盖公章"),
    ({"facts": "虚" * 5001}, "最多5000字"),
    ({"name": "甄" * 121}, "最多120字"),
)


def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_stays(page):
    for changes, words in WRONG:
        answer = page.send(**changes, evidence=[paper()])

        assert (answer.status_code, words in answer.text) == (422, True), changes
        kept = {**FIRST, **changes}
        assert all(kept[name].strip() in answer.text for name in ("name", "contact", "facts"))
        assert "材料.pdf" in answer.text
    assert count() == 0


def test_a_file_that_was_good_need_not_be_chosen_again(page):
    first = page.send(name="", evidence=[paper()])

    answer = page.send(**{"kept.evidence": marks(first.text, "evidence")})

    assert answer.status_code == 303
    with reading() as session:
        ref = answer.location.rsplit("/", 1)[-1]
        assert objection.by_ref(session, ref).factual
        assert session.scalar(select(func.count()).select_from(objector.ObjectorFile)) == 1


def test_a_mark_that_is_not_ours_brings_no_file(page):
    for number, mark in enumerate(("x", "eyJzaGEyNTYiOiJhYiJ9.aaaa.bbbb", "../../etc/passwd", "")):
        page.send(key=str(number), **{"kept.evidence": [mark]})

    with reading() as session:
        assert session.scalar(select(func.count()).select_from(objector.ObjectorFile)) == 0


def test_nothing_that_is_typed_is_taken_for_our_own_page(page):
    answer = page.send(name='"><script>alert(1)</script>', facts="</textarea><img src=x onerror=alert(1)>", contact="")

    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text


NOT_PAPERS = (
    (b"<html><script>alert(1)</script></html>", "申报表.pdf", "文件内容与扩展名不符"),
    (b"PK\x03\x04", "a.zip", "文件已损坏"),
    (b"", "a.pdf", "文件是空的"),
    (b"MZ", "a.pdf.exe", "只接收"),
)


def test_attack_033_a_file_that_is_not_what_it_says_is_refused_at_its_field(page):
    for body, name, words in NOT_PAPERS:
        answer = page.send(evidence=[paper(name, body)])

        assert (answer.status_code, words in answer.text) == (422, True), name
        assert noticed.FACTS in answer.text


def test_a_file_beyond_ten_megabytes_and_a_sixth_one_are_refused(page):
    large = page.send(evidence=[paper("大.pdf", pdf(["x"]) + b"%" * given.LARGEST)])
    many = page.send(evidence=[paper() for _ in range(6)])

    assert "文件太大" in large.text
    assert "最多上传5个文件" in many.text
    assert count() == 0


def test_attack_046_a_body_beyond_the_limit_is_refused_and_leaves_no_file(page, tmp_path):
    answer = page.send(evidence=[paper("大.pdf", b"%PDF" + b"0" * 66_000_000)])

    assert answer.status_code == 413
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_attack_059_without_a_token_of_our_page_nothing_is_taken(page):
    assert page.send(csrf="").status_code == 403
    cross = page.client.post(page.address, data={"base": page.base, **FIRST}, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    assert count() == 0


def test_the_form_is_only_sent(page):
    assert page.client.get(page.address).status_code == 405


def test_one_network_sends_so_often_an_hour_and_then_waits(page, stopped_clock):
    for number in range(sendings.FREE):
        page.send(key=str(number), name="")
    late = page.send()

    assert late.status_code == 429
    assert noticed.FACTS in late.text
    stopped_clock[0] += timedelta(hours=1, minutes=1)
    assert page.send().status_code == 303
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(sendings.PublicSending)) == 1
        assert "127.0.0.1" not in session.scalar(select(sendings.PublicSending.key))


def test_behind_a_proxy_each_network_has_its_own_hour(page, monkeypatch):
    """Attack: everybody behind our proxy would share one limit, or whoever writes the header would have none."""
    app = page.client.application
    monkeypatch.setattr(app, "wsgi_app", proxies.behind(app.wsgi_app, ["127.0.0.1"]))
    first, other = {"X-Forwarded-For": "198.51.100.9"}, {"X-Forwarded-For": "203.0.113.7, 198.51.100.8"}
    for number in range(sendings.FREE):
        page.send(first, key=str(number), name="")

    assert page.send(first).status_code == 429
    assert page.send({"X-Forwarded-For": "203.0.113.7, 198.51.100.9"}).status_code == 429
    assert page.send(other, key="other").status_code == 303


def test_a_header_that_no_proxy_of_ours_wrote_changes_nothing(page):
    for number in range(sendings.FREE):
        page.send({"X-Forwarded-For": f"198.51.100.{number}"}, key=str(number), name="")

    assert page.send({"X-Forwarded-For": "198.51.100.200"}).status_code == 429


def test_after_the_closing_time_nothing_is_taken_and_nothing_typed_is_lost(page, stopped_clock):
    with reading() as session:
        closes = notice.by_ref(session, page.ref).closes_on
    stopped_clock[0] = clock.end_of(closes)

    answer = page.send()

    assert answer.status_code == 409
    assert "公示期已满" in answer.text
    assert noticed.FACTS in answer.text
    assert page.client.get(f"{page.address}/new").status_code == 409
    assert count() == 0


def test_anonymous_is_chosen_and_then_carries_no_name(page):
    answer = page.send(who="anonymous")

    assert answer.status_code == 303
    with reading() as session:
        row = session.execute(select(Objector.name, Objector.contact)).one()
        assert tuple(row) == ("", "")


def test_attack_071_the_page_of_the_objector_is_there_for_the_handler_alone(page):
    ref = page.send(evidence=[paper()]).location.rsplit("/", 1)[-1]
    with transaction() as session:
        taken = objection.by_ref(session, ref)
        objection.assign(session, taken.id, moves.actor(session, "chen.jing", clock.now()).person)
        file_ref = session.scalar(select(objector.ObjectorFile.file_ref))
    addresses = (f"/office/objections/{ref}", f"/office/objections/{ref}/files/{file_ref}")
    for login, status in (("zhang.rui", 404), ("zhou.ping", 403), ("liu.min", 403), ("gao.yuan", 403), ("du.wen", 403)):
        client = page.signed_in(login)
        answers = [client.get(address) for address in (*addresses, f"/files/{file_ref}")]
        assert [answer.status_code for answer in answers] == [status, status, 404]
        assert not [answer for answer in answers if noticed.NAME in answer.text]
    assert page.client.get(addresses[0]).status_code == 401

    mine = page.signed_in("chen.jing")
    assert noticed.NAME in mine.get(addresses[0]).text
    security.flush()
    with reading() as session:
        kinds = session.execute(select(SecurityEvent.kind)).scalars().all()
    assert kinds.count("objector.read") == 1
    with mine.get(addresses[1]) as file:
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.data == pdf(["paper"])
    assert mine.get(f"/files/{file_ref}").status_code == 404


def test_whoever_looks_for_an_objector_without_the_right_stands_in_the_security_log(page):
    ref = page.send().location.rsplit("/", 1)[-1]
    page.signed_in("zhang.rui").get(f"/office/objections/{ref}")
    security.flush()

    with reading() as session:
        objects = session.execute(select(SecurityEvent.object)).scalars().all()
    assert f"GET /office/objections/{ref}" in objects


def test_attack_107_no_log_holds_a_word_of_the_objector(page, caplog):
    page.send(name="")
    page.send()
    page.client.get(f"/notices/{page.ref}")
    security.flush()

    assert not [words for words in (noticed.NAME, noticed.CONTACT, noticed.FACTS) if words in caplog.text]
    with reading() as session:
        for row in session.execute(select(SecurityEvent.object, SecurityEvent.reason)):
            assert noticed.NAME not in f"{row.object}{row.reason}"


def test_the_office_sees_how_many_objected_to_which_base_and_by_nobody(page):
    page.send()
    text = page.signed_in("zhang.rui").get("/office/notices").text

    assert "宜宾市筠连县" in text
    assert noticed.NAME not in text


def test_r_9_5_the_snapshot_is_the_bytes_that_the_printed_digest_is_of(page):
    body = page.client.get(f"/notices/{page.ref}/snapshot.json").data

    assert hashlib.sha256(body).hexdigest() in page.client.get(f"/notices/{page.ref}").text


def test_the_printing_view_holds_the_paper_and_nothing_of_the_site(page):
    text = page.client.get(f"/notices/{page.ref}?print=").text

    assert "拟认定名单" in text
    assert "已认定" not in text
    assert "<nav" not in text
    assert "<form" not in text


def test_a_base_that_withdrew_is_marked_and_cannot_be_objected_to(page):
    with transaction() as session:
        found = notice.by_ref(session, page.ref)
        row = next(row for row in notice.bases_of(session, [found.id])[found.id] if row.ref == page.base)
        notice.withdraw(session, row.case_id, clock.now())

    assert "申报单位已撤回申报" in page.client.get(f"/notices/{page.ref}").text
    assert page.send().status_code == 422


def test_pages_of_an_objection_are_complete_in_english(page):
    page.client.set_cookie("jidi-language", "en")
    receipt = page.send().location
    wrong = page.send(name="", facts="", contact="", key="two")
    texts = [wrong.text, *(page.client.get(path).text for path in (receipt, f"{page.address}/new", "/notices"))]
    for text in texts:
        shown = re.sub(r'(?s)<[^>]+lang="zh-CN"[^>]*>[^<]*<|关于拟认定[^<]*', "", text)
        assert not re.findall(r"[\u4e00-\u9fff]+", shown)
