"""What the facts of a document are called on pages: codes of ours in words of the reader's language."""

from collections.abc import Mapping

from web.words.catalogue import N_

BOXES: Mapping[str, str] = {
    "check": N_("待核稿"),
    "proofread": N_("待复核"),
    "number": N_("待编号"),
    "seal": N_("待用印"),
    "issue": N_("待印发"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "drafting": (N_("起草"), ""),
    "reviewing": (N_("审核"), "blue"),
    "signed": (N_("已签发"), "blue"),
    "numbered": (N_("已编号"), "blue"),
    "sealed": (N_("已用印"), "blue"),
    "issued": (N_("已印发"), "green"),
    "dropped": (N_("不再办理"), ""),
}
DISCLOSURES: Mapping[str, str] = {"open": N_("主动公开"), "request": N_("依申请公开"), "closed": N_("不予公开")}
SECRECY: Mapping[str, str] = {"none": N_("不涉密"), "internal": N_("内部")}
URGENCY: Mapping[str, str] = {"none": N_("平件"), "urgent": N_("加急"), "most_urgent": N_("特急")}
SOURCES: Mapping[str, str] = {"oa": N_("登记OA文号"), "system": N_("系统编号")}
SIGNED: Mapping[str, str] = {"here": N_("线上签发"), "paper": N_("线下签批")}
ROLES: Mapping[str, str] = {"main": N_("主送"), "copy": N_("抄送")}
ALL = {
    "boxes": BOXES,
    "states": STATES,
    "disclosures": DISCLOSURES,
    "secrecy": SECRECY,
    "urgency": URGENCY,
    "sources": SOURCES,
    "signed": SIGNED,
    "roles": ROLES,
}
