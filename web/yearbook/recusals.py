"""The register of recusals (回避登记): who stood aside for which base, on whose word, and who decided."""

from collections.abc import Mapping

from flask import render_template

from bases.review import conflict
from ground.database import reading
from web.words.catalogue import N_
from web.yearbook.blueprint import desk

KINDS: Mapping[str, str] = {
    conflict.KIN: N_("亲属任职"),
    conflict.PAST_EMPLOYER: N_("曾经任职"),
    conflict.ADVISER: N_("基地顾问"),
    conflict.INTEREST: N_("经济利益"),
    conflict.OTHER: N_("其他回避情形"),
}
SOURCES: Mapping[str, str] = {"expert": N_("专家回避申请"), "file": N_("档案资料"), "reported": N_("他人反映")}
DECISIONS: Mapping[str, tuple[str, str]] = {
    conflict.UPHELD: (N_("应当回避"), "amber"),
    conflict.REFUSED: (N_("不需回避"), ""),
}


@desk.get("/recusals")
def recusals() -> str:
    """The register, the newest first."""
    with reading() as store:
        found = conflict.every(store)
    return render_template(
        "yearbook/pages/recusals.html", found=found, kinds=KINDS, sources=SOURCES, decisions=DECISIONS
    )
