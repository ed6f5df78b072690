"""A document's pages: the sizes of GB/T 9704-2012, the same bytes for the same words, and words that stay words."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from docx import Document

from bases.documents import content, press, templates, word
from bases.documents.content import Attachment, Content, Table
from ground.files import contents

HOSTILE = (
    '#read("/etc/passwd")',
    '#eval("1+1") $x^2$ *bold* _it_ `raw` @ref <label> \\ // #import',
    "<link rel=attachment href=file:///etc/passwd><img src=http://127.0.0.1/x>",
    '=cmd|"/C calc"!A0 {{ 7*7 }} {year} {organ}',
    "]]></w:t></w:r><w:altChunk r:id='rId9'/>&xxe;",
    "javascript:alert(1)",
)
POINTS_PER_MM = 72 / 25.4


def notice(**changes: object) -> Content:
    whole = {
        "organ": "四川省商务厅",
        "title": "四川省商务厅关于认定2026年度四川省外贸转型升级基地的通知",
        "paragraphs": ("现通知如下：", "一、加强组织领导", "（一）完善机制", "落实到人。"),
        "main": "各市（州）商务主管部门",
        "copy": "省级有关部门（单位）",
        "number": "川商贸发〔2026〕15号",
        "attachments": (Attachment("名单", (), Table(("序号", "基地"), (("1", "筠连红茶基地"),))),),
        "dated_on": date(2026, 11, 23),
        "issued_on": date(2026, 11, 25),
        "note": "此件公开发布",
    }
    return Content(**{**whole, **changes})


def opened(body: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(body))


def xml_of(body: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return package.read(part).decode()


def test_a_page_is_a4_and_its_fonts_are_embedded():
    with opened(press.pdf(notice(), draft=False)) as paper:
        assert [round(float(side) / POINTS_PER_MM) for side in paper.pages[0].mediabox] == [0, 0, 210, 297]
        fonts = [each for each in paper.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
        assert fonts
        assert all({"/FontFile2", "/FontFile3", "/FontFile"} & set(each.keys()) for each in fonts)
        assert {str(each.FontName).split("+")[1].split("-")[0] for each in fonts} == {"NotoSerifSC"}


def test_a_word_file_has_the_margins_lines_and_faces_of_the_standard():
    body = word.docx(notice(), draft=False)
    text = xml_of(body, "word/document.xml")

    size = dict(re.findall(r'w:(\w+)="(\d+)"', re.search(r"<w:pgSz[^>]*>", text)[0]))
    margins = dict(re.findall(r'w:(\w+)="(\d+)"', re.search(r"<w:pgMar[^>]*>", text)[0]))
    twips = {name: round(int(value) / 1440 * 25.4) for name, value in {**size, **margins}.items()}
    assert (twips["w"], twips["h"]) == (210, 297)
    assert (twips["top"], twips["left"], twips["right"], twips["bottom"]) == (37, 28, 26, 35)
    assert 'w:linePitch="580"' in text
    for face in ("仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"):
        assert f'w:eastAsia="{face}"' in text


def test_the_same_words_give_the_same_bytes():
    assert press.pdf(notice(), draft=True) == press.pdf(notice(), draft=True)
    assert word.docx(notice(), draft=True) == word.docx(notice(), draft=True)
    assert content.digest(notice()) == content.digest(content.read(content.kept(notice())))
    assert content.digest(notice()) != content.digest(notice(note=""))


def test_a_draft_says_so_and_no_seal_is_drawn():
    draft, final = word.docx(notice(), draft=True), word.docx(notice(), draft=False)
    with zipfile.ZipFile(io.BytesIO(draft)) as package:
        headers = [package.read(name).decode() for name in package.namelist() if "header" in name]
    assert headers
    assert all("未用印" in header for header in headers)
    assert "未用印" not in xml_of(final, "word/document.xml")
    for body in (draft, final):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            assert not [name for name in package.namelist() if "media" in name]
    with opened(press.pdf(notice(), draft=True)) as marked, opened(press.pdf(notice(), draft=False)) as clean:
        assert not [each for each in (*marked.objects, *clean.objects) if _is_image(each)]
        assert len(marked.pages[0].Contents.read_bytes()) > len(clean.pages[0].Contents.read_bytes())


@pytest.mark.parametrize("text", HOSTILE)
def test_attack_97_words_stay_words_in_the_pdf(text, tmp_path):
    """B, F: nothing typed is markup, opens a file, starts a request or becomes a link."""
    whole = notice(title=text, paragraphs=(text,), attachments=(Attachment(text, (text,)),), copy=text)
    body = press.pdf(whole, draft=True)
    path = tmp_path / "a.pdf"
    path.write_bytes(body)

    assert contents.judge(path, "a.pdf").media_type == "application/pdf"
    with opened(body) as paper:
        assert not [each for each in paper.objects if isinstance(each, pikepdf.Dictionary) and "/URI" in each]
    assert b"root:" not in body


@pytest.mark.parametrize("text", HOSTILE)
def test_attack_97_words_stay_words_in_the_word_file(text, tmp_path):
    body = word.docx(notice(paragraphs=(text,)), draft=True)
    path = tmp_path / "a.docx"
    path.write_bytes(body)

    assert contents.judge(path, "a.docx").extensions == ("docx",)
    assert text in [paragraph.text for paragraph in Document(path).paragraphs]
    assert "<w:altChunk" not in xml_of(body, "word/document.xml")
    with zipfile.ZipFile(path) as package:
        links = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".rels"))
    assert 'TargetMode="External"' not in links


def test_attack_73_no_person_and_no_program_of_ours_stands_in_the_properties():
    facts = xml_of(word.docx(notice(), draft=False), "docProps/core.xml")
    assert "<dc:creator>四川省商务厅</dc:creator>" in facts
    assert "python" not in facts
    with opened(press.pdf(notice(), draft=False)) as paper:
        assert str(paper.docinfo["/Author"]) == "四川省商务厅"


@pytest.mark.parametrize(
    "changes",
    [
        {"paragraphs": ("长" * (content.MOST_CHARACTERS + 1),)},
        {"paragraphs": ("短",) * (content.MOST_PARAGRAPHS + 1)},
        {"attachments": (Attachment("名单", (), Table(("序号",), (("1",),) * (content.MOST_ROWS + 1))),)},
    ],
)
def test_attack_99_what_no_document_holds_is_refused_by_name(changes):
    with pytest.raises(content.TooLong):
        press.pdf(notice(**changes), draft=False)
    with pytest.raises(content.TooLong):
        word.docx(notice(**changes), draft=False)


def test_attack_99_a_setting_that_takes_too_long_is_ended():
    with pytest.raises(press.NotPrinted) as refused:
        press.pdf(notice(), draft=False, seconds=0.01)
    assert refused.value.detail["why"] == "time"


def test_without_fonts_it_says_so_and_not_that_the_setting_failed(monkeypatch, tmp_path):
    monkeypatch.setattr(press, "FONTS", Path(tmp_path))
    with pytest.raises(press.FontsMissing):
        press.pdf(notice(), draft=False)


def test_a_template_is_filled_once_and_reads_nothing_twice():
    """Attacks 31 and 32: braces that a person typed stay braces."""
    body = (
        '{"name": "函", "name_en": "Letter", "clause": "9", "series": "川商贸函", "signer": "prov_leader",'
        '"disclosure": "closed", "title": "关于{base}的函", "body": ["{reason}", "{empty}"], "fields": ['
        '{"name": "base", "label": "基地"}, {"name": "reason", "label": "理由"}, {"name": "empty", "label": "期限"}]}'
    )
    template = templates.load("letter", body.encode())

    whole = templates.filled(template, {"base": "{reason}", "reason": "{{ 7*7 }} {base} {0.__class__}"}, {})

    assert whole.title == "关于{reason}的函"
    assert whole.paragraphs == ("{{ 7*7 }} {base} {0.__class__}", "【期限】")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("{reason}", "{other}"), "undeclared"),
        (('"clause": "9"', '"clause": "99"'), "unknown"),
        (('"signer": "prov_leader"', '"signer": "root"'), "unknown"),
        (('"disclosure": "closed"', '"disclosure": "secret"'), "unknown"),
        (('"series": "川商贸函"', '"script": "x"'), "missing"),
        (('"body":', '"code": 1, "body":'), "unknown"),
        (('"fields": [', '"fields": [1, '), "wrong_shape"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_its_place(change, reason):
    body = (
        '{"name": "函", "name_en": "Letter", "clause": "9", "series": "川商贸函", "signer": "prov_leader",'
        '"disclosure": "closed", "title": "函", "body": ["{reason}"], "fields": ['
        '{"name": "reason", "label": "理由"}]}'
    )
    with pytest.raises(templates.BadTemplate) as refused:
        templates.load("letter", body.replace(*change).encode())
    assert refused.value.detail["reason"] == reason


def _is_image(each: object) -> bool:
    return isinstance(each, pikepdf.Stream) and each.stream_dict.get("/Subtype") == "/Image"


def test_a_letter_has_the_head_and_the_double_lines_of_the_standard_and_no_printer():
    """GB/T 9704-2012 §8.1: mark at 30 mm, red double lines, no page number on the first page, only 抄送 at the end."""
    letter = notice(layout=content.LETTER, urgency="加急")
    body = word.docx(letter, draft=False)
    text = xml_of(body, "word/document.xml")
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if re.search(r"header|footer", name)}

    head = next(part for part in parts.values() if "thickThinSmallGap" in part)
    assert ">四川省商务厅<" in head
    assert "文件" not in head
    assert round(int(re.search(r'w:header="(\d+)"', text)[1]) / 1440 * 25.4) == 30
    foot = next(part for part in parts.values() if "thinThickSmallGap" in part)
    assert "PAGE" not in foot
    assert round(int(re.search(r'w:framePr[^>]* w:y="(\d+)"', foot)[1]) / 1440 * 25.4) == 276
    assert "<w:titlePg" in text
    assert text.index("加急") < text.index("川商贸发〔2026〕15号") < text.index("现通知如下")
    assert "抄送：" in text
    assert "印发" not in text
    with opened(press.pdf(letter, draft=False)) as paper:
        assert len(paper.pages) == 2


def test_a_form_has_neither_a_red_head_nor_a_place_for_a_seal():
    """What a person signs by hand is no document of the Department."""
    form = notice(layout=content.FORM, copy="", note="")
    text = xml_of(word.docx(form, draft=True), "word/document.xml")

    assert "E60012" not in text
    assert "成文日期" not in text
    assert "印发" not in text
    assert press.pdf(form, draft=True) == press.pdf(form, draft=False)


def test_a_document_of_before_there_were_letters_keeps_its_digest():
    """An ordinary document says no layout: what was digested without one still fits."""
    assert "layout" not in content.kept(notice())
    assert content.kept(notice(layout=content.LETTER))["layout"] == "letter"
    assert content.read(content.kept(notice(layout=content.LETTER))).layout == "letter"
    assert content.digest(notice(layout=content.LETTER)) != content.digest(notice())
