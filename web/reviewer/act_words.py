"""What the acts at a task are called: how the history tells of them, and the sentence of each refusal and report."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act, auto

TOLD: Mapping[str, Told] = {
    "task.handed_over": act(N_("将“%(step)s”转办给%(persons)s：%(reason)s")),
    "task.copied": act(N_("将“%(step)s”抄送%(persons)s：%(reason)s")),
    "task.commented": act(N_("对“%(step)s”添加批注")),
    "loan.begun": act(N_("将“%(step)s”委派给%(persons)s准备：%(reason)s")),
    "loan.given_back": act(N_("将“%(step)s”交回%(persons)s：%(reason)s")),
    "loan.called_back": act(N_("收回委派给%(persons)s的“%(step)s”：%(reason)s")),
    "loan.ended": auto(N_("“%(step)s”结束，委派%(persons)s随之结束")),
    "cosign.asked": act(N_("“%(step)s”加签（%(mode)s，%(rule)s），请%(persons)s会签：%(reason)s")),
    "cosign.given": act(N_("会签“%(step)s”：%(opinion)s。%(reason)s")),
    "cosign.dropped": act(N_("“%(step)s”减签%(persons)s：%(reason)s")),
    "cosign.waits": act(N_("提交“%(step)s”，送会签")),
    "cosign.recalled": act(N_("收回待会签的“%(step)s”")),
    "cosign.came_back": auto(N_("“%(step)s”未获会签同意，退回承办人")),
    "cosign.ended": auto(N_("“%(step)s”结束，不再请%(persons)s会签")),
}

CODES: Mapping[str, str] = {
    "task.no_proxy": N_("这个环节须由本人办理（评分、承诺、抽取和指定个人的环节），不能转办、委派、加签或者抄送。"),
    "task.lent": N_("这件待办正在委派中，交回之后由委派人提交。"),
    "task.awaits_cosigners": N_("会签意见还没有齐，现在不能提交或者转出。可以等待答复，也可以写明理由减签。"),
    "task.sent_to_cosigners": N_("%(number)s“%(step)s”已提交，等待会签；会签同意后自动办结。"),
    "loan.none": N_("这件待办没有委派，或者委派与您无关，可能已经交回或者收回。"),
    "loan.signed": N_("本环节须签批，签批不能委派他人准备。"),
    "cosign.asked_already": N_("其中有人正在会签本件，还没有答复。"),
    "cosign.not_asked": N_("没有请您会签本件，或者您已经答复、已经减签、还没有轮到您。"),
    "cosign.not_sent": N_("没有您提交后等待会签的内容，可能已经办结或者退回。"),
    "cosign.way": N_("请选择加签方式、会签规则或者会签意见。"),
    "cosign.answered": N_("会签意见已提交。"),
    "cosign.gone_on": N_("会签已经通过，本件办结进入下一环节。"),
    "cosign.back": N_("会签意见已提交，本件退回承办人。"),
    "cosign.removed": N_("已减签。"),
    "act.no_words": N_("请写明事由或者理由，不超过%(most)s字。"),
    "act.not_among": N_("请选择人员，最多%(most)s人；所选人员须符合本项操作的范围。"),
    "act.handed_over": N_("%(number)s已转办。"),
    "act.lent": N_("%(number)s已委派，对方交回后由您提交。"),
    "act.given_back": N_("%(number)s已交回委派人。"),
    "act.called_back": N_("%(number)s已收回委派。"),
    "act.asked": N_("%(number)s已加签。"),
    "act.copied": N_("%(number)s已抄送。"),
    "act.commented": N_("%(number)s已添加批注。"),
    "act.recalled": N_("%(number)s已收回，可以修改后重新提交。"),
}
