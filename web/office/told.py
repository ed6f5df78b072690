"""How the history of a case tells of documents and of signatures on paper."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, auto

TOLD: Mapping[str, Told] = {
    "document.opened": auto(N_("生成文稿")),
    "document.drafted": auto(N_("文稿存为第%(version)s版")),
    "document.dropped": auto(N_("公文不再办理")),
    "document.returned": auto(N_("公文退回拟稿人")),
    "document.cosigners_changed": auto(N_("加签、减签，理由：%(reason)s")),
    "document.tallied": auto(N_("会签汇总：%(asked)s家中%(agreed)s家同意")),
    "document.signed": auto(N_("签发（%(signed_on)s）")),
    "document.numbered": auto(N_("登记文号%(number)s，成文日期%(dated_on)s")),
    "document.number_void": auto(N_("作废文号%(number)s")),
    "document.sealed": auto(N_("用印（%(sealed_on)s）")),
    "document.issued": auto(N_("印发%(number)s（%(issued_on)s），发出%(receipts)s份，等待签收")),
    "document.archived": auto(N_("公文归档")),
    "signature.confirmed": auto(N_("线下签批已核对：签批日期%(signed_on)s，扫描件第%(page)s页")),
}
