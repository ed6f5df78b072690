"""What was signed on paper: on the case, on the base's public page, and in the list of whoever looks on (N-8, §6.2)."""

from datetime import date

import pytest

from bases import demo
from bases.documents import desk, signature
from ground import clock, files
from ground.database import reading, transaction
from ground.errors import Forbidden
from tasks import timers
from tests.bases import issuing, moves
from tests.bases.issuing import Issuing
from tests.stories.test_designation import Story, on_paper
from tests.web import support
from tests.web.reviewing import Reviewer

ENTERED = {
    "page": 2,
    "words": "同意，按程序办理。",
    "signer": "高远",
    "signed_on": issuing.TODAY,
    "decision": "approve",
}


@pytest.fixture
def house(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    return office


@pytest.fixture
def entered(house) -> Issuing:
    """A document whose signature on paper is entered and not yet confirmed."""
    issuing.staff()
    one = Issuing().to_the_office()
    one.do("clerk", "office_check", {**issuing.CHECKED, "outcome": "paper"})
    one.do("chen.jing", "paper_signature:enter", {**ENTERED, "scan": issuing.scan("chen.jing", "签批件.pdf")})
    return one


def confirm(one: Issuing) -> None:
    one.do("clerk2", "paper_signature:confirm", issuing.CONFIRMED)


def test_n_8_the_auditor_sees_every_signature_on_paper_with_the_page_of_its_scan(house, entered):
    """N-8: cannot act; sees every 线下签批 with page of the scan."""
    auditor = Reviewer(house, "du.wen").go("/signatures")
    assert "没有线下签批" in auditor.text

    confirm(entered)

    auditor.go("/signatures")
    for words in (ENTERED["words"], "高远", "扫描件第2页", "clerk2某", "陈静"):
        assert words in auditor.text
    (scan,) = [link.get("href") for link in auditor.all("td a") if "/files/" in link.get("href")]
    with auditor.client.get(scan) as answer:
        assert answer.data.startswith(b"%PDF")
    assert ENTERED["words"] in auditor.go(f"/cases/{entered.case}").text
    assert not auditor.all("main form[method=post]")


def test_signatures_on_paper_are_found_by_their_year(house, entered):
    confirm(entered)
    auditor = Reviewer(house, "du.wen")
    assert ENTERED["words"] in auditor.go("/signatures?year=2026").text
    with reading() as store:
        assert signature.years(store) == [2026]
        assert list(signature.listed(store, 2025)) == []
        (only,) = signature.listed(store)
        assert list(signature.listed(store, None, only.ref)) == []
    for odd in ("year=1", "year=x", "before=x", "before=%00"):
        assert ENTERED["words"] in auditor.go(f"/signatures?{odd}").text


@pytest.mark.parametrize("login", ["zhou.ping", "liu.min", "chen.jing"])
def test_no_base_no_city_and_no_handler_opens_the_list(house, entered, login):
    confirm(entered)
    client = support.browser(house)
    support.sign_in(client, login)
    assert client.get("/signatures").status_code == 403


def test_the_list_is_refused_below_the_pages_too(house, entered):
    with reading() as store, pytest.raises(Forbidden):
        desk.signed_on_paper(store, moves.actor(store, "zhou.ping", clock.now()))


def test_a_decision_on_paper_is_told_on_the_case_and_to_the_public_only_as_a_fact(house, stopped_clock):
    """§6.2: every page shows it; the public reads that it was signed on paper, and no name, no words, no page."""
    story = Story("liu.min", "B042")
    story.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 12, 1))
    timers.fire_due(clock.now())
    on_paper(story, "designate", "approve")

    page = Reviewer(house, "du.wen").go(f"/cases/{story.case}")
    assert "线下签批，扫描件第2页" in page.text
    (link,) = {each.get("href") for each in page.all(".timeline a") if "#signature-" in each.get("href")}
    (panel,) = page.all(f"[id={link.partition('#')[2]}]")
    assert "罗文" in panel.text_content()
    assert "同意。" in panel.text_content()

    with reading() as store:
        ref = moves.base(store, "B042").ref
    public = support.browser(house).get(f"/register/{ref}").text
    assert "线下签批" in public
    assert not [words for words in ("高远", "扫描件", "罗文", "同意。") if words in public]
