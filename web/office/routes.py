"""Who may call which route of this desk, its places in the bar, and the words for what it refuses or reports."""

from web.door.rights import PUBLIC, SIGNED_IN, Desk, Place, Route
from web.office import disclosed, incoming, letters, papers, signatures, trips
from web.office.blueprint import desk
from web.office.told import TOLD
from web.words.catalogue import N_

OFFICE = frozenset({"prov_office", "supervisor", "auditor"})
CLERKS = frozenset({"prov_office"})
STAFF = frozenset(
    {"prov_officer", "prov_division_head", "prov_office", "prov_leader", "legal", "supervisor", "auditor"}
)
LETTERS = frozenset({"prov_officer", "prov_checker", "prov_division_head", "prov_leader"})
VISITORS = frozenset({"visit_team", "prov_officer", "prov_division_head"})
DRAFTERS = frozenset({"prov_officer"})
ADDRESSEES = frozenset(
    {"base_filler", "base_authority", "city_officer", "city_section_head", "city_leader", "dept_liaison"}
)
SIGNERS = ADDRESSEES | CLERKS

# Imported, each has hung its routes on the desk.
HANGING = (disclosed, incoming, letters, papers, signatures, trips)

CODES = {
    "document.begun": N_("公文%(number)s已开始，请填写文稿。"),
    "document.published": N_("已在公开页面公布。"),
    "document.received": N_("%(organ)s已签收。"),
    "document.too_long": N_("公文的内容过长，排版程序不能接受，请分成几件或者改用附件材料。"),
    "document.not_printed": N_("这件公文没有能够排版，请检查内容后再试。"),
    "document.fonts_missing": N_("公文字体还没有装好，请系统管理员运行 make build。"),
    "document.unknown_kind": N_("没有这种公文模板。"),
    "document.bad_template": N_("公文模板有误，请流程管理员检查。"),
    "document.number_taken": N_("这个文号已经登记过，作废的号也不能再用。"),
    "document.bad_number": N_("文号的格式不对，例如“川商贸发〔2026〕15号”。"),
    "document.wrong_state": N_("公文已在其他环节，不能这样办理。"),
    "document.no_addressee": N_("主送范围内现在没有单位，请修改主送范围。"),
    "document.no_slip": N_("代为登记签收的，请写明依据，例如回执编号。"),
    "document.not_open": N_("只有已经印发、主动公开的公文才能公布。"),
    "document.unsigned": N_("这件公文还没有人签发。"),
    "signature.unconfirmed": N_("线下签批须由登记人以外的人核对后才算数。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("office.boxes", "GET", OFFICE),
        Route("office.listed", "GET", STAFF),
        Route("office.signatures", "GET", OFFICE),
        Route("office.new", "GET", DRAFTERS),
        Route("office.begin", "POST", DRAFTERS),
        Route("office.one", "GET", SIGNED_IN),
        Route("office.pdf", "GET", SIGNED_IN),
        Route("office.docx", "GET", SIGNED_IN),
        Route("office.final", "GET", SIGNED_IN),
        Route("office.publish", "POST", CLERKS),
        Route("office.letters", "GET", LETTERS),
        Route("office.letter_pdf", "GET", LETTERS),
        Route("office.letter_docx", "GET", LETTERS),
        Route("office.trips", "GET", VISITORS),
        Route("office.incoming", "GET", ADDRESSEES),
        Route("office.sign", "POST", SIGNERS),
        Route("office.disclosed", "GET", PUBLIC),
        Route("office.disclosed_one", "GET", PUBLIC),
        Route("office.disclosed_pdf", "GET", PUBLIC),
    ),
    places=(
        Place("office.boxes", N_("办公室"), 20),
        Place("office.listed", N_("公文"), 22),
        Place("office.signatures", N_("线下签批"), 63),
        Place("office.incoming", N_("来文签收"), 24),
        Place("office.trips", N_("实地考察"), 61),
        Place("office.disclosed", N_("公开公文"), 125),
    ),
    codes=CODES,
    told=TOLD,
)
