"""Who may call which route of the registers, their place in the bar, and the words for what they refuse or report."""

from web.door.rights import Desk, Place, Route
from web.registers import bases, entering, lists, naming, one
from web.registers.blueprint import desk
from web.words.catalogue import N_

KEEPERS = frozenset(
    {
        "base_filler",
        "base_authority",
        "city_officer",
        "city_section_head",
        "city_leader",
        "dept_liaison",
        "prov_officer",
        "prov_division_head",
        "process_owner",
    }
)
READERS = KEEPERS | {
    "prov_checker",
    "prov_office",
    "prov_leader",
    "legal",
    "supervisor",
    "auditor",
    "meeting_secretary",
}

# Imported, each has hung its routes on the desk.
HANGING = (bases, entering, lists, one)

CODES = {
    **naming.MARKS,
    "ledger.wrong": N_("有内容需要修改，没有存入台账。"),
    "ledger.changed": N_("在您打开之后，别人已经改动过这一条。您填写的内容还在本页，请看过最新内容再改。"),
    "ledger.no_reason": N_("请写明原因，不超过500字。"),
    "ledger.retired": N_("这一条已经注销，按原样保留，不能再改。"),
    "ledger.entered": N_("已登记。"),
    "ledger.amended": N_("已修改，原内容保留在变更记录中。"),
    "ledger.ended": N_("已注销，不再计入。"),
    "ledger.published": N_("已发布。"),
    "ledger.withdrawn": N_("已撤回发布。"),
    "ledger.uscc": N_("统一社会信用代码不正确：末位校验码不符，请核对"),
    "ledger.twice": N_("已经登记过，请核对"),
    "ledger.single": N_("每个基地只登记一条，请修改已有的一条"),
    "ledger.nothing_to_choose": N_("还没有可以选择的内容，请先登记"),
    "ledger.span": N_("终止早于起始，请核对"),
    "ledger.coming_year": N_("还没有到这一年"),
    "incident.not_agreed": N_("核查结论还没有经处室负责人审定。"),
    "ledger.overspent": N_("已使用资金（%(used)s万元）超出计划资金（%(planned)s万元），请核对或者说明情况"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("registers.index", "GET", READERS),
        Route("registers.listed", "GET", READERS),
        Route("registers.taken_out", "GET", READERS),
        Route("registers.one", "GET", READERS),
        Route("registers.of_case", "GET", READERS),
        Route("registers.bases", "GET", READERS),
        Route("registers.year", "GET", READERS),
        Route("registers.year_of_case", "GET", READERS | bases.JUDGES),
        Route("registers.new", "GET", KEEPERS),
        Route("registers.add", "POST", KEEPERS),
        Route("registers.change", "GET", KEEPERS),
        Route("registers.amend", "POST", KEEPERS),
        Route("registers.retire", "POST", KEEPERS),
        Route("registers.publish", "POST", KEEPERS),
    ),
    places=(Place("registers.index", N_("台账"), 35),),
    codes=CODES,
)
