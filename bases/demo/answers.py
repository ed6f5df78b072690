"""A complete 信息表 for each base of the demo, without a fault that the checks know; files come from outside."""

from typing import Any

from bases.demo import rows
from bases.demo.rows import DemoBase
from bases.filing.figures import YEARS
from bases.filing.rows import TABLE
from bases.filing.values import NOT_APPLICABLE
from bases.measures import indicators

NOBODY = "联系人（演示）"


def answers(key: str, contact: str = NOBODY) -> dict[str, Any]:
    """Every answer but the files for one base, e.g. `answers("B042")`, with the three years that the demo knows."""
    base = rows.bases()[key]
    return {
        **_contact(base, contact),
        **_profile(base),
        **{
            item.field: _numbers(item, key)
            for item in indicators.by_code().values()
            if item.code in rows.figures()[key]
        },
        **_lists(base),
        TABLE: [{**row} for row in rows.enterprises()[key]],
        **_plan(base),
        **_organs(base),
    }


def body_name(base: DemoBase) -> str:
    """The body that runs a base."""
    return f"{base.name}{base.feature}外贸基地管理办公室"


def _contact(base: DemoBase, contact: str) -> dict[str, Any]:
    return {
        "unit": body_name(base),
        "contact": contact,
        "phone": "028-00000000",
        "fax": "028-00000000",
        "email": f"{base.key.lower()}@example.com",
        "address": f"{base.name}（演示地址）",
        "postcode": "600000",
    }


def _profile(base: DemoBase) -> dict[str, Any]:
    return {
        "base_name": base.name,
        "city": base.city,
        "county": base.county,
        "feature": base.feature,
        "hs_codes": base.hs_codes.split(";"),
        "chain": f"{base.feature}产业已形成从原料供应、生产加工到检验检测、仓储物流和国内外销售的产业链。（演示）",
    }


def _plan(base: DemoBase) -> dict[str, Any]:
    return {
        "plan_from": "2021",
        "plan_to": "2035",
        "plan_organ": f"{base.name}所在地人民政府（演示）",
        "plan_number": f"演示府函〔2021〕{int(base.key[1:])}号",
    }


def _organs(base: DemoBase) -> dict[str, Any]:
    named = {
        "coordination": (
            f"{base.name}外贸转型升级基地建设领导小组",
            12,
            "统筹规划和政策，协调解决基地建设中的重大事项。",
        ),
        "management": (body_name(base), 6, "组织实施基地建设，汇总统计数据，联系龙头企业。"),
        "operating": (f"{base.name}{base.feature}基地运营服务中心", 15, "运营公共服务平台，组织培训、检测和展会。"),
    }
    found: dict[str, Any] = {}
    for number, (kind, (name, staff, duties)) in enumerate(named.items(), start=1):
        found |= {
            f"{kind}_body": name,
            f"{kind}_head": "负责人（演示）",
            f"{kind}_staff": staff,
            f"{kind}_duties": f"{duties}（演示）",
            f"{kind}_number": f"演示府办函〔2021〕{int(base.key[1:])}-{number}号",
        }
    return found


def _numbers(item: indicators.Indicator, key: str) -> dict[str, Any]:
    """The three years as the form holds them: canonical decimals, whole numbers, yes or no."""
    row = rows.figures()[key][item.code]
    if item.kind == indicators.FLAG:
        return {year: row[year] != "0" for year in YEARS}
    return {year: item.typed(item.amount(row[year])) for year in YEARS}


def _lists(base: DemoBase) -> dict[str, Any]:
    """The items that count and name: a modest set that does not change through the years."""
    made = base.feature
    named: dict[str, list[dict[str, str]]] = {
        "service_platforms": [
            {"name": f"{made}公共检测平台（演示）", "type": "testing"},
            {"name": f"{made}跨境物流服务平台（演示）", "type": "logistics"},
        ],
        "national_rd_centers": [{"name": f"{made}企业技术中心（演示）", "kind": "technology_center"}],
        "standards": [
            {
                "code": "DB51/T 0000（演示）",
                "name": f"{made}生产技术规范（演示）",
                "role": "lead",
                "summary": "规定了特色产品的生产、检验和包装要求。（演示文字）",
            }
        ],
        "sales_networks": [
            {"name": f"{made}境外展示中心（演示）", "country": "越南"},
            {"name": f"{made}海外仓（演示）", "country": "德国"},
        ],
        "certifications": [
            {"name": "质量管理体系认证（演示）", "kind": "ISO 9001", "place": "domestic"},
            {"name": "出口市场准入认证（演示）", "kind": "产品认证", "place": "foreign"},
        ],
        "industry_associations": [{"name": f"{made}行业协会（演示）"}],
    }
    every_year = {
        field: {year: {"count": len(found), "rows": [{**row} for row in found]} for year in YEARS}
        for field, found in named.items()
    }
    return {**every_year, "provincial_brands": NOT_APPLICABLE, "famous_trademarks": NOT_APPLICABLE}
