"""Forms on a page: each type of field with what was typed, what is wrong with it, and how it is read."""

import json
import re

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html

from engine import forms
from engine.forms import Problem
from tests.web.words import WEB
from web.door import language
from web.fields import conditions, problems, shown, typed, units
from web.fields.around import Around, Group, Option, StoredFile
from web.fields.sheet import Sheet
from web.words import catalogue, dates

YEAR = 2025
CITIES = [Group("", (Option("511500", "宜宾市"), Option("510100", "成都市")))]


def form_of(*fields: dict):
    definition = {"title": "表", "scalars": [], "sections": [{"title": "节", "fields": list(fields)}]}
    return forms.load(json.dumps(definition, ensure_ascii=False).encode())


def sheet(form, answers=None, *, found=(), before=None, around=None):
    return Sheet(
        form, answers or {}, YEAR, around=around or Around(regions={"city": CITIES}), found=found, before=before
    )


def rendered(one, macro="fill", summed="summary"):
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.globals.update(
        _=language._, ngettext=language.ngettext, pick=language.pick, url_for=lambda name, **_more: f"/{name}"
    )
    environment.filters.update(clause=dates.clause_words, day=dates.day)
    source = "{% import 'fields/pages/" + macro + ".html' as m with context %}"
    source += f"{{{{ m.{summed}(s) if m.{summed} is defined else '' }}}}{{{{ m.form(s) }}}}"
    return html.fromstring(environment.from_string(source).render(s=one))


def control(page, name):
    return page.xpath("//*[@name=$name]", name=name)


TEXT = {"name": "contact", "type": "text", "label": "联系人", "required": True, "help": "写全名"}


def test_a_text_has_its_label_its_help_and_what_was_typed():
    page = rendered(sheet(form_of(TEXT), {"contact": '"><script>alert(1)</script>'}))
    (box,) = control(page, "contact")
    assert box.get("value") == '"><script>alert(1)</script>'
    assert not page.xpath("//script")
    assert page.xpath("//label[@for='f-contact']")[0].text_content().startswith("联系人")
    assert page.xpath("//*[@id=$id]", id=box.get("aria-describedby"))[0].text_content() == "写全名"


def test_what_is_wrong_stands_at_the_field_and_in_the_summary_with_a_link_to_it():
    page = rendered(sheet(form_of(TEXT), found=[Problem("contact", "field.required")]))
    (box,) = control(page, "contact")
    assert box.get("aria-invalid") == "true"
    assert "p-contact" in box.get("aria-describedby")
    assert page.xpath("//a[@href='#f-contact']")[0].text_content() == "联系人：请填写这一项"


GRID = {
    "name": "output",
    "type": "years",
    "label": "总产值",
    "unit": "亿元",
    "required": True,
    "indicator": "I01",
    "of": {"type": "decimal", "places": 4},
}
PART = {**GRID, "name": "part", "label": "其中：特色产品", "indicator": "I01a"}


def test_three_years_stand_in_one_table_with_headers_units_and_parts_set_in():
    page = rendered(sheet(form_of(GRID, PART), {"output": {"y1": "3.1"}}))
    assert len(page.xpath("//table")) == 1
    heads = [head.text_content() for head in page.xpath("//thead//th[@scope='col']")]
    assert heads == ["统计数据及发展情况", "上三年2023年", "上两年2024年", "上年2025年"]
    (box,) = control(page, "output.y1")
    named = [page.xpath("//*[@id=$id]", id=one)[0].text_content() for one in box.get("aria-labelledby").split()]
    assert "总产值（亿元）" in named[0]
    assert named[1] == "上年2025年"
    assert (box.get("value"), box.get("inputmode")) == ("3.1", "decimal")
    assert len(page.xpath("//span[@class='part']")) == 1


def test_the_same_fault_in_several_years_is_said_once():
    missing = [Problem(f"output.{year}", "field.required") for year in ("y1", "y3", "y2")]
    page = rendered(sheet(form_of(GRID), found=missing))
    lines = [line.text_content() for line in page.xpath("//div[contains(@class,'error-summary')]//li")]
    assert lines == ["总产值（上三年、上两年、上年）：请填写这一项"]
    assert page.xpath("//tr[@class='told']")[0].text_content().strip() == "上三年、上两年、上年：请填写这一项"


ROWS = {
    "name": "firms",
    "type": "rows",
    "label": "企业",
    "columns": [{"name": "name", "type": "text", "label": "名称"}, {"name": "n", "type": "integer", "label": "人数"}],
    "max_rows": 5,
}


def test_rows_are_numbered_can_be_added_and_dropped_by_named_buttons():
    page = rendered(sheet(form_of(ROWS), {"firms": [{"name": "甲"}, {"name": "乙"}]}))
    assert [box.get("value") for box in page.xpath("//tbody//input[@class='form-control text']")][:2] == ["甲", "乙"]
    acts = [button.get("value") for button in page.xpath("//button[@name='_act'][not(ancestor::template)]")]
    assert acts == ["drop:firms.0", "drop:firms.1", "add:firms"]
    assert page.xpath("//template//*[@name='firms.__n__.name']")


def test_a_fault_in_a_row_names_row_and_column():
    one = sheet(form_of(ROWS), {"firms": [{"name": "甲"}, {"n": "x"}]}, found=[Problem("firms.1.n", "field.not_whole")])
    assert one.wrong.errors() == [("f-firms.1.n", "企业（第2行 · 人数）：请填整数")]


def test_a_decision_is_radio_buttons_and_a_long_choice_a_select():
    options = [{"code": f"c{n}", "label": f"选项{n}"} for n in range(9)]
    short = {"name": "outcome", "type": "choice", "label": "结果", "as": "decision", "options": options[:2]}
    page = rendered(sheet(form_of(short, {"name": "long", "type": "choice", "label": "长", "options": options})))
    assert [box.get("type") for box in control(page, "outcome")] == ["radio", "radio"]
    assert control(page, "long")[0].tag == "select"


def test_a_yes_or_no_keeps_what_was_chosen():
    flag = {"name": "complete", "type": "flag", "label": "齐全"}
    page = rendered(sheet(form_of(flag), {"complete": "false"}))
    assert [box.get("checked") is not None for box in control(page, "complete")] == [False, True]


def test_a_date_that_is_none_stays_as_it_was_typed():
    day = {"name": "on", "type": "date", "label": "日期"}
    assert control(rendered(sheet(form_of(day), {"on": "2026-02-30"})), "on")[0].get("value") == "2026-02-30"
    wrong = control(rendered(sheet(form_of(day), {"on": "二月三十"})), "on")[0]
    assert (wrong.get("type"), wrong.get("value")) == ("text", "二月三十")


def test_a_stored_file_goes_along_and_can_be_taken_out():
    file = {"name": "scan", "type": "file", "label": "扫描件"}
    around = Around(files={"7k2m9x4c1bqe": StoredFile("7k2m9x4c1bqe", "件.pdf", 1_250_000, "application/pdf")})
    page = rendered(sheet(form_of(file), {"scan": "7k2m9x4c1bqe"}, around=around))
    assert [box.get("value") for box in control(page, "scan") if not box.xpath("ancestor::template")] == [
        "7k2m9x4c1bqe"
    ]
    assert "1.2 MB" in page.text_content()
    assert page.xpath("//button[@value='remove:scan:7k2m9x4c1bqe']")


def test_a_doubt_has_one_box_for_all_its_places():
    found = [Problem(f"output.{year}", "V12", {}, "warn") for year in ("y1", "y2")]
    page = rendered(sheet(form_of(GRID), {"explanations": {"V12": "搬迁"}}, found=found))
    (box,) = control(page, "explanations.V12")
    assert box.text.strip() == "搬迁"
    assert not page.xpath("//div[contains(@class,'error-summary')]")
    assert [link.get("href") for link in page.xpath("//fieldset[@class='doubts']//a")] == [
        "#f-output.y2",
        "#f-output.y1",
    ]


def test_a_sent_form_reads_without_inputs_and_marks_what_changed():
    earlier = {"output": {"y3": "1.0000", "y2": "2.0000", "y1": "3.0000"}}
    now = {"output": {"y3": "1.0000", "y2": "2.5000", "y1": "1234.5000"}, "city": "511500"}
    city = {"name": "city", "type": "region", "level": "city", "label": "市"}
    page = rendered(sheet(form_of(GRID, city), now, before=earlier), "read")
    assert not page.xpath("//input|//select|//textarea")
    assert [mark.text_content() for mark in page.xpath("//ins")] == ["2.5", "1,234.5", "宜宾市"]
    assert page.xpath("//del")[0].text_content().split() == ["原为", "2"]


def test_what_another_answer_made_needless_is_not_read():
    flag = {"name": "reported", "type": "flag", "label": "已上报"}
    letter = {"name": "letter", "type": "text", "label": "来文字号", "show_when": "reported"}
    form = form_of(flag, letter, {"name": "note_", "type": "text", "label": "备注"})
    assert "来文字号" not in rendered(sheet(form, {"reported": False}), "read").text_content()
    page = rendered(sheet(form, {"reported": True, "letter": "宜商务〔2026〕12号"}), "read").text_content()
    assert "宜商务〔2026〕12号" in page
    assert "备注" in page


def test_texts_of_the_form_are_shown_in_english_where_there_is_one(monkeypatch):
    monkeypatch.setattr("web.fields.sheet.chosen", lambda: "en")
    one = sheet(form_of(TEXT), around=Around(words={"联系人": "Contact"}))
    assert one.label_at("contact") == "Contact"
    assert one.say("没有英文") == "没有英文"


@pytest.mark.parametrize(
    ("value", "read"),
    [("1234567.8900", "1,234,567.89"), ("0.0000", "0"), ("-3.10", "-3.1"), (12, "12"), ("１２", "12"), ("abc", "abc")],
)
def test_numbers_are_read_grouped_and_without_empty_noughts(value, read):
    assert shown.number(value) == read


# Conditions.


@pytest.mark.parametrize(
    ("source", "compact"),
    [
        ('outcome == "return"', ["is", "outcome", "return"]),
        ("reported", ["is", "reported", "true"]),
        ("not reported", ["not", "reported", "true"]),
        (
            'a != "x" and (b == "y" or c == true)',
            ["and", ["not", "a", "x"], ["or", ["is", "b", "y"], ["is", "c", "true"]]],
        ),
    ],
)
def test_a_page_can_follow_a_plain_condition(source, compact):
    found = conditions.read(source, lambda name, value: (name, value))
    assert json.loads(found.compact) == compact


@pytest.mark.parametrize("source", ["count(a) > 2", "a in b", "a.y1 == true", "a > 3"])
def test_any_other_condition_is_left_to_the_server(source):
    assert conditions.read(source, lambda name, value: (name, value)) is None


def test_a_condition_stands_in_words_for_whoever_has_no_script():
    outcome = {
        "name": "outcome",
        "type": "choice",
        "label": "办理结果",
        "options": [{"code": "return", "label": "退回修改"}, {"code": "go", "label": "同意"}],
    }
    reason = {"name": "reason", "type": "prose", "label": "理由", "show_when": 'outcome == "return"'}
    page = rendered(sheet(form_of(outcome, reason)))
    assert "“办理结果”为“退回修改”时填写" in page.text_content()
    assert page.xpath("//*[@data-field='reason']/@data-show-when") == ['["is","outcome","return"]']


# Small buttons.


def test_rows_are_added_and_dropped_in_what_was_typed():
    answers = {"firms": [{"name": "甲"}, {"name": "乙"}]}
    assert typed.acted(answers, "add:firms")
    assert typed.acted(answers, "drop:firms.0")
    assert answers == {"firms": [{"name": "乙"}, {}]}
    assert not typed.acted(answers, "")


@pytest.mark.parametrize(
    "act", ["drop:firms.9", "drop:firms.x", "drop:nothing.0", "drop:", "remove:a:b", "add:a.b.c.0"]
)
def test_a_button_that_fits_nothing_breaks_nothing(act):
    answers = {"firms": [{"name": "甲"}]}
    assert typed.acted(answers, act)
    assert answers["firms"] == [{"name": "甲"}]


def test_the_pages_own_fields_are_no_answers():
    pairs = [("csrf", "t"), ("_key", "k"), ("_act", ""), ("contact", "李雷"), ("output.y1", "1")]
    assert typed.answers(pairs) == {"contact": "李雷", "output": {"y1": "1"}}


# Words.


def test_every_code_that_a_check_can_give_has_its_sentence():
    given = set()
    for path in (*WEB.parent.glob("bases/filing/*.py"), *WEB.parent.glob("engine/forms/*.py")):
        given |= set(re.findall(r'"(V\d\d|field\.[a-z_]+)"', path.read_text()))
    assert given
    assert not given - set(problems.WORDS)


def test_a_code_without_a_sentence_is_named():
    assert "X99" in problems.sentence("X99")


def test_the_sentence_of_a_number_shows_it_without_empty_noughts():
    facts = {"total": "12.5000", "limit": "10.0000"}
    one = sheet(form_of(ROWS), found=[Problem("firms", "V14", facts)])
    assert one.wrong.errors()[0][1] == "企业：所列企业总产值之和（12.5亿元）大于基地总产值（10亿元）"


def test_english_is_complete_for_every_sentence():
    english = catalogue.english()
    assert not [text for text in problems.WORDS.values() if text not in english.texts]


LEADING = {
    "name": "leading",
    "type": "rows",
    "label": "龙头企业",
    "columns": [
        {"name": "name", "type": "text", "label": "企业名称"},
        {"name": "rd", "type": "decimal", "label": "研发投入", "unit": "万元", "places": 2},
    ],
}
PER_MU = {**GRID, "name": "per_mu", "label": "强度", "unit": "元/亩", "of": {"type": "decimal", "places": 2}}


@pytest.mark.parametrize(
    ("typed_in", "unit", "said"),
    [
        ("12.5", "亿元", "= 125,000万元"),
        ("0.0001", "亿元", "= 1万元"),
        ("-3.25", "亿元", "= -32,500万元"),
        ("25000000000", "亿元", "= 250,000,000,000,000万元"),
        ("1.50", "万元", "= 0.00015亿元"),
        ("42822.81", "元/亩", "= 4.282281万元/亩"),
        ("0", "亿元", ""),
        ("", "亿元", ""),
        (None, "亿元", ""),
        ("1e5", "亿元", ""),
        ("１２", "亿元", ""),
        ("12.5", "%", ""),
    ],
)
def test_f_4_2_an_amount_is_also_said_in_the_other_unit(typed_in, unit, said):
    assert units.converted(typed_in, unit) == said


def test_f_4_2_the_converted_value_stands_beside_each_number_while_it_is_typed():
    answers = {
        "output": {"y3": "12.5", "y2": "", "y1": "多少"},
        "per_mu": {"y1": "42822.81"},
        "leading": [{"name": "甲", "rd": "76"}],
    }
    page = rendered(sheet(form_of(GRID, PER_MU, LEADING), answers))

    beside = {one.get("data-beside-of"): one for one in page.xpath("//*[@data-beside-of]")}
    assert {path: one.text for path, one in beside.items() if one.text} == {
        "output.y3": "= 125,000万元",
        "per_mu.y1": "= 4.282281万元/亩",
        "leading.0.rd": "= 0.0076亿元",
    }
    assert (beside["output.y1"].get("data-places"), beside["output.y1"].get("data-words")) == ("4", "= {}万元")
    (box,) = control(page, "output.y3")
    assert "b-output.y3" in box.get("aria-describedby").split()


def test_f_4_2_the_converted_value_stands_beside_each_number_that_is_read():
    answers = {"output": {"y1": "12.5"}, "leading": [{"name": "甲", "rd": "76"}]}
    page = rendered(sheet(form_of(GRID, LEADING), answers), "read")
    assert [one.text for one in page.xpath("//*[@class='converted']")] == ["= 125,000万元", "= 0.0076亿元"]


LISTED = {
    "name": "places",
    "type": "rows",
    "label": "排序",
    "fixed": True,
    "columns": [
        {"name": "number", "type": "text", "label": "办件编号", "required": True, "fixed": True},
        {"name": "average", "type": "decimal", "label": "平均分", "fixed": True},
        {"name": "reason", "type": "text", "label": "理由"},
    ],
}


def fixed_form(*fields: dict):
    definition = {"title": "表", "prefill": "any", "sections": [{"title": "节", "fields": list(fields)}]}
    return forms.load(json.dumps(definition, ensure_ascii=False).encode())


def test_what_is_fixed_is_text_that_goes_along_and_its_rows_are_neither_added_nor_dropped():
    note = {"name": "note", "type": "prose", "label": "来函说明", "fixed": True}
    answers = {"note": "请于十日内<b>答复</b>", "places": [{"number": "2026-001", "average": "90.00", "reason": "好"}]}
    page = rendered(sheet(fixed_form(note, LISTED), answers))

    for name in ("note", "places.0.number", "places.0.average"):
        assert [(one.tag, one.get("type")) for one in control(page, name)] == [("input", "hidden")]
    assert page.xpath("//*[@id='f-note']")[0].text == "请于十日内<b>答复</b>"
    assert page.xpath("//*[@id='f-places.0.average']")[0].text == "90"
    (reason,) = control(page, "places.0.reason")
    named = [page.xpath("//*[@id=$id]", id=one)[0].text_content() for one in reason.get("aria-labelledby").split()]
    assert named == ["理由", "1", "2026-001"]
    assert not control(page, "_act")
    assert not page.xpath("//template | //tfoot")


def test_a_fixed_list_without_rows_says_so():
    page = rendered(sheet(fixed_form(LISTED), {}))
    assert "（无）" in page.text_content()
    assert not page.xpath("//table")
