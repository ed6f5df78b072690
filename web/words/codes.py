"""The sentence of every code: what the layers below refuse or report by name is said here, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from web.door.language import _
from web.words import findings, mends, refusals
from web.words.catalogue import N_

UNSAID = N_("系统没有办理这项操作。")
CODES: Mapping[str, str] = {
    "refused": UNSAID,
    "missing": N_("没有找到您要的内容，可能已经移走，或不在您的查看范围内。"),
    "forbidden": N_("您的身份不能办理这项操作。"),
    "stale": N_("在您打开之后，别人已经改动过。请看过最新内容再办理。"),
    "busy": N_("系统正忙，这次没有存上。请稍候再试一次，不会重复办理。"),
    "storage.full": N_("存储空间不足或磁盘没有响应，这次没有存上。可以继续查看，请通知系统管理员。"),
    "storage.lost": N_("与数据库的连接中断，这次可能没有存上。请稍候再试一次，不会重复办理。"),
    "signed_out": N_("请先登录。离开时间过长，登录会自动结束。"),
    "csrf.cross_site": N_("这次提交不是从本系统的页面发出的，没有办理。"),
    "csrf.token": N_("页面已经过期（例如您在另一个窗口重新登录过），这次没有办理。"),
    "host.unknown": N_("访问地址不对，请使用本系统的正式网址。"),
    "http.400": N_("浏览器发来的内容无法识别。"),
    "http.404": N_("没有这个页面。"),
    "http.405": N_("这个地址不能这样使用。"),
    "http.413": N_("提交的内容太大，没有接收。"),
    "http.414": N_("地址太长，没有接收。"),
    "http.415": N_("提交内容的格式不对。"),
    "http.429": N_("操作过于频繁，请稍后再试。"),
    "http.431": N_("请求头太大，没有接收。"),
    "http.500": N_("系统出了错，这次没有办理成功，已保存的内容没有变化。"),
    "sign_in.wrong": N_("账号或密码不对。"),
    "sign_in.locked": N_("这个账号在此设备上连续输错密码，%(minutes)s分钟内不能登录。"),
    "sign_in.flood": N_("从这个网络发来的登录尝试太多，请%(minutes)s分钟后再试。"),
    "file.malware": N_("病毒扫描发现这个文件有恶意程序，没有接收。"),
    "file.unscanned": N_("病毒扫描程序没有给出结果，文件没有接收。请稍候再传，或者通知系统管理员。"),
    "signed_out_well": N_("您已安全退出。"),
    "profile.kept": N_("设置已保存。"),
    "profile.password_changed": N_("密码已修改，其他设备上的登录已经结束。"),
    "password.too_short": N_("新密码至少%(least)s个字符，且不能与原密码相同。"),
    "channel.address_wrong": N_("接收地址不对：电子邮箱形如 name@example.gov.cn，手机号为11位，政务微信填账号。"),
    "demo.moved": N_("演示时间已前进到%(moment)s。"),
    "demo.no_deadline": N_("没有在途的期限，演示时间没有变化。"),
}

_all: dict[str, str] = {}


def use(*tables: Mapping[str, str]) -> None:
    """Know the codes of the house and those that each desk brings."""
    _all.clear()
    for table in (CODES, refusals.RULES, refusals.DRAWN, findings.FOUND, mends.MENDED, *tables):
        _all.update(table)


def known(code: str) -> bool:
    """Whether there is a sentence for this code."""
    return code in _all


def sentence(code: str, parameters: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code; one that nobody has put into words is named as it is, so it can be reported."""
    text = _all.get(code)
    if text is None:
        return f"{_(UNSAID)} ({code})"
    try:
        return _(text) % {name: _listed(each) for name, each in (parameters or {}).items()} if "%(" in text else _(text)
    except KeyError:
        return f"{_(UNSAID)} ({code})"


def _listed(value: Any) -> Any:
    return _("、").join(map(str, value)) if isinstance(value, list | tuple) else value
