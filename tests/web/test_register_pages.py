"""What the catalogue asks of a register, done on its pages: entered, listed, summed, read in the year of its base."""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from bases.verdicts import revocation
from ground import organs
from ground.database import reading
from tests.bases import ledger
from tests.web.reviewing import Reviewer


def entered(person: Reviewer, register: str, at: str = "", **answers: Any) -> str:
    """The entry's page, after this person has filled in the form of the register."""
    person.go(f"/registers/{register}/new{at and '?at=' + at}").press(**answers)
    assert "已登记" in person.text, person.wrong()
    return person.path.partition("?")[0]


def at_the_base() -> str:
    with reading() as session:
        return ledger.at(session, "B042")


def giver(code: str) -> str:
    with reading() as session:
        return str(organs.body(session, code).ref)


@pytest.mark.performs("M-3.2")
def test_m_3_2_a_promotion_with_three_enterprises_appears_in_the_year_of_its_base(office):
    filler = Reviewer(office, "liu.min").go("/registers/event/new")
    promoted = {"name": "川茶海外推介会", "kind": "promotion", "held_on": "2025-06-18", "place": "米兰"}
    for _row in range(3):
        filler.press("add:joined", **promoted)
    filler.press(**promoted, **{f"joined.{row}.name": f"参展企业{row}" for row in range(3)})
    assert "已登记" in filler.text

    for login in ("liu.min", "zhou.ping", "chen.jing"):
        page = Reviewer(office, login).go(f"/registers/bases/{at_the_base()}?year=2025")
        panel = page.page.get_element_by_id("activities").getparent().getparent().text_content()
        assert "川茶海外推介会" in panel
        assert "参加企业3家" in panel
    assert "川茶海外推介会" not in page.go(f"/registers/bases/{at_the_base()}?year=2024").text


@pytest.mark.parametrize(
    ("kinds", "location"),
    [
        pytest.param({"university": "高校合作"}, "province", marks=pytest.mark.performs("M-4.1")),
        pytest.param({"supply_chain": "供应链创新"}, "base", marks=pytest.mark.performs("M-4.2")),
        pytest.param({"talent": "人才与智库", "technology": "引进技术"}, "china", marks=pytest.mark.performs("M-4.3")),
        pytest.param(
            {"overseas_rd": "海外研发中心", "foreign_rd": "境外机构在基地设立的研发机构"},
            "abroad",
            marks=pytest.mark.performs("M-4.5"),
        ),
    ],
)
def test_a_cooperation_or_a_centre_is_listed_under_its_kind_for_base_city_and_department(office, kinds, location):
    filler = Reviewer(office, "liu.min")
    for kind in kinds:
        facts = {"name": f"示例{kind}", "partner": "四川大学", "since": "2025", "result": "共建实验室。"}
        entered(filler, "rd_centre", kind=kind, location=location, **facts)
    for login in ("liu.min", "zhou.ping", "chen.jing"):
        for kind, words in kinds.items():
            page = Reviewer(office, login).go(f"/registers/rd_centre?kind={kind}")
            (line,) = page.all("table")[0].xpath("./tbody/tr")
            told = line.text_content()
            assert f"示例{kind}" in told
            assert words in told
            assert "四川大学" in told
    assert "示例" not in Reviewer(office, "tang.hao").go("/registers/rd_centre").all("main")[0].text_content()


@pytest.mark.parametrize(
    ("login", "measure"),
    [
        pytest.param("ren.jie", "single_window", marks=pytest.mark.performs("M-5.1")),
        pytest.param("ren.jie", "tax_modes", marks=pytest.mark.performs("M-5.2")),
        pytest.param("fan.yu", "licences", marks=pytest.mark.performs("M-5.3")),
        pytest.param("chen.jing", "port_fees", marks=pytest.mark.performs("M-5.6")),
    ],
)
def test_the_owner_updates_progress_and_an_item_past_its_own_date_is_grey(office, login, measure):
    owner = Reviewer(office, login)
    given = {"name": "示例举措", "in_year": "2026", "measure": measure, "progress": "planned", "state": "准备中。"}
    one = entered(owner, "measure", **given, due_on="2026-11-22")
    owner.go(f"{one}/change").press(progress="running", state="两个口岸推行。", _reason="季度更新")
    assert "已修改" in owner.text
    assert "两个口岸推行。" in owner.text
    assert list(marked(owner)) == [("超出系统默认时限", "tag")]
    assert list(marked(owner.go("/registers/measure"))) == [("超出系统默认时限", "tag")]

    other = Reviewer(office, "guo.ning").go(one)
    assert "示例举措" in other.text
    assert other.go(f"{one}/change").answer.status_code in {403, 404}

    owner.go(f"{one}/change").press(progress="done", state="全部口岸推行。", evidence="公告", _reason="完成")
    assert list(marked(owner)) == []


def marked(page: Reviewer) -> Iterator[tuple[str, str]]:
    """Each tag of the page that speaks of time, with its classes: without a colour it is grey."""
    for tag in page.all("main .tag"):
        if "时限" in tag.text_content():
            yield tag.text_content(), tag.get("class").strip()


@pytest.mark.performs("M-5.8")
def test_m_5_8_insurance_and_a_pledge_are_tied_to_the_base_seen_there_and_asked_about_when_it_loses_its_name(office):
    officer = Reviewer(office, "chen.jing")
    for source, words in (("insurance", "短期出口信用保险保费"), ("pledge", "出口退税质押贷款")):
        given = {**ledger.SUPPORT, "name": words, "source": source, "giver": giver("sc-finance"), "in_year": "2025"}
        entered(officer, "support", at_the_base(), **given)
        assert words in Reviewer(office, "liu.min").go(f"/registers/support?source={source}").text
        assert words not in Reviewer(office, "tang.hao").go("/registers/support").text
    page = Reviewer(office, "liu.min").go(f"/registers/bases/{at_the_base()}?year=2025")
    panel = page.page.get_element_by_id("supports").getparent().getparent()
    assert [cell.text_content() for cell in panel.xpath(".//tbody/tr/*")] == ["国际市场拓展", "25"]
    with reading() as session:
        stopped = revocation.supports(session, ledger.base_id(session, "B042"))
    assert {row["support"] for row in stopped} == {"短期出口信用保险保费", "出口退税质押贷款"}


@pytest.mark.performs("S-4.2 and S-4.3")
def test_totals_by_direction_equal_the_detail_with_supports_of_enterprises_and_funds_of_society(office):
    enterprise = entered(Reviewer(office, "liu.min"), "enterprise", **ledger.ENTERPRISE).rpartition("/")[2]
    officer = Reviewer(office, "chen.jing")
    for amount, year, direction, source, whose in (
        ("12.5", "2025", "renovation", "fiscal", enterprise),
        ("7.25", "2026", "renovation", "fiscal", enterprise),
        ("300", "2026", "infrastructure", "social", None),
        ("45.5", "2026", "platforms", "social", None),
        ("4.5", "2025", "platforms", "fiscal", None),
    ):
        given = {**ledger.SUPPORT, "amount": amount, "in_year": year, "direction": direction, "source": source}
        whom = {"enterprise": whose} if whose else {}
        entered(officer, "support", at_the_base(), **given, **whom, giver=giver("sc-finance"))
        assert (ledger.ENTERPRISE["name"] in officer.text) is bool(whose)
    for narrowed in ("", "?source=social", "?source=fiscal", "?year=2026"):
        detail = detailed(officer, narrowed)
        assert detail
        assert summed(officer, narrowed) == detail


def detailed(officer: Reviewer, narrowed: str) -> dict[str, Decimal]:
    """Amounts by direction, added up from the lines of the file."""
    body = officer.client.get(f"/registers/support/list.csv{narrowed}").data.decode("utf-8-sig")
    found: dict[str, Decimal] = {}
    for line in csv.DictReader(io.StringIO(body)):
        (amount,) = (line[name] for name in line if name.startswith("金额"))
        found[line["支持方向"]] = found.get(line["支持方向"], Decimal(0)) + Decimal(amount)
    return found


def summed(officer: Reviewer, narrowed: str) -> dict[str, Decimal]:
    """Amounts by direction as the page sums them."""
    lines = officer.go(f"/registers/support{narrowed}").all("table")[1].xpath("./tbody/tr")
    told = [[cell.text_content().strip() for cell in line.xpath("./th|./td")] for line in lines]
    return {line[0]: Decimal(re.sub("[^0-9.]", "", line[-1])) for line in told}
