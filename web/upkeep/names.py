"""What the events of the log are called."""

from web.words.catalogue import N_

KINDS = {
    "sign_in.done": N_("登录"),
    "sign_in.failed": N_("登录失败"),
    "security.refused": N_("越权访问被拒绝"),
    "security.flood": N_("大量请求被合并记录"),
    "account.added": N_("新建账号"),
    "account.closed": N_("停用账号"),
    "account.opened": N_("启用账号"),
    "account.password_renewed": N_("重置密码"),
    "account.password_changed": N_("修改密码"),
    "grant.given": N_("授予身份"),
    "grant.ended": N_("收回身份"),
    "channel.tried": N_("测试通知渠道"),
    "dispatch.again": N_("重发通知"),
    "job.again": N_("重新执行后台任务"),
    "log.taken_out": N_("导出安全日志"),
    "objection.entered": N_("登记异议"),
    "objection.late": N_("登记逾期异议"),
    "objection.reassigned": N_("改派异议"),
    "objector.read": N_("查看异议人信息"),
    "substitution.named": N_("登记委托代理"),
    "substitution.ended": N_("提前结束委托代理"),
    "organ.changed": N_("单位变更"),
    "policy.entered": N_("录入政策版本"),
    "policy.activated": N_("启用政策版本"),
    "parameter.changed": N_("修改参数"),
    "calendar.taken": N_("导入放假通知"),
}
