"""How the goals 123 are called wherever they stand: each verdict with words, a tone, and a sign beside the colour."""

from collections.abc import Mapping

from bases.filing import goals
from web.words.catalogue import N_

VERDICTS: Mapping[str, tuple[str, str, str]] = {
    goals.ABOVE: (N_("高于"), "green", "▲"),
    goals.NOT_ABOVE: (N_("不高于"), "red", "▼"),
    goals.UNKNOWN: (N_("无法判断"), "", "？"),
    goals.RISES: (N_("提升"), "green", "▲"),
    goals.RISES_NOT: (N_("未提升"), "red", "▼"),
    goals.MET: (N_("已达到"), "green", "▲"),
    goals.NOT_MET: (N_("尚未达到"), "amber", "△"),
}
IMPROVEMENTS: Mapping[str, str] = {
    goals.EFFICIENCY: N_("产业效益"),
    goals.STRUCTURE: N_("产业结构"),
    goals.COMPETITIVENESS: N_("国际竞争力"),
}
