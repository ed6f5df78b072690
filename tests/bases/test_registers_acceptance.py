"""What the catalogue asks of each register, sentence by sentence."""

from datetime import UTC, datetime

import pytest

from bases import register
from bases.filing import clusters, year_file
from bases.filing.checks import information
from bases.measures import codes
from bases.register import ledgers
from bases.register.ledgers import code_lists, figures, marks, reading
from bases.register.ledgers.definition import Total
from bases.register.ledgers.reading import Shown
from bases.verdicts import revocation
from engine.forms import FormContext
from ground import clock, organs, regions
from ground.clock import local_day
from ground.errors import Missing
from tests.bases import ledger, moves
from tests.bases.ledger import ENTERPRISE, INCIDENT, PLATFORM, SUPPORT

USE = [{"in_year": "2025", "users": 30, "uses": 120, "cost": "8"}]
NETWORK = {"country": "德国", "kind": "showroom", "enterprise_name": "示例茶业", "since": "2024"}
EVENT = {"name": "广交会", "kind": "exhibition", "held_on": "2026-04-15", "place": "广州"}
POLICY = {"level": "county", "issuer": "筠连县", "valid_from": "2026-01-01", "in_year": "2026"}
MEASURE = {"in_year": "2026", "measure": "clearance", "progress": "running", "state": "推进中"}
KEY = {"contact": "王某", "responsible": "刘敏", "frequency": "month", "since": "2026"}
ITEM = {"in_year": "2026", "progress": "planned"}


def sums(session, code, field, across="", year=None):
    found = reading.sums_of(session, code, Total(field, across), Shown(year=year))
    return {one.code: one.counts for one in found}


def said(session, code, base="B042"):
    rows = ledgers.rows(session, code, base_id=ledger.base_id(session, base))
    return {row.label: marks.of(session, ledgers.of(code), [row], clock.today()).get(row.id, []) for row in rows}


def test_g_0_every_city_lies_in_one_of_five_zones(session):
    cities = regions.listed(session, "city", regions.PROVINCE)
    assert len(cities) == 21
    assert len({city.zone for city in cities}) == 5
    assert all(city.zone for city in cities)


def test_g_3_the_bases_of_a_cluster_sum_to_its_totals(session):
    refs = [ledger.at(session, key) for key in ("B001", "B007")]
    ledger.add(session, "cluster", "province", "chen.jing", name="电子信息产业集群", bases=refs)
    ledger.add(session, "cluster", "province", "chen.jing", name="成都都市圈", bases=refs[:1])

    entry = ledgers.rows(session, "cluster")[0]
    whole = clusters.of(
        session, [str(ref) for row in ledgers.rows(session, "cluster") for ref in row.answers["bases"]], 2025
    )
    assert len(whole.bases) == 2
    for item in clusters.ITEMS:
        assert whole.totals[item] == sum(amounts[item] for _base, amounts in whole.bases) > 0
    assert {
        mark.facts["bases"] for mark in marks.of(session, ledgers.of("cluster"), [entry], clock.today())[entry.id]
    } <= {1, 2}
    assert clusters.words("I01", 15610012) == "1561.0012"


def test_p_1_a_carrier_is_added_without_a_release_and_bases_are_found_by_it(session):
    assert "free_zone" not in code_lists.of(session, "carrier")
    ledger.add(
        session, "code", "province", "qin.lan", list="carrier", code="free_zone", zh="自贸试验区", en="Free-trade zone"
    )

    assert code_lists.of(session, "carrier")["free_zone"].zh == "自贸试验区"
    used = {code for entry in register.public_list(session) for code in codes.of("carrier") if entry}
    assert used <= set(codes.of("carrier"))
    found = register.public_list(session, register.Shown(carrier="high_tech_zone"))
    assert {entry.name for entry in found} >= {"成都高新技术产业开发区"}
    assert len(found) < len(register.public_list(session))
    assert register.public_list(session, register.Shown(carrier="free_zone")) == []


def test_a_code_of_the_program_is_not_entered_twice(session):
    with pytest.raises(ledgers.Wrong):
        ledger.add(session, "code", "province", "qin.lan", list="carrier", code="key_park", zh="园区")


def test_p_2_plan_items_and_platforms_are_listed_by_innovation_and_green(session):
    ledger.add(session, "plan_item", "B042", "liu.min", name="光伏改造", traits=["green"], **ITEM)
    ledger.add(session, "platform", "B042", "liu.min", **PLATFORM, traits=["innovation", "green"])
    actor = ledger.by(session, "zhou.ping").actor
    for code, label in (("plan_item", "光伏改造"), ("platform", "红茶检测中心")):
        rows = ledgers.page(session, ledgers.of(code), actor, Shown(facets={"traits": "green"}))
        assert [row.label for row in rows] == [label]


def test_t_1_planned_and_done_per_tag_and_an_item_with_two_tags_counts_once_in_the_total(session):
    both = {**ITEM, "tags": ["industry_cluster", "open_platform"], "progress": "done"}
    ledger.add(session, "plan_item", "B042", "liu.min", name="园区扩建", **both)
    ledger.add(session, "plan_item", "B042", "liu.min", name="口岸联动", **{**ITEM, "tags": ["open_platform"]})

    found = sums(session, "plan_item", "tags", "progress", year=2026)
    assert found["open_platform"] == {"": 2, "done": 1, "planned": 1}
    assert found["industry_cluster"] == {"": 1, "done": 1}
    assert reading.count(session, ledgers.of("plan_item"), ledger.by(session, "chen.jing").actor, Shown())[0] == 2


def test_s_1_4_the_city_sees_how_an_item_of_the_plan_stands(session):
    ledger.add(session, "plan_item", "B042", "liu.min", name="冷链仓库", **{**ITEM, "due_on": "2026-06-30"})
    rows = ledgers.page(session, ledgers.of("plan_item"), ledger.by(session, "zhou.ping").actor, Shown())
    assert [(row.label, row.answers["progress"]) for row in rows] == [("冷链仓库", "planned")]
    assert [(mark.code, mark.tone) for mark in said(session, "plan_item")["冷链仓库"]] == [
        ("ledger.past_own_date", "past")
    ]


def test_m_1_1_a_base_has_exactly_one_main_industry_mapped_to_a_system(session):
    one = {"title": "红茶", "main_code": "farm", "system": "farm_tea"}
    ledger.add(session, "main_industry", "B042", "liu.min", **one)
    with pytest.raises(ledgers.Wrong) as second:
        ledger.add(session, "main_industry", "B042", "liu.min", **{**one, "title": "另一个"})
    assert [each.code for each in second.value.detail["problems"]] == ["ledger.single"]
    systems = [each.zh for each in codes.of("industry_system").values()]
    assert [sum(text.startswith(name) for text in systems) for name in ("工业5+1", "农业10+3", "服务业4+6")] == [
        6,
        13,
        10,
    ]


def test_m_1_2_the_ladder_counts_match_the_register(session):
    for number, tier in enumerate(("leading", "backbone", "backbone", "supporting")):
        ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "name": f"企业{number}", "tier": tier})
    whole = year_file.of(session, ledger.base_id(session, "B042"), 2026, clock.today())
    assert whole.ladder == {"leading": 1, "backbone": 2, "supporting": 1}


def test_m_1_3_a_missing_link_is_shown(session):
    ledger.add(session, "chain_link", "B042", "liu.min", name="精深加工", position="downstream", state="missing")
    ledger.add(session, "chain_link", "B042", "liu.min", name="种植", position="upstream", state="complete")
    whole = year_file.of(session, ledger.base_id(session, "B042"), 2026, clock.today())
    assert [row.label for row in whole.missing_links] == ["精深加工"]
    assert "ledger.missing_link" in {mark.code for mark in said(session, "chain_link")["精深加工"]}


def project(session, name, **more: str):
    given = {"in_year": "2025", "kind": "new", "source_region": "yangtze", "investor": "某集团", "progress": "signed"}
    return ledger.add(session, "project", "B042", "liu.min", name=name, **{**given, **more})


def asked(session, answers):
    case = moves.open_case(session, "B042", clock.now())
    return [p for p in information(answers, FormContext(session, case, 2025)) if p.code == "V28"]


def test_m_2_1_new_projects_that_differ_from_the_register_are_asked_about(session):
    assert asked(session, {"new_projects": {"y1": 3}}) == []
    project(session, "精制茶厂")
    project(session, "冷链", in_year="2024")

    found = asked(session, {"new_projects": {"y1": 3}})
    assert [(p.path, p.severity, p.params["counted"]) for p in found] == [("new_projects.y1", "warn", 1)]
    assert asked(session, {"new_projects": {"y1": 1}}) == []


def test_m_2_2_projects_are_reported_by_source_region(session):
    project(session, "甲", source_region="pearl")
    project(session, "乙")
    project(session, "丙")
    assert {code: counts[""] for code, counts in sums(session, "project", "source_region").items()} == {
        "pearl": 1,
        "yangtze": 2,
    }


def test_m_2_3_the_flag_of_enterprises_feeds_item_six_and_else_is_asked_about(session):
    ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "global_brand": "true"})
    ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "name": "普通企业"})
    assert figures.counted(session, ledger.base_id(session, "B042"), 2025)["I06"] == 1
    assert [p.path for p in asked(session, {"global_brand_count": {"y1": 2}})] == ["global_brand_count.y1"]
    assert asked(session, {"global_brand_count": {"y1": 1}}) == []


def test_m_2_4_producer_services_are_listed(session):
    given = {
        "name": "集中报关",
        "in_year": "2026",
        "kind": "customs",
        "provider": "某公司",
        "enterprises": 12,
        "saved": "35.5",
    }
    ledger.add(session, "producer_service", "B042", "liu.min", **given)
    row = ledgers.rows(session, "producer_service", year=2026)[0]
    assert (row.label, row.amount) == ("集中报关", 3550)


def test_m_2_6_new_forms_are_counted_by_form_and_a_year_stands_once(session):
    ledger.add(session, "new_form", "B042", "liu.min", in_year="2025", forms=["ecommerce", "service"])
    ledger.add(session, "new_form", "B045", "tang.hao", in_year="2025", forms=["ecommerce"])
    assert {code: counts[""] for code, counts in sums(session, "new_form", "forms").items()} == {
        "ecommerce": 2,
        "service": 1,
    }
    with pytest.raises(ledgers.Wrong):
        ledger.add(session, "new_form", "B042", "liu.min", in_year="2025", forms=["market"])


def test_m_3_1_an_event_with_three_enterprises_appears_in_the_base_s_year(session):
    """M-3.1 and M-3.2: exhibitions and promotions stand in the same register."""
    joined = [{"name": f"企业{number}"} for number in range(3)]
    ledger.add(session, "event", "B042", "liu.min", **EVENT, joined=joined)
    ledger.add(
        session,
        "event",
        "B042",
        "liu.min",
        **{**EVENT, "name": "海外推介", "kind": "promotion", "held_on": "2025-05-01"},
    )
    base = ledger.base_id(session, "B042")
    this, last = (year_file.of(session, base, year, clock.today()) for year in (2026, 2025))
    assert [(row.label, len(row.answers["joined"])) for row in this.events] == [("广交会", 3)]
    assert [row.label for row in last.events] == ["海外推介"]


def test_m_3_3_the_count_is_the_length_of_the_list(session):
    """M-3.3 and M-3.5: certifications, brands and trademarks feed the items by their year and kind."""
    for number in range(3):
        given = {"kind": "system", "abroad": "true", "holder": "某企业", "since": "2024"}
        ledger.add(session, "certification", "B042", "liu.min", name=f"认证{number}", **given)
    for kind in ("own", "own", "famous", "foreign", "provincial", "centre"):
        ledger.add(session, "brand", "B042", "liu.min", name=f"品牌{kind}", kind=kind, since="2023", until="2025")
    base = ledger.base_id(session, "B042")
    last, this = (figures.counted(session, base, year) for year in (2025, 2026))
    assert {code: last[code] for code in ("I20", "I21", "I22", "I23", "I24")} == {
        "I20": 2, "I21": 1, "I22": 1, "I23": 1, "I24": 3,
    }  # fmt: skip
    assert (this["I20"], this["I24"]) == (0, 3)


def test_m_3_4_the_network_is_counted_by_kind_and_country(session):
    ledger.add(session, "network", "B042", "liu.min", name="柏林", **NETWORK)
    ledger.add(session, "network", "B042", "liu.min", name="汉堡", **{**NETWORK, "kind": "warehouse"})
    ledger.add(session, "network", "B042", "liu.min", name="曼谷", **{**NETWORK, "country": "泰国"})
    assert {code: counts[""] for code, counts in sums(session, "network", "kind").items()} == {
        "showroom": 2,
        "warehouse": 1,
    }
    assert {code: counts[""] for code, counts in sums(session, "network", "country").items()} == {"德国": 2, "泰国": 1}
    assert figures.counted(session, ledger.base_id(session, "B042"), 2025)["I18"] == 3


@pytest.mark.parametrize(
    "kind", ["university", "supply_chain", "talent", "technology", "alliance", "overseas_rd", "foreign_rd"]
)
def test_m_4_1_to_4_5_cooperation_and_centres_are_listed(session, kind):
    """M-4.1, M-4.2, M-4.3 and M-4.5: each kind of cooperation or centre has its place."""
    ledger.add(session, "rd_centre", "B042", "liu.min", name="合作", kind=kind, location="abroad", since="2025")
    rows = ledgers.page(
        session, ledgers.of("rd_centre"), ledger.by(session, "zhou.ping").actor, Shown(facets={"kind": kind})
    )
    assert [row.label for row in rows] == ["合作"]


def test_m_4_4_item_fifteen_is_the_register_s_count_for_the_year(session):
    """M-4.4 and R-7.6."""
    ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    ledger.add(
        session, "platform", "B042", "liu.min", **{**PLATFORM, "name": "培训中心", "kind": "training", "since": "2026"}
    )
    ledger.add(session, "platform", "B042", "liu.min", **{**PLATFORM, "name": "旧平台", "until": "2023"})
    base = ledger.base_id(session, "B042")
    assert [figures.counted(session, base, year)["I15"] for year in (2020, 2023, 2025, 2026)] == [0, 2, 1, 2]


def test_m_4_6_led_and_taken_part_in_are_counted_apart(session):
    for number, part in enumerate(("host", "participate", "participate")):
        ledger.add(
            session, "standard", "B042", "liu.min", number=f"GB/T {number}", name="红茶", part=part, since="2024"
        )
    assert {code: counts[""] for code, counts in sums(session, "standard", "part").items()} == {
        "host": 1,
        "participate": 2,
    }


def test_m_4_8_testing_platforms_and_training_in_quality_are_listed(session):
    ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    ledger.add(session, "event", "B042", "liu.min", **{**EVENT, "kind": "safety_training"})
    actor = ledger.by(session, "chen.jing").actor
    assert ledgers.page(session, ledgers.of("platform"), actor, Shown(facets={"kind": "testing"}))
    assert ledgers.page(session, ledgers.of("event"), actor, Shown(facets={"kind": "safety_training"}))


def test_m_5_1_the_owner_updates_progress_and_a_passed_own_date_is_grey(session):
    """M-5.1 to M-5.4 and M-5.6: one register, each measure by its code."""
    customs = ledger.seat(session, "measure", "ren.jie")
    given = {**MEASURE, "name": "提前申报", "due_on": "2026-10-31"}
    ref = ledger.add(session, "measure", customs, "ren.jie", **given)
    ledgers.amend(session, ref, {**given, "state": "已覆盖两个口岸"}, 1, "季度更新", ledger.by(session, "ren.jie"))
    row = ledgers.by_ref(session, ref)
    marked = marks.of(session, ledgers.of("measure"), [row], clock.today())[row.id]
    assert [(mark.code, mark.tone) for mark in marked] == [("ledger.past_own_date", "past")]
    ledgers.amend(session, ref, {**given, "progress": "done"}, 2, "完成", ledger.by(session, "ren.jie"))
    row = ledgers.by_ref(session, ref)
    assert marks.of(session, ledgers.of("measure"), [row], clock.today()) == {}
    with pytest.raises(Missing):
        ledgers.amend(session, "0" * 12, given, 3, "x", ledger.by(session, "guo.ning"))


def test_another_organ_reads_a_measure_and_does_not_change_it(session):
    ref = ledger.add(
        session, "measure", ledger.seat(session, "measure", "ren.jie"), "ren.jie", **MEASURE, name="单一窗口"
    )
    finance = ledger.by(session, "guo.ning")
    assert ledgers.find(session, ref, finance.actor).label == "单一窗口"
    with pytest.raises(Exception, match="forbidden"):
        ledgers.amend(session, ref, {**MEASURE, "name": "改"}, 1, "x", finance)


def test_m_5_4_a_metric_has_its_trend(session):
    customs = ledger.seat(session, "measure", "ren.jie")
    for year, hours in (("2024", "38"), ("2025", "31.5")):
        ledger.add(
            session, "measure", customs, "ren.jie",
            **{**MEASURE, "in_year": year}, name="整体通关时间", metric="进口整体通关时间（小时）", metric_value=hours,
        )  # fmt: skip
    rows = ledgers.rows(session, "measure")
    assert [(row.first_year, row.answers["metric_value"]) for row in rows] == [(2025, "31.50"), (2024, "38.00")]


def test_m_5_5_enterprises_are_filtered_by_their_credit_class(session):
    ledger.add(session, "enterprise", "B042", "liu.min", **ENTERPRISE, customs_credit="senior")
    ledger.add(session, "enterprise", "B042", "liu.min", **{**ENTERPRISE, "name": "未备案企业"}, customs_credit="none")
    wanted = Shown(facets={"customs_credit": "senior"})
    rows = ledgers.page(session, ledgers.of("enterprise"), ledger.by(session, "chen.jing").actor, wanted)
    assert [row.label for row in rows] == [ENTERPRISE["name"]]


def giver(session, code="sc-finance"):
    return organs.body(session, code).ref


def test_m_5_7_support_of_a_bank_is_tied_to_the_base_and_seen_there(session):
    """M-5.7, M-5.8, S-1.3 (support) and S-4.3: loans, insurance, pledges and social capital stand with their organ."""
    for source in ("loan", "insurance", "pledge", "social"):
        ledger.add(
            session,
            "support",
            "B042",
            "guo.ning",
            **{**SUPPORT, "name": source, "source": source},
            giver=giver(session),
        )
    rows = ledgers.rows(session, "support", base_id=ledger.base_id(session, "B042"))
    assert {row.answers["giver"] for row in rows} == {giver(session)}
    mine = ledgers.page(session, ledgers.of("support"), ledger.by(session, "liu.min").actor, Shown())
    assert {row.answers["source"] for row in mine} == {"loan", "insurance", "pledge", "social"}
    assert ledgers.page(session, ledgers.of("support"), ledger.by(session, "tang.hao").actor, Shown()) == []
    assert ledgers.page(session, ledgers.of("support"), ledger.by(session, "ren.jie").actor, Shown()) == []


def test_the_supports_that_a_revocation_ends_begin_as_the_active_ones_of_the_register(session):
    for standing in ("active", "ended"):
        ended = {"ended_on": "2026-10-01"} if standing == "ended" else {}
        entry = {**SUPPORT, "name": standing, "standing": standing, **ended}
        ledger.add(session, "support", "B042", "guo.ning", **entry, giver=giver(session))
    assert revocation.supports(session, ledger.base_id(session, "B042")) == [
        {"organ": "sc_finance", "support": "active"}
    ]


def test_s_4_1_totals_by_direction_equal_the_detail(session):
    """S-4.1, S-4.2 and R-4.6: support per base, by direction and year, for an enterprise where there is one."""
    enterprise = ledger.add(session, "enterprise", "B042", "liu.min", **ENTERPRISE)
    amounts = {"markets": ("12.5", "7.25"), "brands": ("100",)}
    for direction, given in amounts.items():
        for number, amount in enumerate(given):
            answers = {**SUPPORT, "direction": direction, "amount": amount, "in_year": str(2025 + number)}
            ledger.add(session, "support", "B042", "guo.ning", **answers, giver=giver(session), enterprise=enterprise)
    found = {one.code: one for one in reading.sums_of(session, "support", Total("direction", "year"))}
    detail = [row.amount for row in ledgers.rows(session, "support")]
    assert {code: one.amounts[""] for code, one in found.items()} == {"markets": 1975, "brands": 10000}
    assert found["markets"].amounts["2026"] == 725
    assert sum(one.amounts[""] for one in found.values()) == sum(detail)


def test_a_support_may_not_name_another_base_s_enterprise(session):
    other = ledger.add(session, "enterprise", "B045", "tang.hao", **ENTERPRISE)
    ledger.add(session, "enterprise", "B042", "liu.min", **ENTERPRISE)
    with pytest.raises(ledgers.Wrong) as wrong:
        ledger.add(session, "support", "B042", "guo.ning", **SUPPORT, giver=giver(session), enterprise=other)
    assert [(p.path, p.code) for p in wrong.value.detail["problems"]] == [("enterprise", "field.choice")]


def test_s_4_4_funds_used_beyond_the_plan_warn_until_explained(session):
    given = {**POLICY, "name": "扶持办法", "planned": "100", "used": "120"}
    with pytest.raises(ledgers.Wrong) as wrong:
        ledger.add(session, "policy", "B042", "yang.li", **given)
    assert [(p.path, p.code, p.severity) for p in wrong.value.detail["problems"]] == [
        ("used", "ledger.overspent", "warn")
    ]
    ledger.add(session, "policy", "B042", "yang.li", **given, explanations={"ledger.overspent": "年中追加"})
    assert [(mark.code, mark.facts["over"]) for mark in said(session, "policy")["扶持办法"]] == [
        ("ledger.spent", "20.00")
    ]


def test_r_12_2_planned_and_used_funds_are_shown(session):
    ledger.add(session, "policy", "B042", "yang.li", **POLICY, name="甲", planned="100", used="60")
    ledger.add(session, "policy", "B042", "yang.li", **POLICY, name="乙", planned="50.5", used="10")
    found = year_file.of(session, ledger.base_id(session, "B042"), 2026, clock.today()).funds
    assert [(one.level, f"{one.planned}", f"{one.used}", one.over) for one in found] == [
        ("county", "150.50", "70.00", False)
    ]


def test_r_7_5_activities_are_counted_per_kind(session):
    """R-7.5 and R-12.1."""
    for kind in ("technical", "technical", "legal"):
        ledger.add(session, "service_activity", "B042", "liu.min", name="活动", kind=kind, held_on="2026-03-01")
    found = year_file.of(session, ledger.base_id(session, "B042"), 2026, clock.today()).activities
    assert {one.code: one.counts[""] for one in found} == {"legal": 1, "technical": 2}


def test_r_7_6_a_platform_without_a_figure_of_use_is_marked(session):
    ledger.add(session, "platform", "B042", "liu.min", **PLATFORM)
    ledger.add(session, "platform", "B042", "liu.min", **{**PLATFORM, "name": "培训中心"}, usage=USE)
    found = said(session, "platform")
    assert [(mark.code, mark.tone) for mark in found["红茶检测中心"]] == [("ledger.no_use", "warn")]
    assert [(mark.code, mark.facts["users"]) for mark in found["培训中心"]] == [("ledger.use", 30)]


def test_r_12_3_real_use_of_each_platform_stands_beside_its_cost(session):
    ledger.add(session, "platform", "B042", "liu.min", **PLATFORM, cost="230.5", usage=USE)
    base = ledger.base_id(session, "B042")
    then, now = (year_file.of(session, base, year, clock.today()).platforms[0] for year in (2025, 2026))
    assert (then.users, then.uses, then.running, then.row.answers["cost"]) == (30, 120, "8.00", "230.50")
    assert now.users is None


def test_use_of_a_coming_year_or_of_one_year_twice_is_refused(session):
    with pytest.raises(ledgers.Wrong) as coming:
        ledger.add(session, "platform", "B042", "liu.min", **PLATFORM, usage=[{**USE[0], "in_year": "2027"}])
    with pytest.raises(ledgers.Wrong) as twice:
        ledger.add(session, "platform", "B042", "liu.min", **PLATFORM, usage=[*USE, *USE])
    assert [p.code for p in coming.value.detail["problems"]] == ["ledger.coming_year"]
    assert [(p.path, p.code) for p in twice.value.detail["problems"]] == [("usage.1.in_year", "ledger.twice")]


def test_s_3_4_participation_in_events_is_counted_per_base(session):
    training = {"name": "出口合规培训", "kind": "training", "held_on": "2026-12-10", "place": "成都"}
    activity = ledger.add(session, "activity", "province", "chen.jing", **training)
    sign_up = {"activity": activity, "title": "示例茶业", "joined_on": "2026-11-20"}
    ledger.add(session, "sign_up", "B042", "liu.min", **sign_up)
    ledger.add(session, "sign_up", "B045", "tang.hao", **sign_up)
    with pytest.raises(ledgers.Wrong):
        ledger.add(session, "sign_up", "B042", "liu.min", **sign_up)
    assert sums(session, "sign_up", "activity")[activity][""] == 2
    assert len(ledgers.rows(session, "sign_up", base_id=ledger.base_id(session, "B042"))) == 1


def test_a_city_s_own_activity_is_not_offered_to_another_city(session):
    held = {"name": "眉山座谈", "kind": "meeting", "held_on": "2026-12-10", "place": "眉山"}
    activity = ledger.add(session, "activity", "511400", "wu.jie", **held)
    with pytest.raises(ledgers.Wrong):
        ledger.add(session, "sign_up", "B042", "liu.min", activity=activity, title="示例茶业", joined_on="2026-11-20")


def test_s_3_5_an_enterprise_not_contacted_within_its_frequency_is_on_the_base_s_list(session, stopped_clock):
    base = ledger.base_id(session, "B042")
    enterprise = ledger.add(session, "key_enterprise", "B042", "liu.min", name="示例茶业", **KEY)
    visit = {"key_enterprise": enterprise, "way": "on_site", "title": "了解订单"}
    ledger.add(session, "visit", "B042", "liu.min", **visit, visited_on="2026-11-20")
    assert marks.overdue(session, base, local_day(clock.now())) == []

    stopped_clock[0] = datetime(2026, 12, 21, 1, 0, tzinfo=UTC)
    found = marks.overdue(session, base, local_day(clock.now()))
    assert [(row.label, mark.facts["due"]) for row, mark in found] == [("示例茶业", "2026-12-20")]
    ledger.add(session, "visit", "B042", "liu.min", **visit, visited_on="2026-12-21")
    assert marks.overdue(session, base, local_day(clock.now())) == []


def test_an_incident_is_not_seen_or_entered_by_the_base_nor_seen_by_another_organ(session):
    ref = ledger.add(session, "adverse_event", "B042", "ren.jie", **INCIDENT)
    assert ledgers.find(session, ref, ledger.by(session, "chen.jing").actor).label == "抽检不合格"
    for login in ("liu.min", "yang.li", "hu.peng", "li.guohua", "song.ying"):
        with pytest.raises(Missing):
            ledgers.find(session, ref, ledger.by(session, login).actor)
    with pytest.raises(Missing):
        ledger.add(session, "adverse_event", "B042", "liu.min", **INCIDENT)


def test_r_15_1_a_city_adds_an_item_that_its_bases_see_and_other_cities_do_not(session):
    item = {"stage": "filing", "requirement": "附用地说明。"}
    own = ledger.add(session, "checklist_item", "511500", "zhou.ping", name="用地情况", **item)
    whole = ledger.add(session, "checklist_item", "province", "chen.jing", name="规划文件", **item)

    def seen(login):
        actor = ledger.by(session, login).actor
        return {row.label for row in ledgers.page(session, ledgers.of("checklist_item"), actor, Shown())}

    assert seen("zhou.ping") == seen("liu.min") == seen("yang.li") == {"用地情况", "规划文件"}
    assert seen("wu.jie") == seen("tang.hao") == {"规划文件"}
    with pytest.raises(Missing):
        ledgers.find(session, own, ledger.by(session, "wu.jie").actor)
    with pytest.raises(Exception, match="forbidden"):
        ledgers.amend(session, whole, {**item, "name": "改"}, 1, "x", ledger.by(session, "zhou.ping"))


def test_r_15_1_a_published_case_is_found_by_its_industry(session):
    practice = {
        "title": "一企一策",
        "industry": "farm",
        "in_year": "2026",
        "summary": "上门服务",
        "practice": "逐户走访。",
    }
    ref = ledger.add(session, "good_practice", "B042", "liu.min", **practice)
    other = ledger.by(session, "lin.chao").actor
    shown = Shown(facets={"industry": "farm"})
    assert ledgers.page(session, ledgers.of("good_practice"), other, shown) == []
    with pytest.raises(Exception, match="forbidden"):
        ledgers.publish(session, ref, 1, ledger.by(session, "liu.min"))
    ledgers.publish(session, ref, 1, ledger.by(session, "chen.jing"))
    assert [row.label for row in ledgers.page(session, ledgers.of("good_practice"), other, shown)] == ["一企一策"]
    assert ledgers.page(session, ledgers.of("good_practice"), other, Shown(facets={"industry": "food"})) == []

    ledgers.amend(session, ref, {**practice, "summary": "改"}, 2, "补充", ledger.by(session, "liu.min"))
    assert ledgers.page(session, ledgers.of("good_practice"), other, shown) == []


def test_m_2_5_a_focus_sector_is_data_that_filters_and_scores_nothing(session):
    ledger.add(session, "focus_sector", "province", "chen.jing", name="泡菜", industry="food", focus="finer")
    assert [row.answers["industry"] for row in ledgers.rows(session, "focus_sector")] == ["food"]
    assert all(not each.counts for each in ledgers.every().values() if each.code == "focus_sector")


def test_the_reference_series_stands_once_a_year(session):
    series = {"in_year": "2025", "national": "3.8", "provincial": "-1.2", "source": "海关统计"}
    ledger.add(session, "reference_series", "province", "chen.jing", **series)
    with pytest.raises(ledgers.Wrong):
        ledger.add(session, "reference_series", "province", "chen.jing", **series)
    assert ledgers.rows(session, "reference_series", year=2025)[0].answers["provincial"] == "-1.20"
