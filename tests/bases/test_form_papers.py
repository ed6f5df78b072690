"""The form of the annex on paper: PDF and Word, blank and filled, as the original has it (F-3.0, F-4.2, F-4.3)."""

import io
import re
import zipfile

import pikepdf
import pytest
from docx import Document

from bases.documents import press, tables
from bases.filing import form_press, form_word, grid, printed
from tests.bases.workbooks import FORM, YEAR, edition

ORIGINAL = [
    *("一、联系方式", "单位（公章）", "联系人", "联系电话、传真和电子邮箱", "通讯地址"),
    *("二、外贸基地概况", "外贸基地名称", "地区编号", "特色产业及海关编码", "特色产品产业链及配套体系情况"),
    *("三、外贸基地基本统计数据及情况", "统计数据及发展情况"),
]


def texts(made):
    """Every cell of a Word file, each once, from the top."""
    found = []
    for table in Document(io.BytesIO(made)).tables:
        for row in table.rows:
            found += [cell.text for cell in dict.fromkeys(row.cells)]
    return found


def test_f_4_3_the_rows_are_those_of_the_annex_in_their_order():
    labels = [
        row[0].text
        for table in grid.tables(printed.blank(FORM, YEAR))
        for row in ((tables.Slot(table.title, 8, ""),), *table.rows)
    ]

    assert labels[: len(ORIGINAL)] == ORIGINAL
    items = [int(found[1]) for label in labels if (found := re.match(r"(\d+)\. ", label))]
    assert items == list(range(1, 27))


def test_every_row_fills_the_eight_columns_of_the_table():
    for made in (printed.blank(FORM, YEAR), edition()):
        assert {sum(slot.span for slot in row) for table in grid.tables(made) for row in table.rows} == {tables.COLUMNS}


def test_f_4_2_units_stand_in_the_cells_and_item_10_and_the_two_kinds_of_research_differ():
    rows = {row[0].text: [slot.text for slot in row[1:]] for table in grid.tables(edition()) for row in table.rows}
    blank = {
        row[0].text: [slot.text for slot in row[1:]]
        for table in grid.tables(printed.blank(FORM, YEAR))
        for row in table.rows
    }

    assert rows["10. 外贸基地投入资金强度（元/亩）"][0] == "42822.81 元/亩"
    assert rows["12. 特色产品研发投入（亿元）"][0] == "1.4907 亿元"
    assert rows["企业名称"][-1] == "研发投入（万元）"
    assert blank["其中：特色产品总产值（亿元）"] == ["亿元"] * 3


def test_f_3_0_the_columns_carry_real_years_on_paper_too():
    assert "上三年（2023年）" in texts(form_word.docx(edition()))


def test_f_4_3_the_word_file_opens_and_holds_what_was_filed():
    cells = texts(form_word.docx(edition()))

    assert "宜宾市筠连县红茶外贸基地管理办公室" in cells
    assert "2个：红茶公共检测平台（演示）（检测）；红茶跨境物流服务平台（演示）（物流）" in cells
    assert "不适用" in cells


def test_f_4_3_the_foot_shows_the_version_and_the_check_code():
    file = Document(io.BytesIO(form_word.docx(edition())))

    assert file.sections[0].footer.paragraphs[0].text == "报告年度：2025年　第2版　校验码：K7QX-2MDA-V5TJ"
    assert printed.blank(FORM, YEAR).foot() == "报告年度：2025年　空表"


@pytest.mark.parametrize("draw", [form_word.docx, form_press.pdf])
def test_the_same_edition_gives_the_same_bytes(draw):
    assert draw(edition()) == draw(edition())


def test_f_4_3_the_pdf_has_a4_pages_and_names_nobody():
    with pikepdf.open(io.BytesIO(form_press.pdf(edition()))) as paper:
        assert len(paper.pages) == 4
        assert [round(float(side)) for side in paper.pages[0].mediabox] == [0, 0, 595, 842]
        assert "/Author" not in paper.docinfo


def test_attack_95_and_97_what_looks_like_markup_a_field_or_a_link_is_a_text():
    text = '#read("/etc/passwd") <link rel=attachment href=file:///etc/passwd> =1+1 $x$ \\u{41}'
    made = edition(contact=text, chain=text)

    word = form_word.docx(made)
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        drawn = package.read("word/document.xml")
    assert text in texts(word)
    assert b"instrText" not in drawn
    with pikepdf.open(io.BytesIO(form_press.pdf(made))) as paper:
        assert len(paper.attachments) == 0
        assert "/Annots" not in paper.pages[0]


def test_attack_99_a_form_that_cannot_be_set_in_time_is_refused_and_the_program_goes_on():
    with pytest.raises(press.NotPrinted):
        form_press.pdf(edition(), seconds=0.001)


def test_f_3_5_a_hundred_enterprises_are_printed_on_as_many_pages_as_they_need():
    row = {**edition().rows(FORM.fields["leading_enterprises"])[0]}

    with pikepdf.open(io.BytesIO(form_press.pdf(edition(leading_enterprises=[row] * 100)))) as paper:
        assert len(paper.pages) > 4
