"""The office's desk, and who may see, print, sign for and publish a document."""

import zipfile
from io import BytesIO

import pytest
from flask import Flask

from bases.documents import document
from engine import definitions
from ground import clock, files
from ground.database import reading, transaction
from tests.bases import issuing, moves
from tests.bases.issuing import Issuing
from tests.web import support
from tests.web.reviewing import Reviewer


@pytest.fixture
def house(office: Flask, tmp_path) -> Flask:
    files.keep_in(tmp_path / "files")
    issuing.staff()
    return office


def test_the_office_sees_what_waits_what_is_not_signed_for_and_what_is_to_be_published(house):
    Issuing(key="a").to_the_office()
    Issuing(key="b").numbered()
    sent = Issuing(key="c").issued("川商贸发〔2026〕16号", publish=False).row()
    clerk = Reviewer(house, "clerk").go("/office")

    assert [figure.text_content().strip() for figure in clerk.all(".figures li")] == [
        "1待核稿",
        "0待复核",
        "0待编号",
        "1待用印",
        "0待印发",
        "1未签收",
        "1待公开",
    ]
    assert "21（共21）" in clerk.text
    clerk.send(f"/documents/{sent.ref}/publication")
    assert "已在公开页面公布" in clerk.text
    assert "川商贸发〔2026〕16号" in support.browser(house).get("/disclosed").text


def test_d_6_overdue_publication_is_alarmed(house, stopped_clock):
    Issuing().issued(publish=False)
    assert "逾期未公开" not in Reviewer(house, "clerk").go("/office").text

    stopped_clock[0] = stopped_clock[0].replace(year=2026, month=12, day=22)

    for login in ("clerk", "liang.bo"):
        assert "逾期未公开" in Reviewer(house, login).go("/office").text
    assert "逾期未公开" not in Reviewer(house, "zhou.ping").go("/incoming").text


def test_an_officer_begins_a_document_and_finds_its_draft_filled_from_the_template(house):
    officer = Reviewer(house, "chen.jing").go("/documents/new")
    assert "申报通知" in officer.text

    officer.send("/documents", {"kind": "designation_call", "_key": "0123456789ab"})

    assert officer.value("title") == "四川省商务厅关于组织申报【年度】年度四川省外贸转型升级基地的通知"
    assert "（一）四川省外贸转型升级基地信息表" in officer.value("body")


def test_a_second_document_of_the_same_drafter_does_not_begin_from_the_first(house):
    Issuing(key="first").to_the_office()
    Issuing(key="second", kind="refusal")
    officer = Reviewer(house, "chen.jing").claim_next()

    assert officer.value("title") == "不予认定告知书"


def test_a_returned_draft_begins_from_the_version_that_is_kept(house):
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "return", "reason": "标题有误。"})

    officer = Reviewer(house, "chen.jing").claim_next()

    assert officer.value("title") == issuing.DRAFT["title"]
    assert "标题有误" in officer.text


@pytest.mark.parametrize("login", ["liu.min", "zhou.ping", "li.guohua", "finance"])
def test_attack_49_a_draft_is_not_there_for_whoever_may_not_see_it(house, login):
    ref = Issuing().to_the_office().row().ref
    client = support.browser(house)
    support.sign_in(client, login)

    for path in ("", "/document.pdf", "/document.docx", "/final"):
        assert client.get(f"/documents/{ref}{path}").status_code == 404


def test_a_countersigning_organ_sees_the_draft_and_an_addressee_what_is_issued(house):
    asked = Issuing(key="a").to_the_office(cosigners=["sc_finance"]).row()
    sent = Issuing(key="b").issued().row()
    finance, yibin = support.browser(house), support.browser(house)
    support.sign_in(finance, "finance")
    support.sign_in(yibin, "zhou.ping")

    assert finance.get(f"/documents/{asked.ref}").status_code == 200
    assert finance.get(f"/documents/{sent.ref}").status_code == 404
    page = yibin.get(f"/documents/{sent.ref}")
    assert page.status_code == 200
    assert "文稿版本" not in page.text
    assert "高远" not in page.text
    assert yibin.get(f"/documents/{sent.ref}/final").data.startswith(b"%PDF")


def test_prints_come_as_attachments_under_the_documents_own_name(house):
    ref = Issuing().to_the_office().row().ref
    client = support.browser(house)
    support.sign_in(client, "clerk")

    for ending, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.get(f"/documents/{ref}/document.{ending}")
        assert answer.data.startswith(magic)
        named = answer.headers["Content-Disposition"]
        assert named.startswith("attachment;")
        assert "filename*=UTF-8''%E5%9B%9B%E5%B7%9D" in named
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_attack_86_a_version_that_is_none_of_a_document_s_is_not_there_or_the_newest(house):
    ref = Issuing().to_the_office().row().ref
    client = support.browser(house)
    support.sign_in(client, "clerk")

    def asked(version: str) -> int:
        return client.get(f"/documents/{ref}/document.docx", query_string={"version": version}).status_code

    assert [asked(version) for version in ("1", "2", "9")] == [200, 200, 404]
    assert {asked(version) for version in ("9" * 5000, "１２", "-1", "1e9", "' OR 1=1--")} == {200}


def test_an_addressee_signs_on_its_own_page_and_the_filter_leaves_the_rest(house):
    row = Issuing().issued().row()
    city = Reviewer(house, "zhou.ping").go("/incoming?unread=1")
    form = city.page.xpath("//form[contains(@action,'/receipts/')]")[0]

    city.send(form.get("action"))

    assert "宜宾市商务局已签收" in city.text
    assert "没有待签收的公文" in city.go("/incoming?unread=1").text
    clerk = Reviewer(house, "clerk").go(f"/documents/{row.ref}?unread=1")
    assert "1（共21）" in clerk.text
    assert "宜宾市商务局" not in clerk.text


def test_nobody_signs_for_another_city_by_its_address(house):
    Issuing().issued()
    city = Reviewer(house, "zhou.ping").go("/incoming")
    action = city.page.xpath("//form[contains(@action,'/receipts/')]")[0].get("action")

    assert Reviewer(house, "song.ying").send(action).answer.status_code == 404


@pytest.mark.parametrize("disclosure", ["request", "closed"])
def test_d_6_what_is_not_disclosed_is_nowhere_on_the_public_pages(house, disclosure):
    row = Issuing().issued(disclosure=disclosure, disclosure_reason="内部事务").row()
    visitor = support.browser(house)

    assert row.title not in visitor.get("/disclosed").text
    assert visitor.get(f"/disclosed/{row.ref}").status_code == 404
    assert visitor.get(f"/disclosed/{row.ref}/document.pdf").status_code == 404


def test_attack_87_a_disclosed_page_shows_the_words_and_nobody_inside(house):
    row = Issuing().issued().row()
    visitor = support.browser(house)

    page = visitor.get(f"/disclosed/{row.ref}").text
    assert "现就有关事项通知如下" in page
    assert not [name for name in ("高远", "陈静", "clerk某", "内部") if name in page]
    assert visitor.get(f"/disclosed/{row.ref}/document.pdf").data.startswith(b"%PDF")


def test_a_signature_on_paper_is_shown_wherever_the_decision_is(house):
    """Handbook §6.2: 线下签批，扫描件第n页."""
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "paper"})
    given = {"page": 2, "words": "同意。", "signer": "高远", "signed_on": issuing.TODAY, "decision": "approve"}
    one.do("chen.jing", "paper_signature:enter", {**given, "scan": issuing.scan("chen.jing", "签批件.pdf")})
    one.do("clerk2", "paper_signature:confirm", issuing.CONFIRMED)

    assert "线下签批，扫描件第2页" in Reviewer(house, "clerk").go(f"/documents/{one.row().ref}").text
    assert "扫描件第2页" in Reviewer(house, "clerk").go(f"/cases/{one.case}").text


def test_the_page_of_a_document_tells_its_trail_newest_first(house):
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "return", "reason": "标题有误。"})

    page = Reviewer(house, "gao.yuan").go(f"/documents/{one.row().ref}")

    acts = [line for line in page.all(".timeline li") if line.find("b") is not None]
    assert [line.find("b").text_content() for line in acts] == ["办公室核稿", "处室审核", "起草"]
    assert "退回修改" in acts[0].text_content()
    assert "标题有误。" in acts[0].text_content()
    assert "陈静" in acts[2].text_content()


def test_the_tasks_of_a_document_lead_to_it(house):
    row = Issuing().to_the_office().row()
    clerk = Reviewer(house, "clerk").claim_next()

    assert clerk.page.xpath(f"//a[contains(@href, '/documents/{row.ref}')]")
    with reading() as session:
        assert definitions.current(session, "document_issue")
        assert document.by_ref(session, row.ref).state == "reviewing"


def test_the_letters_of_a_case_are_printed_filled_and_say_that_nothing_is_sealed(house):
    """R-9.3, R-9.5: the notice to the city and the public notice before anybody issues them; nothing is kept."""
    with transaction() as session:
        case = moves.open_case(session, "B042", clock.now())
    officer = Reviewer(house, "chen.jing")

    assert "实地考察通知" in officer.go(f"/office/cases/{case.ref}/letters").text
    for kind in ("visit_notice", "public_notice"):
        answer = officer.client.get(f"/office/cases/{case.ref}/letters/{kind}.docx")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        with zipfile.ZipFile(BytesIO(answer.data)) as package:
            assert moves.rows.bases()["B042"].name in package.read("word/document.xml").decode()
            assert any("未用印" in package.read(name).decode() for name in package.namelist() if "header" in name)
        assert officer.client.get(f"/office/cases/{case.ref}/letters/{kind}.pdf").data.startswith(b"%PDF")
    assert officer.client.get(f"/office/cases/{case.ref}/letters/none.pdf").status_code == 422


def test_a_case_leads_to_its_letters_only_for_whoever_may_open_them(house):
    """R-9.3: the department's officer finds the letters from the case; the city has no dead link."""
    with transaction() as session:
        case = moves.open_case(session, "B042", clock.now())
    letters = f"//a[@href='/office/cases/{case.ref}/letters']"

    officer = Reviewer(house, "chen.jing").go(f"/cases/{case.ref}")
    city = Reviewer(house, "zhou.ping").go(f"/cases/{case.ref}")

    assert [link.text_content() for link in officer.page.xpath(letters)] == ["办件文书"]
    assert moves.rows.bases()["B042"].name in city.page.findtext(".//h1")
    assert not city.page.xpath(letters)


@pytest.mark.parametrize("login", ["li.guohua", "zhou.ping", "clerk", "finance"])
def test_attack_71_letters_of_a_case_are_for_the_department_s_own_officers(house, login):
    with transaction() as session:
        case = moves.open_case(session, "B042", clock.now())
    client = Reviewer(house, login).client

    for path in ("letters", "letters/visit_notice.pdf", "letters/visit_notice.docx"):
        assert client.get(f"/office/cases/{case.ref}/{path}").status_code == 403
