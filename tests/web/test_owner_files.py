"""The other files of a draft in the browser: a table as a grid, a form field by field, a text as it was typed."""

import html
import re

import orjson
import pytest
from markupsafe import escape

from tests.web import support
from tests.web.test_owner_desk import begin, enter, post

KEY = "designation-case"
TABLE = f"/processes/{KEY}/draft/parts/site-visit.dmn"
EDITOR = f"/processes/{KEY}/draft/tables"
FILES = f"/processes/{KEY}/draft/files"
FORM = f"/processes/{KEY}/draft/parts/forms/city-review.json"
FACTS = (
    '{"key": "designation-case", "name": "基地认定", "number": "认定", "diagram": "designation-case.bpmn", '
    '"starts_with": ["whole_city"]}'
)


def put(client, path, body, rev):
    headers = {"If-Match": f'"{rev}"', "X-CSRF-Token": support.token_of(client), "Accept": "application/json"}
    return client.put(path, data=body, headers=headers, content_type="application/xml")


@pytest.fixture
def owner(office):
    client = enter(office, "qin.lan")
    begin(client, KEY)
    return client


def text_of(client, path):
    page = client.get(path).text
    return page.split('id="f-text"')[1].split(">", 1)[1].split("</textarea>")[0]


def test_every_file_is_listed_by_kind(owner):
    page = owner.get(f"/processes/{KEY}/draft/parts").text
    for words in ("决策表", "site-visit.dmn", "forms/city-review.json", "tests/"):
        assert words in page


def test_a_cell_is_changed_and_the_row_that_answers_is_shown(owner):
    assert "第2行" in owner.get(f"{TABLE}?v.first_application=false&v.spread=16&v.warnings=0&v.average=90").text
    saved = post(owner, TABLE, rev=1, act="save", **{"c.rule_spread/1": "> 20"})
    assert saved.status_code == 303
    assert "第5行" in owner.get(f"{TABLE}?v.first_application=false&v.spread=16&v.warnings=0&v.average=90").text


def test_a_cell_that_is_no_condition_is_kept_and_said(owner):
    post(owner, TABLE, rev=1, act="save", **{"c.rule_spread/1": "__import__('os')"})
    page = owner.get(TABLE).text
    assert 'name="c.rule_spread/1" value="__import__' in page  # the grid is still there, to put it right
    assert "第2行“专家评分分差”：无法识别“__import__" in page


def test_the_last_row_of_a_table_is_not_removed_and_that_is_said_with_what_was_typed_kept(owner):
    rows = re.findall(r'value="remove:([^"]+)"', owner.get(TABLE).text)
    for rev, row in enumerate(rows[1:], 1):
        assert post(owner, TABLE, rev=rev, act=f"remove:{row}").status_code == 303
    refused = post(owner, TABLE, rev=len(rows), act=f"remove:{rows[0]}", **{f"c.{rows[0]}/note": "待研究"}).text
    assert "决策表至少要有一行：请先增加别的行" in refused
    assert f'name="c.{rows[0]}/note" value="待研究"' in refused
    assert "待研究" not in owner.get(TABLE).text
    assert f'value="remove:{rows[0]}"' in owner.get(TABLE).text


def test_rows_that_overlap_are_named_where_one_alone_may_answer(owner):
    post(owner, TABLE, rev=1, act="save", policy="UNIQUE")
    page = owner.get(TABLE).text
    assert "第1、2行同时符合，而此表只允许一行" in page
    assert "必须改正" in page
    said = owner.get(f"{EDITOR}/site-visit.dmn").text
    assert r"\u7b2c1\u30012\u884c" in said  # 第1、2行


def test_a_table_is_kept_from_the_editor_and_what_the_check_says_comes_back(owner):
    kept = owner.get(f"{FILES}/site-visit.dmn")
    assert kept.headers["ETag"] == '"1"'
    body = kept.data.replace(b"[67..73]", b"[67..")
    answer = put(owner, f"{FILES}/site-visit.dmn", body, 1)
    assert answer.json["rev"] == 2
    assert [each["words"] for each in answer.json["findings"]] == [
        "第4行“专家评分平均分”：“[67..”里应写数值、英文双引号中的文字、true、false或者日期。"
    ]
    answer = put(
        owner, f"{FILES}/site-visit.dmn", kept.data.replace(b"<text>[67..73]</text>", b"<text>[60..80]</text>"), 2
    )
    assert (answer.json["findings"], answer.json["gaps"]) == ([], [])


def test_a_table_of_a_later_dmn_is_opened_as_the_editor_reads_it_and_that_is_said(owner):
    stored = owner.get(f"{FILES}/site-visit.dmn").data
    assert "写成。在这里一改动" not in owner.get(f"{EDITOR}/site-visit.dmn").text
    later = stored.replace(b"DMN/20191111/MODEL/", b"DMN/20230324/MODEL/")
    post(owner, TABLE, rev=1, text=later.decode())
    assert "这张表按DMN 1.5写成" in owner.get(f"{EDITOR}/site-visit.dmn").text
    assert owner.get(f"{FILES}/site-visit.dmn").data == stored
    assert owner.get(f"{FILES}/site-visit.dmn?stored=1").data == later


def test_a_table_with_a_gap_says_for_which_values_no_row_answers(owner):
    body = owner.get(f"{FILES}/site-visit.dmn").data
    at = body.index(b'<rule id="rule_none"')
    without = body[:at] + body[body.index(b"</rule>", at) + len(b"</rule>") :]
    assert (
        "是否首次申报：false；专家评分分差：<= 15" in put(owner, f"{FILES}/site-visit.dmn", without, 1).json["gaps"][0]
    )


def test_the_second_of_two_owners_is_told_and_a_file_that_is_no_table_has_no_editor(office, owner):
    body = owner.get(f"{FILES}/site-visit.dmn").data
    assert put(enter(office, "xia.ning"), f"{FILES}/site-visit.dmn", body, 1).status_code == 200
    assert put(owner, f"{FILES}/site-visit.dmn", body, 1).status_code == 412
    assert owner.get(f"{EDITOR}/forms/city-review.json").status_code == 404
    assert put(owner, f"{FILES}/process.json", b"{}", 2).status_code == 404


def test_a_field_is_added_moved_and_shown_by_the_renderer(owner):
    new = {"new.0.name": "extra", "new.0.label": "补充说明", "new.0.type": "prose"}
    post(owner, FORM, rev=1, act="add:0", **new)
    page = owner.get(FORM).text
    assert page.count("补充说明") >= 2  # in the editor and in the preview
    fields = orjson.loads(text_of(owner, FORM).replace("&#34;", '"').replace("&gt;", ">"))["sections"][0]["fields"]
    post(owner, FORM, rev=2, act=f"up:0.{len(fields) - 1}")
    post(owner, FORM, rev=3, act=f"remove:0.{len(fields) - 2}")
    assert "补充说明" not in owner.get(FORM).text


def test_a_field_that_the_diagram_reads_says_so(owner):
    assert "在用：designation-case.bpmn" in owner.get(FORM).text


def test_a_form_that_the_program_reads_says_by_what(owner):
    page = owner.get(f"/processes/{KEY}/draft/parts/forms/information.json").text
    assert "程序的核对、预填或者审核意见（information）也用到这张表单的字段" in page
    assert "（city_review）也用到" in owner.get(FORM).text
    assert "程序的核对" not in owner.get(f"/processes/{KEY}/draft/parts/forms/leader-sign.json").text


def test_text_that_is_no_json_stays_on_the_page_with_its_line(owner):
    page = post(owner, FORM, rev=1, text='{"title": "x",\n oops}').text
    assert "第2行" in page
    assert "oops" in page
    assert "oops" not in text_of(owner, FORM)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("process.json", "[]", "这个文件应为一个JSON对象"),
        ("process.json", '{"key": "designation-case"}', "流程说明（process.json）写得不对"),
        ("process.json", FACTS.replace('"基地认定"', '["基地认定"]'), "流程说明（process.json）写得不对"),
        ("process.json", FACTS.replace("case.bpmn", "case.bpnm"), "流程说明（process.json）写得不对"),
        ("process.json", FACTS.replace('["whole_city"]', "true"), "流程说明（process.json）写得不对"),
        ("texts/en.json", '["x"]', "这个文件应为一个JSON对象"),
        ("texts/letters/returned.json", '{"subject": 5, "body": ""}', "英文和信函的内容都是文字"),
    ],
)
def test_a_file_that_the_whole_draft_leans_on_is_put_right_where_it_was_spoilt(owner, path, body, said):
    where = f"/processes/{KEY}/draft/parts/{path}"
    before = html.unescape(text_of(owner, where))
    assert post(owner, where, rev=1, text=body).status_code == 303
    assert said in owner.get(where).text
    pages = ("draft", "draft/parts", "draft/tests", "draft/trial", "draft/proposal", "comparison?to=draft")
    assert {owner.get(f"/processes/{KEY}/{page}").status_code for page in pages} <= {200, 422}
    assert post(owner, where, rev=2, text=before).status_code == 303
    assert "必须改正" not in owner.get(where).text
    assert owner.get(f"/processes/{KEY}/draft/trial").status_code == 200


def test_a_save_after_another_owner_s_keeps_what_was_typed(office, owner):
    other = enter(office, "xia.ning")
    post(other, FORM, rev=1, text="{}")
    page = post(owner, FORM, rev=1, text='{"title": "mine"}').text
    assert "夏宁" in page
    assert "mine" in page


def test_only_files_of_the_draft_are_opened(owner):
    assert owner.get(f"/processes/{KEY}/draft/parts/nothing.json").status_code == 404
    assert post(owner, f"/processes/{KEY}/draft/parts/../../x.json", rev=1, text="{}").status_code in {404, 405}


def test_a_form_is_looked_at_alone_in_any_width_and_nothing_can_be_sent_from_there(owner):
    page = owner.get(f"/processes/{KEY}/draft/preview/forms/city-review.json")
    assert page.status_code == 200
    assert "script" not in page.text
    assert "<form" not in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert owner.get(f"/processes/{KEY}/draft/preview/process.json").status_code == 404
    assert 'width="390"' in owner.get(FORM).text


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "[x](javascript:alert(1))",
        "data:text/html,<b>x</b>",
        '<math><mtext></form><form action="https://example.org">',
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    ],
)
def test_attack_30_and_32_what_an_owner_writes_for_people_to_read_is_words_and_nothing_else(owner, words):
    form = orjson.loads(html.unescape(text_of(owner, FORM)))
    form["title"] = form["sections"][0]["title"] = words
    form["sections"][0]["fields"][0] |= {"label": words, "help": words}
    assert post(owner, FORM, rev=1, text=orjson.dumps(form).decode()).status_code == 303
    for page in (owner.get(FORM).text, owner.get(f"/processes/{KEY}/draft/preview/forms/city-review.json").text):
        assert str(escape(words)) in page
        assert "<" not in words or words not in page
        assert 'href="javascript:' not in page


def test_files_are_called_by_their_titles_in_the_reader_s_language(owner):
    page = owner.get(f"/processes/{KEY}/draft/parts").text
    assert "市（州）商务主管部门初审意见" in page
    owner.set_cookie("jidi-language", "en")
    page = owner.get(f"/processes/{KEY}/draft/parts").text
    assert "Preliminary review by the city commerce authority" in page
    assert "Suggestion of a site visit" in page
    assert owner.get(f"/processes/{KEY}/draft/words.json").json["实地考察建议"] == "Suggestion of a site visit"
    assert f'data-names="/processes/{KEY}/draft/words.json"' in owner.get(f"/processes/{KEY}/comparison?to=draft").text


def test_a_changed_column_and_a_table_past_reading_are_told_in_the_comparison(owner):
    body = owner.get(f"{FILES}/site-visit.dmn").data
    changed = body.replace(b"<text>number(spread)</text>", b"<text>spread</text>").replace(
        b'"expression_warnings" typeRef="number"', b'"expression_warnings" typeRef="integer"'
    )
    put(owner, f"{FILES}/site-visit.dmn", changed.replace(b"[67..73]", b"[66..73]"), 1)
    page = html.unescape(owner.get(f"/processes/{KEY}/comparison?to=draft").text)
    assert "专家评分分差 表达式：number(spread) → spread" in page
    assert "数据核对提示数 类型：number → integer" in page
    assert "第4行 专家评分平均分：[67..73] → [66..73]" in page
    put(owner, f"{FILES}/site-visit.dmn", body.replace(b"[67..73]", b"[67.."), 2)
    answer = owner.get(f"/processes/{KEY}/comparison?to=draft")
    assert answer.status_code == 200
    assert "site-visit.dmn" in answer.text


def test_unit_validation_and_options_of_a_field_are_changed_where_it_stands(owner):
    form = orjson.loads(html.unescape(text_of(owner, FORM)))
    spots = {
        each["name"]: f"{s}.{f}" for s, part in enumerate(form["sections"]) for f, each in enumerate(part["fields"])
    }
    opinion, item = spots["opinion"], spots["item1"]
    before = form["sections"][int(item.split(".")[0])]["fields"][int(item.split(".")[1])]["options"]
    typed = {
        f"f.{opinion}.max": "800",
        f"f.{opinion}.min": "10",
        f"f.{opinion}.unit": "字",
        f"f.{opinion}.clause": "十",
    }
    lines = "\n".join(f"{each['code']} | {each['label']}" for each in before) + "\n尚待核实"
    assert post(owner, FORM, rev=1, act="save", **typed, **{f"f.{item}.options": lines}).status_code == 303
    form = orjson.loads(html.unescape(text_of(owner, FORM)))
    fields = {each["name"]: each for part in form["sections"] for each in part["fields"]}
    assert {name: fields["opinion"][name] for name in ("min", "max", "unit", "clause")} == {
        "min": 10,
        "max": 800,
        "unit": "字",
        "clause": "十",
    }
    assert fields["item1"]["options"] == [*before, {"code": "item1_1", "label": "尚待核实"}]
    assert "尚待核实" in owner.get(f"/processes/{KEY}/draft/preview/forms/city-review.json").text
    post(owner, FORM, rev=2, act="save", **{f"f.{opinion}.min": ""})
    assert '"min"' not in html.unescape(text_of(owner, FORM)).split('"opinion"')[1].split("}")[0]
    post(owner, FORM, rev=3, act="save", **{f"f.{opinion}.max": "much"})
    page = owner.get(FORM).text  # kept as it was typed, and said
    assert "“拟办意见” 上限：应为1至20000的整数。" in page
    listed = owner.get(f"/processes/{KEY}/draft/parts").text
    assert "必须改正" in listed.split("forms/city-review.json")[-1][:200]


def test_a_form_past_reading_hides_nothing_else_that_is_wrong(owner):
    post(owner, FORM, rev=1, text='{"title": "x", "sections": [], "oops": 1}')
    body = owner.get(f"{FILES}/site-visit.dmn").data.replace(b"[67..73]", b"[67..")
    put(owner, f"{FILES}/site-visit.dmn", body, 2)
    listed = owner.get(f"/processes/{KEY}/draft/parts").text
    assert listed.count("必须改正") == 2
