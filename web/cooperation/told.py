"""How the history of a case tells of difficulties, meetings and changes."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act

TOLD: Mapping[str, Told] = {
    "issue.registered": act(N_("登记企业困难：%(title)s")),
    "issue.raised": act(N_("写明理由上移一级：%(reason)s")),
    "issue.lapsed": act(N_("期满未解决，上移一级")),
    "issue.pooled": act(N_("列入联席会议待议事项")),
    "issue.answered": act(N_("登记答复")),
    "issue.closed": act(N_("企业困难办结")),
    "meeting.called": act(N_("登记会议“%(title)s”，议题%(items)s项")),
    "meeting.minuted": act(N_("登记纪要%(number)s（%(dated_on)s），议定事项%(resolutions)s项")),
    "meeting.action_done": act(N_("第%(seq)s项议定事项已落实")),
    "meeting.closed": act(N_("议定事项全部落实，会议办结")),
    "change.recorded": act(N_("登记变更%(items)s项，自%(holds_from)s起生效")),
}
