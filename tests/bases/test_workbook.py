"""The 信息表 as an Excel workbook: in the rows of the annex, and read back as it was typed (F-4.1 to F-4.3)."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from bases.demo import answers, rows
from bases.filing import contacts, printed, readback, sheets, workbook
from engine import forms
from tests.bases.workbooks import FORM, PLACES, YEAR, edited, exported, repacked


@pytest.fixture
def read(tmp_path):
    def read_back(body, year=YEAR):
        path = tmp_path / "back"
        path.write_bytes(body)
        return readback.read(path, FORM, year, PLACES)

    return read_back


def told(found):
    return [(found.at(problem.path), problem.code) for problem in found.problems]


def settled(given):
    return forms.read(FORM, given).answers


@pytest.mark.parametrize("key", ["B042", "B041", "B043"])
def test_f_4_3_exported_filled_and_read_back_all_values_are_equal(read, key):
    given = answers(key)
    made = workbook.xlsx(printed.Edition(FORM, given, YEAR, PLACES))

    found = read(made)

    assert found.problems == []
    assert settled(found.answers) == settled(given)


def test_f_4_3_a_blank_form_says_nothing_when_it_is_read_back(read):
    found = read(workbook.xlsx(printed.blank(FORM, YEAR)))

    assert (found.answers, found.problems) == ({}, [])


def test_f_3_0_the_sheets_are_those_of_the_annex_and_the_columns_carry_real_years():
    book = load_workbook(io.BytesIO(exported()))
    three = book["表三"]

    assert book.sheetnames == ["表一", "表二", "表三", "表三名单", "申报材料", "组织机构与规划"]
    assert [three.cell(3, column).value for column in (6, 7, 8)] == [
        "上三年（2023年）",
        "上两年（2024年）",
        "上年（2025年）",
    ]
    assert book["表一"]["A1"].value == "四川省外贸转型升级基地信息表"
    assert book["表一"]["A2"].value == "报告年度：2025年　第2版　校验码：K7QX-2MDA-V5TJ"


def test_f_4_2_each_cell_states_its_unit_and_the_two_units_of_research_differ():
    three = load_workbook(io.BytesIO(exported()))["表三"]
    keys = {three.cell(row, workbook.KEY).value: row for row in range(1, three.max_row + 1)}

    def unit(key, column):
        return three.cell(keys[key], column).number_format

    assert unit("investment_intensity", 6) == 'General"元/亩"'
    assert unit("rd_spend", 6) == 'General"亿元"'
    assert three.cell(keys["leading_enterprises#"] + 1, 8).number_format == 'General"万元"'
    assert three.cell(keys["leading_enterprises#"], 8).value == "研发投入（万元）"
    assert three.cell(keys["feature_output"], 1).value == "其中：特色产品总产值（亿元）"


@pytest.mark.performs("F-4.1")
def test_f_4_1_rows_added_by_hand_and_fifty_of_them_are_read(read):
    row = rows.enterprises()["B042"][0]
    many = [{**row, "name": f"示例企业{place}"} for place in range(1, 51)]

    def add(book):
        sheet = book["表三"]
        sheet.insert_rows(15)
        for column, value in enumerate(["新增企业", "民营", "红茶", 1, 1, 1, 1, 20], start=1):
            sheet.cell(15, column, value)

    assert [each["name"] for each in read(exported(leading_enterprises=many)).answers["leading_enterprises"]] == [
        each["name"] for each in many
    ]
    assert "新增企业" in [each["name"] for each in read(edited(exported(), add)).answers["leading_enterprises"]]


def test_an_error_names_its_cell_and_the_value_is_left_out(read):
    def spoil(book):
        book["表三"]["F4"] = "84亿"
        book["表三"]["G13"] = 1.23456
        book["表一"]["D8"] = "不是邮箱"
        book["表三"]["B13"] = "其他"

    found = read(edited(exported(), spoil))

    assert told(found) == [
        ("表一!D8", "field.email"),
        ("表三!F4", "field.not_a_number"),
        ("表三!B13", "field.choice"),
        ("表三!G13", "field.places"),
    ]
    assert "y3" not in found.answers["gross_output"]
    assert found.answers["gross_output"]["y2"] == "96.9559"


def test_a_row_outside_every_table_or_of_another_year_is_named_and_not_dropped_in_silence(read):
    def stray(book):
        book["表三"]["A60"] = "写在表外"
        book["表三名单"]["A5"] = 2019

    assert told(read(edited(exported(), stray))) == [("表三!A60", "workbook.stray"), ("表三名单!A5", "workbook.stray")]


def test_not_applicable_stays_so_for_one_year_and_for_all(read):
    one = exported(provincial_brands={"y3": "n/a", "y2": "n/a", "y1": {"count": 1, "rows": [{"name": "川红"}]}})

    assert read(exported()).answers["provincial_brands"] == "n/a"
    assert read(one).answers["provincial_brands"]["y3"] == "n/a"
    assert read(one).answers["provincial_brands"]["y1"] == {"count": "1", "rows": [{"name": "川红"}]}


def test_a_workbook_of_another_year_another_template_or_another_hand_is_refused_by_name(read):
    def mark(text):
        def change(book):
            for sheet in book:
                sheet.cell(1, workbook.KEY).value = text

        return change

    with pytest.raises(readback.OtherYear):
        read(exported(), year=2024)
    with pytest.raises(readback.OtherTemplate):
        read(edited(exported(), mark(f"{workbook.TEMPLATE}/9/{YEAR}")))
    with pytest.raises(readback.NotOurs):
        read(edited(exported(), mark(None)))


def test_a_row_whose_field_the_form_does_not_have_is_another_template(read):
    with pytest.raises(readback.OtherTemplate):
        read(edited(exported(), lambda book: book["表一"].cell(4, workbook.KEY, "no_such_field")))


def test_attack_88_numbers_that_are_none_are_refused_in_their_cell(read):
    for wrong in ("NaN", "1e9", "1,000", "１２．５", "0x10", "-0", True):

        def spoil(book, wrong=wrong):
            book["表三"]["F4"] = wrong

        assert told(read(edited(exported(), spoil))) == [("表三!F4", "field.not_a_number")]


@pytest.mark.parametrize(
    "text",
    ["=cmd|'/C calc'!A0", "@SUM(A1)", "+1", "-1", "\t=1+1", "＝1+1", '=HYPERLINK("http://x")', "'=1"],
)
def test_attack_95_a_text_that_looks_like_a_formula_is_a_text_and_comes_back_as_it_was(read, text):
    given = answers("B042")["leading_enterprises"]
    made = exported(contact=text, leading_enterprises=[{**given[0], "name": text}])

    book = load_workbook(io.BytesIO(made))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        drawn = b"".join(package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/"))

    assert b"<f>" not in drawn
    assert book["表一"]["D5"].data_type == "s"
    assert book["表一"]["D5"].quotePrefix is not text.startswith("'")
    found = read(made).answers
    assert (found["contact"], found["leading_enterprises"][0]["name"]) == (text.strip(), text.strip())


def test_a_formula_gives_the_value_that_was_seen_and_without_one_is_named(read):
    def formula(book):
        book["表三"]["F4"] = "=40+44"

    unworked = edited(exported(), formula)
    worked = repacked(
        unworked,
        {
            "xl/worksheets/sheet3.xml": lambda xml: (
                xml.replace(b"<f>40+44</f><v></v>", b"<f>40+44</f><v>84</v>")
                .replace(b"<f>40+44</f><v />", b"<f>40+44</f><v>84</v>")
                .replace(b"<f>40+44</f><v/>", b"<f>40+44</f><v>84</v>")
            )
        },
    )

    assert told(read(unworked)) == [("表三!F4", "workbook.formula")]
    assert read(worked).answers["gross_output"]["y3"] == "84"


def test_attack_11_and_12_entities_are_refused_before_anything_parses_them(read):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

    for head in (bomb, outside):
        for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
            with pytest.raises(sheets.Unreadable):
                read(repacked(exported(), {part: lambda xml, head=head: head + xml}))
    wide = repacked(
        exported(), {"xl/workbook.xml": lambda xml: ("\ufeff" + outside.decode()).encode("utf-16-le") + xml}
    )
    with pytest.raises(sheets.Unreadable):
        read(wide)


def test_a_workbook_that_takes_values_from_another_is_refused(read):
    with pytest.raises(sheets.LinkedElsewhere):
        read(repacked(exported(), {}, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}))


def test_a_sheet_that_claims_a_million_rows_costs_no_more_than_the_form(read):
    def far(xml):
        return xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')

    found = read(repacked(exported(), {"xl/worksheets/sheet3.xml": far}))

    assert found.problems == []
    assert settled(found.answers) == settled(answers("B042"))


def test_attack_37_a_workbook_too_large_unpacked_or_packed_is_refused_unread(read):
    with pytest.raises(sheets.TooLong):
        read(repacked(exported(), {}, {"xl/media/zeros.bin": b"\0" * (sheets.MOST_UNPACKED + 1)}))
    with pytest.raises(sheets.TooLong):
        read(exported() + b"\0" * sheets.MOST_BYTES)


def test_what_is_no_workbook_or_a_broken_one_is_refused_as_unreadable(read):
    for body in (
        b"PK\x03\x04 nothing",
        repacked(exported(), {"xl/worksheets/sheet3.xml": lambda xml: xml[:2000]}),
        repacked(exported(), {"xl/workbook.xml": lambda _: b"<workbook/>"}),
        repacked(exported(), {"xl/workbook.xml": lambda _: b""}),
    ):
        with pytest.raises((sheets.Unreadable, readback.NotOurs)):
            read(body)


def test_what_the_workbook_does_not_say_stays_in_the_draft():
    draft = {
        "unit": "甲",
        "sales": {"y3": "1", "y2": "2"},
        "standards": {"y1": {"count": "1", "rows": [{"code": "A"}]}},
    }

    said = {"sales": {"y2": "3"}, "standards": {"y1": {"count": "2", "rows": []}, "y2": {"count": "0", "rows": []}}}

    assert readback.merged(FORM, draft, said) == {
        "unit": "甲",
        "sales": {"y3": "1", "y2": "3"},
        "standards": {"y1": {"count": "2", "rows": [{"code": "A"}]}, "y2": {"count": "0", "rows": []}},
    }


def test_a_merged_cell_gives_its_value_once(read):
    found = read(edited(exported(), lambda book: book["表三"].merge_cells("A13:A14")))

    assert found.answers["leading_enterprises"][0]["name"] == "红茶示例企业1"
    assert "name" not in found.answers["leading_enterprises"][1]


def test_attack_73_the_file_names_no_person_and_no_moment():
    book = load_workbook(io.BytesIO(exported()))

    assert (book.properties.creator or "", book.properties.lastModifiedBy or "") == ("", "")
    assert (book.properties.created, book.properties.modified) == (datetime(2020, 6, 9), datetime(2020, 6, 9))  # noqa: DTZ001  openpyxl's
    assert exported() == exported()


def test_f_1_3_an_expert_s_file_holds_no_telephone_and_no_address():
    class Expert:
        person = 7
        held = (type("Held", (), {"role": "expert"}),)

    given = contacts.disclosed(FORM, {**answers("B042"), "phone": "13800001111"}, Expert())
    made = workbook.xlsx(printed.Edition(FORM, given, YEAR, PLACES))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        everything = b"".join(map(package.read, package.namelist())).decode()

    assert "13800001111" not in everything
    assert "@example.com" not in everything
