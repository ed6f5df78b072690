"""Who may call which route of this desk, its places in the bar, and the words for what it refuses or reports."""

from web.door.rights import SIGNED_IN, Desk, Place, Route
from web.reviewer import case, completing, differences, forms_in, forms_out, queue, starting, task, uploads
from web.reviewer.blueprint import desk
from web.words.catalogue import N_

FILLERS = frozenset({"base_filler"})
FILE_BYTES = 210_000_000
DRAFT_BYTES = 1_000_000
WORKBOOK_BYTES = 5_500_000

# Imported, each has hung its routes on the desk.
HANGING = (case, completing, differences, forms_in, forms_out, queue, starting, task, uploads)

CODES = {
    "task.taken": N_("这件待办已由他人领取。"),
    "task.taken.by": N_("这件待办已由%(name)s于%(ago)s领取，请办理其他待办。"),
    "task.gone": N_("这件待办已经办结，或者已随办件进入其他环节。"),
    "task.not_yours": N_("这件待办不在您名下，请先领取。"),
    "task.separate": N_("您办理过本件的前序环节，按规定由他人办理本环节。"),
    "task.released": N_("已放回待办。填写的内容保留在您的草稿里。"),
    "task.completed": N_("%(number)s“%(step)s”已办结。"),
    "task.completed.next": N_("%(number)s“%(step)s”已办结。下一件：%(following)s。"),
    "queue.empty": N_("没有可以领取的待办了。"),
    "queue.cursor": N_("列表的位置无法识别，请从第一页看起。"),
    "queue.claim.all": N_("已领取%(n)s件。"),
    "queue.claim.some": N_("已领取%(n)s件；%(refused)s件没有领到，可能已由他人领取。"),
    "queue.release.all": N_("已放回%(n)s件。"),
    "queue.release.some": N_("已放回%(n)s件；%(refused)s件不在您名下，没有变动。"),
    "draft.kept": N_("草稿已保存。"),
    "draft.changed": N_("另一个窗口也在填写这份表，两边的内容都还在。"),
    "draft.not_json": N_("草稿的格式不对，没有保存。"),
    "form.invalid": N_("填写的内容有需要修改的地方。"),
    "form.name": N_("提交的内容里有表格之外的项目，没有接收。"),
    "form.too_many_parts": N_("提交的内容项目太多，没有接收。"),
    "case.not_listening": N_("办件已进入其他环节，不能再这样办理。"),
    "case.stopped": N_("办件在这里无法继续，已报督办人员处理。您填写的内容没有丢失。"),
    "case.repeated": N_("这次提交已经办理过了。"),
    "case.message_sent": N_("%(number)s已办理。"),
    "application.begun": N_("申报%(number)s已开始，请填写信息表。"),
    "application.already_open": N_("这个基地已有正在办理的申报。"),
    "application.not_open_to_it": N_("这个基地已有省级名称或者不在可申报的状态，现在不能申报。"),
    "batch.none": N_("现在没有接受申报的批次。"),
    "batch.not_open": N_("现在不在申报期限内。申报期限为%(opens_on)s至%(closes_on)s。"),
    "batch.incomplete": N_("批次须有评审标准版本，申报截止日期不得早于起始日期。"),
    "ranking.tie_undecided": N_("名额线上有同分的申报，须逐一选定并写明理由。"),
    "ranking.reason_missing": N_("改变排序结果或者在同分中选定的，须写明理由。"),
    "ranking.over_quota": N_("拟认定%(proposed)s家，超过本批次认定名额%(quota)s家。"),
    "ranking.below_pass_mark": N_("平均分未达到及格线的，不能列入拟认定。"),
    "file.none": N_("没有收到文件。"),
    "file.type_mismatch": N_("文件内容与扩展名不符，没有接收。"),
    "file.active_content": N_("文件含有宏、脚本或者内嵌程序，没有接收。请另存为不含宏的文件后再上传。"),
    "file.too_large": N_("文件太大，没有接收。"),
    "file.unknown": N_("文件不是您上传的或者已不存在，请重新上传。"),
    "file.empty": N_("文件是空的，没有接收。"),
    "file.type_not_allowed": N_("只接收PDF、OFD、Word、Excel文件、图片和压缩包。"),
    "file.encrypted": N_("文件设有密码，没有接收。请取消密码后再上传。"),
    "file.damaged": N_("文件已损坏，打不开，没有接收。"),
    "file.archive_too_large": N_("文件解开后过大，没有接收。"),
    "workbook.adopted": N_("已读入草稿，请核对后提交。"),
    "workbook.not_ours": N_("这不是从本系统导出的信息表，或者表里的隐藏列已被改动，没有读入。请重新导出后填写。"),
    "workbook.not_a_workbook": N_("请选择从本系统导出的Excel文件（.xlsx）。"),
    "workbook.other_template": N_("这份Excel是按另一版信息表导出的，没有读入。请重新导出后填写。"),
    "workbook.other_year": N_("这份Excel填的是%(found)s年度，本件填报%(wanted)s年度，没有读入。"),
    "workbook.linked": N_("表中有引用其他工作簿的内容，没有读入。请改为数值后再读回。"),
    "workbook.too_large": N_("Excel文件太大，没有读入。"),
    "workbook.unreadable": N_("文件打不开或者已损坏，没有读入。请重新导出后填写。"),
    "workbook.formula": N_("是公式但没有计算结果，请在Excel里保存一次，或者改为数值"),
    "workbook.stray": N_("不在表格的任何一项之内，或者年份不是这三年，没有读入"),
    "file.image_too_large": N_("图片尺寸过大，没有接收。请缩小后再上传。"),
}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("reviewer.tasks", "GET", SIGNED_IN),
        Route("reviewer.count", "GET", SIGNED_IN),
        Route("reviewer.done", "GET", SIGNED_IN),
        Route("reviewer.drafts", "GET", SIGNED_IN),
        Route("reviewer.cases", "GET", SIGNED_IN),
        Route("reviewer.claim_many", "POST", SIGNED_IN),
        Route("reviewer.release_many", "POST", SIGNED_IN),
        Route("reviewer.task", "GET", SIGNED_IN),
        Route("reviewer.claim", "POST", SIGNED_IN),
        Route("reviewer.let_go", "DELETE", SIGNED_IN),
        Route("reviewer.release", "POST", SIGNED_IN),
        Route("reviewer.draft", "PUT", SIGNED_IN, DRAFT_BYTES),
        Route("reviewer.complete", "POST", SIGNED_IN, FILE_BYTES),
        Route("reviewer.case", "GET", SIGNED_IN),
        Route("reviewer.act", "GET", SIGNED_IN),
        Route("reviewer.send", "POST", SIGNED_IN, FILE_BYTES),
        Route("reviewer.diagram", "GET", SIGNED_IN),
        Route("reviewer.diagram_names", "GET", SIGNED_IN),
        Route("reviewer.new", "GET", FILLERS),
        Route("reviewer.begin", "POST", FILLERS),
        Route("reviewer.upload", "POST", SIGNED_IN, FILE_BYTES),
        Route("reviewer.download", "GET", SIGNED_IN),
        Route("reviewer.view", "GET", SIGNED_IN),
        Route("reviewer.drafted", "GET", SIGNED_IN),
        Route("reviewer.sent", "GET", SIGNED_IN),
        Route("reviewer.changed", "GET", SIGNED_IN),
        Route("reviewer.workbook", "GET", SIGNED_IN),
        Route("reviewer.bring", "POST", SIGNED_IN, WORKBOOK_BYTES),
        Route("reviewer.adopt", "POST", SIGNED_IN),
    ),
    places=(
        Place("reviewer.tasks", N_("待办"), 10),
        Place("reviewer.new", N_("提出申报"), 30),
    ),
    codes=CODES,
)
