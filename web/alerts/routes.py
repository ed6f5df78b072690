"""Who may call which route of this desk, its place in the bar, and the words for what it reports or refuses."""

from bases.cooperation import circular
from tasks.alert_rules import KEEPERS
from web.alerts import circulars, rules
from web.alerts.blueprint import desk
from web.door.rights import Desk, Place, Route
from web.words.catalogue import N_

# Imported, each has hung its routes on the desk.
HANGING = (rules, circulars)

SUPERVISORS = frozenset({circular.SUPERVISOR})

CODES = {
    "alert.kept": N_("规则已保存。"),
    "alert.tried": N_("测试提醒已发给您本人；现在有%(n)s件办件符合这条规则。"),
    "alert.paused": N_("规则已暂停。"),
    "alert.goes_on": N_("规则继续执行。"),
    "alert.dropped": N_("规则已删除，已发出的提醒仍有记录。"),
    "alert.wrong": N_("规则没有填写完整，或者有不正确的地方。"),
    "alert.too_many": N_("每人最多设置%(most)s条规则，请先删除不用的。"),
    "alert.nothing_to_try": N_("现在没有办件符合这条规则，没有可以发送的内容。"),
    "circular.drafted": N_("通报已拟制，请核对后印发。"),
    "circular.kept": N_("已保存。"),
    "circular.is_issued": N_("通报已印发。"),
    "circular.issued": N_("通报已印发，内容不再变动。"),
    "circular.too_long": N_("补充的内容不超过%(most)s个字。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("alerts.listed", "GET", KEEPERS),
        Route("alerts.new", "GET", KEEPERS),
        Route("alerts.keep", "POST", KEEPERS),
        Route("alerts.one", "GET", KEEPERS),
        Route("alerts.form", "GET", KEEPERS),
        Route("alerts.change", "POST", KEEPERS),
        Route("alerts.try_out", "POST", KEEPERS),
        Route("alerts.pause", "POST", KEEPERS),
        Route("alerts.drop", "POST", KEEPERS),
        Route("alerts.circulars", "GET", circular.READERS),
        Route("alerts.draft", "POST", SUPERVISORS),
        Route("alerts.circular_of", "GET", circular.READERS),
        Route("alerts.write", "POST", SUPERVISORS),
        Route("alerts.issue", "POST", SUPERVISORS),
        Route("alerts.circular_file", "GET", circular.READERS),
    ),
    places=(Place("alerts.listed", N_("提醒规则"), 70), Place("alerts.circulars", N_("督办通报"), 71)),
    codes=CODES,
)
