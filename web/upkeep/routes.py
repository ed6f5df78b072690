"""Who may call which route of this desk, its place in the bar, and the words for what it reports or refuses."""

from ground.grants import ADMINISTRATORS
from web.door.rights import Desk, Place, Route
from web.upkeep import accounts, channels, grants, log
from web.upkeep.blueprint import desk
from web.words.catalogue import N_

SYSTEM, SECURITY, AUDIT = (frozenset({role}) for role in ADMINISTRATORS)

# Imported, each has hung its routes on the desk.
HANGING = (accounts, channels, grants, log)

CODES = {
    "channel.undelivered": N_("消息没有发出（%(reason)s）。请检查渠道设置，办件不受影响。"),
    "channel.tried": N_("测试消息已经发出，请到接收端查看。"),
    "dispatch.again": N_("已重新发送%(n)s条通知。"),
    "job.again": N_("这项后台任务将重新执行。"),
    "letter.undelivered": N_("通知没有送达，系统管理员可以重发"),
    "account.closed": N_("账号已停用，在线会话已经结束。"),
    "account.opened": N_("账号已启用。"),
    "grant.given": N_("身份已授予，今天起生效。"),
    "grant.ended": N_("身份已收回，今天起不再有效。"),
    "administration.oneself": N_("不能停用自己的账号，也不能给自己授予或收回身份。"),
    "administration.founded": N_("系统已有管理员。新的账号由系统管理员建立，身份由安全管理员授予。"),
    "administration.login_taken": N_("账号%(login)s已经有人使用。"),
    "administration.account_wrong": N_("账号只用小写字母、数字、点和连字符，不超过60个字符；姓名不能为空。"),
    "administration.already_held": N_("%(login)s在这个单位已有这一身份。"),
    "people.administrators_apart": N_("系统管理员、安全管理员、审计管理员三员分立，也不办理办件：一人不能兼任。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("upkeep.index", "GET", frozenset(ADMINISTRATORS)),
        Route("upkeep.lines", "GET", SYSTEM),
        Route("upkeep.try_out", "POST", SYSTEM),
        Route("upkeep.send_again", "POST", SYSTEM),
        Route("upkeep.run_again", "POST", SYSTEM),
        Route("upkeep.accounts", "GET", SYSTEM | SECURITY),
        Route("upkeep.add_account", "POST", SYSTEM),
        Route("upkeep.renew_password", "POST", SYSTEM),
        Route("upkeep.close_account", "POST", SYSTEM),
        Route("upkeep.open_account", "POST", SYSTEM),
        Route("upkeep.grants", "GET", SECURITY),
        Route("upkeep.give", "POST", SECURITY),
        Route("upkeep.end", "POST", SECURITY),
        Route("upkeep.log", "GET", AUDIT),
        Route("upkeep.log_out", "GET", AUDIT),
    ),
    places=(Place("upkeep.index", N_("系统管理"), 90),),
    codes=CODES,
)
