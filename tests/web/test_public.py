"""What anybody may see: the register with its filters, one base, the notices as printed, the text of the measures."""

import re
from datetime import timedelta

import pytest

from bases import register as bases
from bases.measures import clauses
from bases.verdicts import notice_steps
from ground import clock
from ground.database import reading, transaction
from tests.bases import moves
from tests.web import support


def count(page: str) -> int:
    return int(re.search(r"共(\d+)个基地", page).group(1))


def test_the_register_holds_thirty_provincial_and_twelve_national_names(visitor):
    page = visitor.get("/register").text
    assert count(page) == 40
    assert "省级基地 30 · 国家级基地 12" in page
    assert page.count('<tr><th scope="row">') == 40


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("city=511400", 1),
        ("industry=food", 2),
        ("kind=national", 12),
        ("kind=provincial", 30),
        ("city=510100&kind=provincial", 4),
        ("q=绵阳", 2),
        ("q=%25", 0),
        ("q=_", 0),
        ("standing=revoked", 0),
        ("standing=all", 40),
        ("standing=' or 1=1", 40),
        ("city=nowhere", 40),
        ("kind=__class__", 40),
        ("q=" + "x" * 200, 0),
        ("q=%00%0a", 40),
    ],
)
def test_filters_stand_in_the_address(visitor, query, found):
    assert count(visitor.get(f"/register?{query}").text) == found


def test_a_filter_stays_chosen_and_can_be_cleared(visitor):
    page = visitor.get("/register?city=511400&q=<b>").text
    assert '<option value="511400" selected>' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page.split("<main")[1].split("</main>")[0]
    assert "清除" in page


def test_an_empty_result_says_what_to_do(visitor):
    assert "请放宽筛选条件" in visitor.get("/register?q=没有").text


def test_a_base_shows_its_names_and_since_when(visitor, pages):
    with reading() as store:
        ref = next(entry.ref for entry in bases.public_list(store) if entry.name == "攀枝花市钒钛高新区")
    page = visitor.get(f"/register/{ref}").text
    for words in ("攀枝花市", "省级基地", "2020年", "国家级基地", "2024年", "7202", "高新区", "有效"):
        assert words in page


def test_an_applicant_has_no_public_page_attack_087(visitor, pages):
    with reading() as store:
        applicant = next(
            base
            for base in bases.bases_of(store, moves.actor(store, "chen.jing", clock.now()))
            if base.status == "draft"
        )
    assert visitor.get(f"/register/{applicant.ref}").status_code == 404
    assert f">{applicant.name}</a>" not in visitor.get("/register?standing=all").text


def test_the_first_page_counts_bases_cities_and_notices(visitor):
    page = visitor.get("/").text
    figures = re.findall(r"<b>(\d+)</b>", page)
    assert figures == ["40", "21", "0"]
    assert "现在没有正在进行的公示。" in page


def test_after_its_period_the_measures_banner_stands_on_every_page(visitor):
    words = "实施意见标题所载期限为2020—2025年，现已届满"
    assert all(words in visitor.get(path).text for path in ("/", "/register", "/notices", "/nowhere"))


def test_within_the_period_there_was_no_banner(visitor, stopped_clock):
    stopped_clock[0] -= timedelta(days=365)
    assert "现已届满" not in visitor.get("/register").text


def test_every_clause_of_the_measures_has_its_place(visitor):
    page = visitor.get("/about/measures").text
    assert all(f'id="c-{id_}"' in page for id_ in clauses.every())
    assert page.index('id="c-1"') < page.index('id="c-16"') < page.index('id="c-一"')
    assert "每年2月15日前" in page


@pytest.fixture
def published(office):
    """A house in which one notice was published this morning, and its ref."""
    with transaction() as store:
        move = moves.moving(store, "B042", clock.now(), "xu.hong")
        notice_steps.open_(move)
        ref = move.lines[0][1]["notice"]
    return support.browser(office), ref


def test_a_notice_stands_on_the_first_page_and_the_list_until_its_last_day(published, stopped_clock):
    client, ref = published
    for path in ("/", "/notices"):
        page = client.get(path).text
        assert f"/notices/{ref}" in page
        assert "2026年11月30日" in page
        assert "还剩6个工作日（含今天）" in page
    stopped_clock[0] += timedelta(days=7)
    assert "今天到期" in client.get("/notices").text
    stopped_clock[0] += timedelta(days=1)
    assert ref not in client.get("/notices").text


def test_a_notice_reads_as_it_was_printed_and_never_says_designated(published):
    client, ref = published
    page = client.get(f"/notices/{ref}").text
    assert "关于拟认定2026年度四川省外贸转型升级基地名单的公示" in page
    assert "公示期：2026年11月23日至2026年11月30日（5个工作日）。" in page
    assert "宜宾市筠连县" in page
    assert "已认定" not in page


def test_a_notice_whose_time_is_over_can_still_be_read(published, stopped_clock):
    client, ref = published
    stopped_clock[0] += timedelta(days=30)
    assert "公示期已满" in client.get(f"/notices/{ref}").text


def test_a_notice_is_not_guessed_attack_087(published):
    client, ref = published
    assert client.get("/notices/" + ref[:-1] + ("y" if ref[-1] == "x" else "x")).status_code == 404
    assert client.get("/notices/1").status_code == 404


def test_the_public_never_reads_a_telephone_number_of_a_person_attack_087(published):
    client, ref = published
    pages = [client.get(path).text for path in ("/", "/register", "/notices", f"/notices/{ref}")]
    assert not [page for page in pages if re.search(r"1[3-9]\d{9}", page)]


@pytest.mark.parametrize("path", ["/", "/register", "/notices", "/about/measures", "/sign-in"])
def test_pages_are_complete_in_english(visitor, path):
    visitor.set_cookie("jidi-language", "en")
    page = visitor.get(path).text
    assert '<html lang="en">' in page
    frame = re.sub(r'(?s)<main.*</main>|<[^>]+lang="zh-CN"[^>]*>[^<]*<', "", page)
    assert not re.findall(r"[\u4e00-\u9fff]+", frame)
