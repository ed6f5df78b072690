"""A form made by somebody who is no programmer: sections, fields and columns, added, changed, moved and taken out."""

import html
from html.parser import HTMLParser
from itertools import product

import orjson
import pytest

from tests.web.test_owner_desk import begin, enter, post
from tests.web.test_owner_files import text_of

KEY = "designation-case"
FORMS = f"/processes/{KEY}/draft/forms"
PARTS = f"/processes/{KEY}/draft/parts"
PREVIEW = f"/processes/{KEY}/draft/preview/forms"
NEW = f"{PARTS}/forms/fair.json"
INFORMATION = f"{PARTS}/forms/information.json"
CRITERIA = ("c1", "c2", "c3", "c4", "c5")
COLUMN = {"column.label": "企业名称", "column.type": "text"}


@pytest.fixture
def owner(office):
    client = enter(office, "qin.lan")
    begin(client, KEY)
    return client


@pytest.fixture
def fair(owner):
    """A new form with one field, and rows with one column."""
    post(owner, FORMS, rev=1, title="参展申请", name="fair")
    add(owner, 2, "0", name="fair_name", label="展会名称", type="text")
    return add(owner, 3, "0", name="firms", label="参展企业", type="rows", **COLUMN)


def add(client, rev, where, path=NEW, **typed: str):
    new = {f"new.{where}.{name}": text for name, text in typed.items()}
    return post(client, path, rev=rev, act=f"add:{where}", **new)


def form_of(client, path=NEW):
    return orjson.loads(html.unescape(text_of(client, path)))


def fields_of(client, path=NEW):
    return [[each["name"] for each in section["fields"]] for section in form_of(client, path)["sections"]]


class Inputs(HTMLParser):
    """What a browser would send of the first form of a page that changes a file, whatever is folded away."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.typed = {}
        self._inside = self._done = False
        self._text = self._select = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        own = dict(attrs)
        if tag == "form" and not self._done and "/parts/" in own.get("action", ""):
            self._inside = True
        elif self._inside and tag == "input" and (own.get("type") != "checkbox" or "checked" in own):
            self.typed[own["name"]] = own.get("value", "on")
        elif self._inside and tag == "textarea":
            self._text, self.typed[own["name"]] = own["name"], ""
        elif self._inside and tag == "select":
            self._select = own["name"]
        elif self._select and tag == "option" and ("selected" in own or self._select not in self.typed):
            self.typed[self._select] = own["value"]

    def handle_data(self, data):
        if self._text:
            self.typed[self._text] += data

    def handle_endtag(self, tag):
        if tag == "form" and self._inside:
            self._inside, self._done = False, True
        elif tag == "textarea" and self._text:
            self.typed[self._text] = self.typed[self._text].removeprefix("\n").replace("\n", "\r\n")
            self._text = None
        elif tag == "select":
            self._select = None


def test_a_form_is_made_from_nothing_and_shown_by_the_renderer(owner):
    made = post(owner, FORMS, rev=1, title="参展申请")
    assert made.location.split("?")[0] == f"{PARTS}/forms/can-zhan-shen-qing.json"
    path = made.location.split("?")[0]
    page = owner.get(made.location).text
    assert "这一节还没有字段" in page
    assert "“基本情况” 字段：应有1至200项" in page
    added = add(owner, 2, "0", path, label="展会名称", type="text")
    assert added.location.endswith("?at=0.0#at-0.0")  # the new field is shown open, and in sight
    assert form_of(owner, path)["sections"][0]["fields"] == [
        {"name": "zhan_hui_ming_cheng", "type": "text", "label": "展会名称"}
    ]
    assert "展会名称" in owner.get(f"{PREVIEW}/can-zhan-shen-qing.json").text
    assert "必须改正" not in owner.get(path).text
    assert "参展申请" in owner.get(PARTS).text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [({"title": ""}, 'value="visits"'), ({"title": "参展", "name": "city-review"}, 'value="参展"')],
)
def test_a_form_without_a_title_or_with_a_name_that_is_taken_is_refused_and_what_was_typed_stays(owner, typed, kept):
    page = post(owner, FORMS, rev=1, **{"name": "visits", **typed}).text
    assert "请填写表单名称；编号用小写字母、数字和短横，并且没有用过" in page
    assert kept in page


def test_a_form_that_a_diagram_asks_for_is_not_deleted_and_another_one_is(fair, owner):
    assert fair.status_code == 303
    page = post(owner, f"{FORMS}/city-review/removal", rev=4).text
    assert "流程图（designation-case.bpmn）在用这张表单，没有删除" in page
    assert post(owner, f"{FORMS}/fair/removal", rev=4).status_code == 303
    assert owner.get(NEW).status_code == 404
    assert post(owner, f"{FORMS}/fair/removal", rev=5).status_code == 404


def test_a_section_is_added_named_moved_and_deleted(fair, owner):
    post(owner, NEW, rev=4, act="add:", **{"new..title": "联系方式", "new..help": "便于通知"})
    assert form_of(owner)["sections"][1] == {"title": "联系方式", "help": "便于通知", "fields": []}
    page = owner.get(f"{PREVIEW}/fair.json").text
    assert "展会名称" in page  # a section without fields does not stand in the way of the preview
    add(owner, 5, "1", name="phone", label="联系电话", type="phone")
    typed = {"f.1.title": "二、联系方式", "f.1.help": "", "f.1.clause": "十", "f.1.show_when": "fair_name != null"}
    post(owner, NEW, rev=6, act="save", **typed)
    section = form_of(owner)["sections"][1]
    assert {name: said for name, said in section.items() if name != "fields"} == {
        "title": "二、联系方式",
        "clause": "十",
        "show_when": "fair_name != null",
    }
    assert "二、联系方式" in owner.get(f"{PREVIEW}/fair.json").text
    post(owner, NEW, rev=7, act="up:1")
    assert fields_of(owner) == [["phone"], ["fair_name", "firms"]]


def test_a_section_with_fields_is_deleted_only_after_a_question(fair, owner):
    post(owner, NEW, rev=4, act="add:", **{"new..title": "联系方式"})
    page = post(owner, NEW, rev=5, act="remove:0", **{"f.0.0.label": "展会全称"}).text
    assert "这一节还有2个字段。连同字段一起删除" in page
    assert 'value="remove_all:0"' in page
    assert 'value="展会全称"' in page  # typed meanwhile, and still there
    assert fields_of(owner) == [["fair_name", "firms"], []]
    post(owner, NEW, rev=5, act="remove_all:0")
    assert fields_of(owner) == [[]]
    assert "表单至少要有一节" in post(owner, NEW, rev=6, act="remove:0").text
    post(owner, NEW, rev=6, act="add:", **{"new..title": "其他"})
    post(owner, NEW, rev=7, act="remove:0")  # an empty one needs no question
    assert [each["title"] for each in form_of(owner)["sections"]] == ["其他"]


def test_a_field_goes_to_another_section(fair, owner):
    post(owner, NEW, rev=4, act="add:", **{"new..title": "联系方式"})
    moved = post(owner, NEW, rev=5, act="into:0.0", **{"into.0.0": "1"})
    assert moved.location.endswith("?at=1.0#at-1.0")
    assert fields_of(owner) == [["firms"], ["fair_name"]]
    page = post(owner, NEW, rev=6, act="into:0.0", **{"into.0.0": ""}).text
    assert "请选择移到哪一节" in page


def test_columns_of_rows_are_added_changed_moved_and_deleted(fair, owner):
    assert form_of(owner)["sections"][0]["fields"][1]["columns"] == [
        {"name": "qi_ye_ming_cheng", "type": "text", "label": "企业名称"}
    ]
    add(owner, 4, "0.1", name="booth", label="展位", type="choice", options="标准\n特装")
    typed = {"f.0.1.0.label": "企业全称", "f.0.1.0.help": "与营业执照一致", "f.0.1.0.max": "60", "f.0.1.0.unit": "家"}
    boxes = {"f.0.1.0.boxes": "required", "f.0.1.0.required": "on"}
    post(owner, NEW, rev=5, act="down:0.1.0", **typed, **boxes)
    assert form_of(owner)["sections"][0]["fields"][1]["columns"] == [
        {
            "name": "booth",
            "type": "choice",
            "label": "展位",
            "options": [{"code": "booth_1", "label": "标准"}, {"code": "booth_2", "label": "特装"}],
        },
        {
            "name": "qi_ye_ming_cheng",
            "type": "text",
            "label": "企业全称",
            "help": "与营业执照一致",
            "max": 60,
            "unit": "家",
            "required": True,
        },
    ]
    assert "企业全称" in owner.get(f"{PREVIEW}/fair.json").text
    post(owner, NEW, rev=6, act="remove:0.1.0")
    assert "多行表至少要有一列" in post(owner, NEW, rev=7, act="remove:0.1.0").text
    assert [each["name"] for each in form_of(owner)["sections"][0]["fields"][1]["columns"]] == ["qi_ye_ming_cheng"]


def test_what_stands_in_each_year_is_changed_and_its_lists_have_columns(owner):
    form = form_of(owner, INFORMATION)
    spots = {
        each["name"]: (f"{s}.{f}", each)
        for s, part in enumerate(form["sections"])
        for f, each in enumerate(part["fields"])
    }
    output, _field = spots["gross_output"]
    names, held = next((at, each) for at, each in spots.values() if each["type"] == "years" and "columns" in each["of"])
    post(owner, INFORMATION, rev=1, act="save", **{f"f.{output}.0.places": "2", f"f.{output}.0.unit": "万元"})
    add(owner, 2, f"{names}.0", INFORMATION, name="since", label="成立日期", type="date")
    form = form_of(owner, INFORMATION)
    of = {each["name"]: each.get("of", {}) for part in form["sections"] for each in part["fields"]}
    assert (of["gross_output"]["places"], of["gross_output"]["unit"]) == (2, "万元")
    assert of[held["name"]]["columns"][-1] == {"name": "since", "type": "date", "label": "成立日期"}
    assert "成立日期" in owner.get(f"{PREVIEW}/information.json").text


def test_values_of_three_years_are_added_with_what_each_year_holds(fair, owner):
    add(owner, 4, "0", name="sales", label="成交额", type="years", **{"column.type": "decimal"})
    assert form_of(owner)["sections"][0]["fields"][2] == {
        "name": "sales",
        "type": "years",
        "label": "成交额",
        "of": {"type": "decimal"},
    }
    assert "成交额" in owner.get(f"{PREVIEW}/fair.json").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "Fair", "label": "展会", "type": "text"}, "“Fair”不能作编号：以小写字母开头"),
        ({"name": "x" * 41, "label": "展会", "type": "text"}, "不能作编号"),
        ({"name": "year", "label": "展会", "type": "text"}, "“year”由程序使用"),
        ({"name": "fair_name", "label": "展会", "type": "text"}, "编号“fair_name”已用于“展会名称”"),
        ({"name": "hall", "label": "", "type": "text"}, "请填写名称，即填表人看到的文字"),
        ({"name": "hall", "label": "展馆", "type": "choice", "options": " \n"}, "至少写一个选项，每行一个"),
        ({"name": "hall", "label": "展馆", "type": "choices"}, "至少写一个选项，每行一个"),
        ({"name": "hall", "label": "展馆", "type": "oops"}, "请选择类型"),
        ({"name": "hall", "label": "展馆", "type": "rows"}, "请填写名称，即填表人看到的文字"),
        ({"name": "hall", "label": "展馆", "type": "rows", "column.label": "x", "column.type": "files"}, "请选择类型"),
        ({"name": "hall", "label": "展馆", "type": "years", "column.type": "region"}, "请选择类型"),
        ({"name": "hall", "label": "展馆", "type": "half"}, "请填写满分：大于零，按半分计"),
        ({"name": "hall", "label": "展馆", "type": "half", "max": "0"}, "请填写满分"),
        ({"name": "hall", "label": "展馆", "type": "half", "max": "9.7"}, "请填写满分"),
        ({"name": "hall", "label": "展馆", "type": "computed", "formula": " "}, "请填写公式，例如a + b"),
        ({"name": "hall", "label": "展馆", "type": "computed", "formula": "area +"}, "读不懂"),
        ({"name": "hall", "label": "展馆", "type": "computed", "formula": "__import__('os')"}, "读不懂"),
        ({"name": "hall", "label": "展馆", "type": "computed", "formula": "hall * 2"}, "“hall”不是可用的字段编号"),
    ],
)
def test_what_cannot_be_added_is_said_at_its_input_and_everything_typed_stays(fair, owner, typed, said):
    before = form_of(owner)
    typed = {"column.label": "", "column.type": "text", **typed}
    page = add(owner, 4, "0", **typed).text
    assert said in page.split("error-summary")[1].split("</div>")[0]
    place = next(name for name in Inputs(page).typed if f'id="p-{name}"' in page)
    assert f'aria-describedby="p-{place}"' in page
    sent = Inputs(page).typed
    assert {name: sent[f"new.0.{name}"] for name in ("name", "label")} == {
        name: typed[name] for name in ("name", "label")
    }
    assert form_of(owner) == before


def test_marks_and_what_is_reckoned_from_them_are_added_and_the_formula_is_worked_through(fair, owner):
    add(owner, 4, "0", name="plan", label="方案", type="half", max="40")
    add(owner, 5, "0", name="team", label="队伍", type="half", max="12.5")
    offered = html.unescape(owner.get(NEW).text)
    assert "用 + - * / 和括号计算这些字段（写编号）：plan 方案、team 队伍。" in offered
    add(owner, 6, "0", name="score", label="得分", type="computed", formula="(plan + team) * 2")
    page = html.unescape(owner.get(NEW).text)
    assert "必须改正" not in page.split("逐项修改")[1]
    assert "plan 方案 = 40，team 队伍 = 12.5 → 得分 = <b>105.00</b>" in page
    assert form_of(owner)["sections"][0]["fields"][2:] == [
        {"name": "plan", "type": "half", "label": "方案", "max": 40},
        {"name": "team", "type": "half", "label": "队伍", "max": 12.5},
        {"name": "score", "type": "computed", "label": "得分", "formula": "(plan + team) * 2"},
    ]


def test_a_column_is_reckoned_from_the_columns_beside_it(fair, owner):
    add(owner, 4, "0.1", name="seats", label="展位", type="integer")
    page = add(owner, 5, "0.1", name="cost", label="费用", type="computed", formula="fair_name * 2").text
    assert "“fair_name”不是可用的字段编号" in page
    add(owner, 5, "0.1", name="cost", label="费用", type="computed", formula="seats * 800")
    assert "必须改正" not in owner.get(NEW).text.split("逐项修改")[1]
    assert form_of(owner)["sections"][0]["fields"][1]["columns"][-1]["formula"] == "seats * 800"


def test_one_name_stands_once_in_a_form_and_once_in_its_rows(fair, owner):
    post(owner, NEW, rev=4, act="add:", **{"new..title": "联系方式"})
    page = add(owner, 5, "1", name="firms", label="企业", type="text").text
    assert "编号“firms”已用于“参展企业”" in page
    page = add(owner, 5, "0.1", name="qi_ye_ming_cheng", label="企业", type="text").text
    assert "编号“qi_ye_ming_cheng”已用于“企业名称”" in page
    add(owner, 5, "0.1", name="fair_name", label="展会", type="text")  # a column is known within its rows
    assert "必须改正" not in owner.get(NEW).text.split("逐项修改")[1]
    add(owner, 6, "0.1", label="企业名称", type="text")  # the same label again: its name gets a number
    assert form_of(owner)["sections"][0]["fields"][1]["columns"][-1]["name"] == "qi_ye_ming_cheng_2"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"f.0.0.label": ""}, "请填写名称"),
        ({"f..title": " "}, "请填写标题"),
        ({"f.0.2.options": "\r\n"}, "至少写一个选项"),
        ({"new..help": "x", "new..title": "", "act": "add:"}, "请填写标题"),
    ],
)
def test_what_a_form_cannot_be_without_is_not_taken_away_in_silence(fair, owner, typed, said):
    add(owner, 4, "0", name="outcome", label="结论", type="choice", options="同意\n不同意")
    before = form_of(owner)
    page = post(owner, NEW, rev=5, **{"act": "save", "f.0.1.label": "参展单位", **typed}).text
    assert "没有保存，您填的都还在本页" in page
    assert said in page
    assert Inputs(page).typed["f.0.1.label"] == "参展单位"
    assert form_of(owner) == before


def test_what_was_typed_to_be_added_is_added_whichever_button_is_pressed(fair, owner):
    post(owner, NEW, rev=4, act="up:0.1", **{"new.0.label": "展馆", "new.0.type": "text", "new..title": "附件"})
    assert fields_of(owner) == [["firms", "fair_name", "zhan_guan"], []]
    page = owner.get(NEW).text
    first = page.split('action="/processes')[1].split("<button", 1)[1].split(">", 1)[0]
    assert 'value="save"' in first  # what Enter presses in any of the inputs


def test_what_a_diagram_may_read_is_ticked_and_a_field_that_is_deleted_is_no_longer_read(fair, owner):
    add(owner, 4, "0", name="outcome", label="结论", type="choice", options="同意\n不同意")
    post(owner, NEW, rev=5, act="save", **{"f.0.2.boxes": "required read", "f.0.2.read": "on"})
    assert form_of(owner)["scalars"] == ["outcome"]
    assert "f.0.1.read" not in owner.get(NEW).text  # rows are nothing that a diagram can decide by
    post(owner, NEW, rev=6, act="remove:0.2")
    assert form_of(owner)["scalars"] == []


def test_what_was_typed_stays_with_its_field_when_another_owner_has_moved_it(office, fair, owner):
    typed = Inputs(owner.get(NEW).text).typed
    other = enter(office, "xia.ning")
    assert post(other, NEW, rev=4, act="down:0.0").status_code == 303
    page = post(owner, NEW, **{**typed, "f.0.0.label": "展会全称", "act": "save"}).text
    assert "夏宁" in page
    sent = Inputs(page).typed
    assert (sent["f.0.1.label"], sent["f.0.0.label"]) == ("展会全称", "参展企业")
    assert fields_of(owner) == [["firms", "fair_name"]]


def test_a_part_that_is_gone_is_said(fair, owner):
    for act in ("remove:0.9", "add:7", "up:", "into:0.9"):
        assert "这一处已不在表单里" in post(owner, NEW, rev=4, act=act).text


@pytest.mark.parametrize(
    "text", ['{"sections": 5}', '{"sections": [{"fields": [7]}]}', '{"sections": [{"fields": {}}]}']
)
def test_a_file_that_has_not_the_shape_of_a_form_is_shown_as_text(owner, text):
    post(owner, INFORMATION, rev=1, text=text)
    page = owner.get(INFORMATION)
    assert page.status_code == 200
    assert "按文本修改" in page.text
    assert "逐项修改" not in page.text
    assert post(owner, INFORMATION, rev=2, act="up:0").status_code == 303


ODD_FORM = {
    "title": "登记",
    "sections": [
        {
            "title": "基本情况",
            "fields": [
                {"name": "area", "type": "decimal", "label": "面积", "max": 5},
                {"name": "cost", "type": "computed", "label": "费用", "formula": "area * 2", "places": 1},
                {"name": "firms", "type": "rows", "label": "企业", "columns": [{"name": "n", "type": "text"}]},
                {"name": "value", "type": "years", "label": "产值", "of": {"type": "decimal"}},
                {"name": "kind", "type": "choice", "label": "类别", "options": [{"code": "a", "label": "甲"}]},
            ],
        }
    ],
    "scalars": ["area"],
}


def test_no_odd_value_in_a_pasted_form_shuts_its_owner_out(owner):
    """Wherever something stands that a form cannot have there, its page opens, so that it can be put right."""
    post(owner, FORMS, rev=1, title="登记", name="fair")
    for rev, (at, odd) in enumerate(product(places_in(ODD_FORM), (None, True, 1.5, ["x"], {"k": 1})), start=2):
        changed = post(owner, NEW, rev=rev, text=orjson.dumps(with_value(ODD_FORM, at, odd)).decode())
        assert changed.status_code == 303, (at, odd)
        pages = [owner.get(NEW), owner.get(f"{PREVIEW}/fair.json")]
        assert {page.status_code for page in pages} <= {200, 422}, (at, odd)


def places_in(held, at=()):
    """The address of everything in a form, by keys and places."""
    inside = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places_in(value, (*at, key))


def with_value(held, at, value):
    """A copy with this value at an address."""
    if not at:
        return value
    copy = held.copy()
    copy[at[0]] = with_value(held[at[0]], at[1:], value)
    return copy


def test_every_form_of_a_process_goes_through_the_page_without_a_change(owner):
    listed = owner.get(PARTS).text
    paths = sorted({each.split('"')[0] for each in listed.split(f'href="{PARTS}/')[1:] if each.startswith("forms/")})
    assert len(paths) > 10
    for rev, path in enumerate(paths, 1):
        before, page = form_of(owner, f"{PARTS}/{path}"), owner.get(f"{PARTS}/{path}").text
        typed = {name: text for name, text in Inputs(page).typed.items() if name != "csrf"}
        assert post(owner, f"{PARTS}/{path}", **{**typed, "rev": rev, "act": "save"}).status_code == 303
        assert form_of(owner, f"{PARTS}/{path}") == before, path


def test_the_page_of_a_form_is_there_in_english(fair, owner):
    owner.set_cookie("jidi-language", "en")
    page = add(owner, 4, "0", name="fair_name", label="", type="text").text
    assert "belongs to “展会名称” already" in page
    assert "Nothing was saved, and all you typed is still here" in page
    for words in ("Add a section", "Add a column", "The diagram may decide by it", "Delete this form"):
        assert words in page


SCORES = "/processes/expert_review/draft/parts/forms/score-sheet.json"


def test_a_computed_field_shows_its_formula_reckoned_once(owner):
    begin(owner, "expert_review")
    page = html.unescape(owner.get(SCORES).text)
    worked = page[page.index("算例：") :].partition("</p>")[0]
    form = form_of(owner, SCORES)
    limits = [each["max"] for section in form["sections"] for each in section["fields"] if each["name"] in CRITERIA]
    expected = sum(min(sample, most) for sample, most in zip((80, 100, 20, 50, 80), limits, strict=True))
    assert f"<b>{expected}" in worked
    assert "c1 评分 = 25，" in worked


@pytest.mark.parametrize(("formula", "said"), [("c1 / (c2 - c2)", "算不出"), ("c1 +", None)])
def test_a_formula_that_gives_nothing_says_so_and_one_that_is_none_has_no_example(owner, formula, said):
    begin(owner, "expert_review")
    form = form_of(owner, SCORES)
    at = next(
        f"{s}.{n}"
        for s, section in enumerate(form["sections"])
        for n, each in enumerate(section["fields"])
        if each["type"] == "computed"
    )
    post(owner, SCORES, rev=1, act="save", **{f"f.{at}.formula": formula})
    page = html.unescape(owner.get(SCORES).text)
    assert (said in page) if said else ("算例：" not in page)
