"""The other files of a draft in the browser: a table as a grid, a form field by field, a text as it was typed."""

import orjson
import pytest

from tests.web.test_owner_desk import begin, enter, post

KEY = "designation-case"
TABLE = f"/processes/{KEY}/draft/parts/site-visit.dmn"
FORM = f"/processes/{KEY}/draft/parts/forms/city-review.json"


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
    assert "__import__" in owner.get(TABLE).text
    assert "alert-warning" in owner.get(TABLE).text


def test_a_field_is_added_moved_and_shown_by_the_renderer(owner):
    new = {"new.0.name": "extra", "new.0.label": "补充说明", "new.0.type": "prose"}
    post(owner, FORM, rev=1, act="add:0.", **new)
    page = owner.get(FORM).text
    assert page.count("补充说明") >= 2  # in the editor and in the preview
    fields = orjson.loads(text_of(owner, FORM).replace("&#34;", '"').replace("&gt;", ">"))["sections"][0]["fields"]
    post(owner, FORM, rev=2, act=f"up:0.{len(fields) - 1}")
    post(owner, FORM, rev=3, act=f"remove:0.{len(fields) - 2}")
    assert "补充说明" not in owner.get(FORM).text


def test_a_field_that_the_diagram_reads_says_so(owner):
    assert "在用：designation-case.bpmn" in owner.get(FORM).text


def test_text_that_is_no_json_stays_on_the_page_with_its_line(owner):
    page = post(owner, FORM, rev=1, text='{"title": "x",\n oops}').text
    assert "第2行" in page
    assert "oops" in page
    assert "oops" not in text_of(owner, FORM)


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
