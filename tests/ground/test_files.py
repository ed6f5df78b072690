"""Files: what is kept, what is refused by which name, and that nothing refused leaves a trace."""

import errno
import hashlib
import io
import os
import time
from datetime import timedelta

import pikepdf
import pytest
from sqlalchemy import func, select

from ground import clock, files, people
from ground.database import StorageFull
from ground.errors import Missing, Refused
from ground.files import File, names
from tests import effort
from tests.ground import papers

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.keep_in(tmp_path / "files")
    yield tmp_path / "files"
    files._folder.clear()


def receive(content: bytes, name: str):
    return files.receive(io.BytesIO(content), name)


def kept(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (papers.pdf(), "申报表.pdf", "application/pdf"),
        (papers.png(), "公章.PNG", "image/png"),
        (papers.jpeg(), "现场.jpg", "image/jpeg"),
        (papers.jpeg(), "现场.jpeg", "image/jpeg"),
        (papers.docx(), "总结.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (papers.xlsx(), "统计表.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_papers_images_and_office_documents_are_kept_under_their_hash(folder, content, name, media_type):
    received = receive(content, name)
    assert (received.media_type, received.name, received.size) == (media_type, name, len(content))
    digest = hashlib.sha256(content).hexdigest()
    assert received.sha256 == digest
    assert (folder / digest[:2] / digest[2:4] / digest).read_bytes() == content
    assert kept(folder) == [digest]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        pytest.param(HTML, "申报表.pdf", "file.type_mismatch", id="attack[033]"),
        pytest.param(papers.png(), "申报表.pdf", "file.type_mismatch", id="attack[033] png"),
        pytest.param(papers.docx(), "统计表.xlsx", "file.type_mismatch", id="attack[033] docx as xlsx"),
        pytest.param(HTML, "x.html", "file.type_not_allowed", id="html"),
        pytest.param(b"plain", "x.txt", "file.type_not_allowed", id="text"),
        pytest.param(papers.archive({"a.txt": "a"}), "x.zip", "file.type_not_allowed", id="zip"),
        pytest.param(papers.docx({"word/vbaProject.bin": b"x"}), "x.docx", "file.active_content", id="attack[035] vba"),
        pytest.param(
            papers.docx({"word/vbaProject.bin": b"x"}), "x.docm", "file.active_content", id="attack[035] docm"
        ),
        pytest.param(
            papers.docx({"word/embeddings/oleObject1.bin": OLE}), "x.docx", "file.active_content", id="attack[035] ole"
        ),
        pytest.param(papers.docx({"word/media/a.wmf": OLE}), "x.docx", "file.active_content", id="attack[035] hidden"),
        pytest.param(OLE + b"\0" * 600, "x.doc", "file.active_content", id="attack[035] doc"),
        pytest.param(
            OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "x.docx", "file.encrypted", id="password docx"
        ),
        pytest.param(papers.xlsx({"xl/macrosheets/s.xml": "<a/>"}), "x.xlsx", "file.active_content", id="xlm"),
        pytest.param(
            papers.docx({"x.zip": papers.archive({"a": papers.archive({"b": "b"})})}),
            "x.docx",
            "file.active_content",
            id="attack[039] nested",
        ),
        pytest.param(
            papers.archive({f"p{n}.xml": "" for n in range(10_000)}),
            "x.docx",
            "file.archive_too_large",
            id="attack[039] ten thousand parts",
        ),
        pytest.param(papers.encrypted_docx(), "x.docx", "file.encrypted", id="attack[039] encrypted"),
        pytest.param(papers.lying_docx(), "x.docx", "file.damaged", id="attack[038]"),
        pytest.param(papers.docx({"../evil.xml": "x"}), "x.docx", "file.damaged", id="path in archive"),
        pytest.param(papers.docx()[:-30], "x.docx", "file.damaged", id="cut archive"),
        pytest.param(
            papers.pdf_with_action(S=pikepdf.Name.JavaScript, JS="app.alert(1)"),
            "x.pdf",
            "file.active_content",
            id="attack[043] script",
        ),
        pytest.param(
            papers.pdf_with_action(S=pikepdf.Name.Launch, F="calc.exe"),
            "x.pdf",
            "file.active_content",
            id="attack[043] launch",
        ),
        pytest.param(papers.pdf_with_attachment(), "x.pdf", "file.active_content", id="attack[043] attachment"),
        pytest.param(
            papers.pdf_with_script_in_an_object_stream(), "x.pdf", "file.active_content", id="attack[043] packed"
        ),
        pytest.param(
            papers.pdf_with_action(S=pikepdf.Name.JavaScript, JS="x").replace(b"/JavaScript", b"/J#61vaScript"),
            "x.pdf",
            "file.active_content",
            id="attack[043] spelled",
        ),
        pytest.param(papers.pdf_with_password("a", "b"), "x.pdf", "file.encrypted", id="password pdf"),
        pytest.param(b"%PDF-1.7\nnothing of the kind", "x.pdf", "file.damaged", id="no pdf at all"),
        pytest.param(papers.png_that_claims(30_000, 30_000), "x.png", "file.image_too_large", id="attack[045]"),
        pytest.param(papers.png()[:20], "x.png", "file.damaged", id="cut image"),
        pytest.param(b"", "x.pdf", "file.empty", id="empty"),
    ],
)
def test_what_is_refused_is_refused_by_name_and_leaves_nothing(folder, content, name, code):
    with pytest.raises(Refused) as refusal:
        receive(content, name)
    assert refusal.value.code == code
    assert refusal.value.status == 422
    assert kept(folder) == []


@pytest.mark.parametrize(
    ("kind", "target", "refused"),
    [
        ("attachedTemplate", "http://evil.example/t.dotm", True),
        ("attachedTemplate", "//evil/share/t.dotm", True),
        ("attachedTemplate", r"\\evil\share\t.dotm", True),
        ("attachedTemplate", "file://evil/share/t.dotm", True),
        ("attachedTemplate", "file:///C:/Users/a/Normal.dotm", False),
        ("oleObject", "mhtml:http://evil.example/x", True),
        ("image", "https://evil.example/pixel.png", True),
        ("hyperlink", "https://www.mofcom.gov.cn/", False),
    ],
)
def test_a_document_may_link_by_click_but_fetch_nothing_when_opened(kind, target, refused):
    links = papers.RELATIONSHIPS.format(kind=kind, target=target)
    content = papers.docx({"word/_rels/document.xml.rels": links})
    if refused:
        with pytest.raises(Refused) as refusal:
            receive(content, "x.docx")
        assert refusal.value.code == "file.active_content"
    else:
        assert receive(content, "x.docx").size == len(content)


@pytest.mark.parametrize(
    ("links", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY e "x">]><Relationships/>', "file.damaged"),
        ("<Relationships>", "file.damaged"),
        ('<r:Relationship xmlns:r="x" TargetMode="&#69;xternal" Target="h&#116;tp://evil/"/>', "file.active_content"),
        ('<Relationship TargetMode="External" Target="http://evil/"/>'.encode("utf-16"), "file.active_content"),
    ],
)
def test_a_link_cannot_hide_in_how_it_is_written(links, code):
    with pytest.raises(Refused) as refusal:
        receive(papers.docx({"word/_rels/document.xml.rels": links}), "x.docx")
    assert refusal.value.code == code


def test_fields_and_links_that_start_a_program_are_refused_and_the_letters_dde_in_a_text_are_not():
    field = r'<w:instrText xml:space="preserve"> DDEAUTO c:\\cmd.exe "/k calc" </w:instrText>'
    link = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    for content, name in (
        (papers.docx({"word/header1.xml": field}), "x.docx"),
        (papers.docx({"word/header1.xml": field.encode("utf-16")}), "x.docx"),
        (papers.xlsx({"xl/externalLinks/externalLink1.xml": link}), "x.xlsx"),
    ):
        with pytest.raises(Refused) as refusal:
            receive(content, name)
        assert refusal.value.code == "file.active_content"
    assert receive(papers.docx({"word/header1.xml": "<w:t>DDE 残留检测</w:t>"}), "x.docx").size


def test_a_zip_bomb_is_refused_by_its_directory_alone_attack_037(folder):
    bomb = papers.docx({"word/media/a.bmp": b"\0" * (200 << 20)})
    assert len(bomb) < 220_000
    with effort.counted() as spent, pytest.raises(Refused) as refusal:
        receive(bomb, "x.docx")
    assert spent.calls < 1_000  # to unpack it would be some calls for each of its two hundred megabytes
    assert refusal.value.code == "file.archive_too_large"
    assert kept(folder) == []


def test_a_pdf_that_unpacks_without_end_is_refused_before_it_does(folder):
    bomb = papers.pdf_bomb(200)
    assert len(bomb) < 300_000
    started = time.process_time()
    with pytest.raises(Refused) as refusal:
        receive(bomb, "x.pdf")
    assert time.process_time() - started < 0.5
    assert refusal.value.code == "file.damaged"
    assert receive(papers.pdf_bomb(1), "x.pdf").media_type == "application/pdf"
    assert len(kept(folder)) == 1


def test_a_pdf_that_is_also_a_page_is_a_pdf_attack_034():
    polyglot = papers.pdf().replace(b"%PDF-1.3\n", b"%PDF-1.3\n%<script>alert(1)</script>\n") + HTML
    assert receive(polyglot, "x.pdf").media_type == "application/pdf"


def test_a_pdf_that_only_forbids_printing_is_kept():
    assert receive(papers.pdf_with_password("owner", ""), "x.pdf").size


def test_a_pdf_that_opens_at_a_page_is_kept():
    def add(paper):
        paper.Root.OpenAction = pikepdf.Array([paper.pages[0].obj, pikepdf.Name.Fit])

    assert receive(papers.pdf(add), "x.pdf").size


def test_a_file_beyond_the_limit_is_refused_while_it_comes_in_attack_046(folder):
    files.keep_in(folder, most_bytes=1_000_000)
    taken = []

    class Endless:
        def read(self, size):
            taken.append(size)
            return b"x" * size

    with pytest.raises(Refused) as refusal:
        files.receive(Endless(), "x.pdf")
    assert (refusal.value.code, refusal.value.status) == ("file.too_large", 413)
    assert sum(taken) < 1_200_000
    assert kept(folder) == []


def test_an_upload_that_breaks_off_leaves_nothing_attack_047(folder):
    class Broken:
        def __init__(self) -> None:
            self.parts = [papers.pdf()[:300]]

        def read(self, _size):
            if self.parts:
                return self.parts.pop()
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.receive(Broken(), "x.pdf")
    assert kept(folder) == []
    assert receive(papers.pdf(), "x.pdf").size


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
def test_a_full_or_broken_disk_is_named_and_leaves_nothing_attack_051(folder, monkeypatch, number):
    def fail(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFull) as refusal:
        receive(papers.pdf(), "x.pdf")
    assert (refusal.value.code, refusal.value.status) == ("storage.full", 503)
    monkeypatch.undo()
    assert kept(folder) == []
    assert receive(papers.pdf(), "x.pdf").size


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/cron.d/x", "x"),
        ("C:\\Users\\a\\申报表.pdf", "申报表.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("CON", "_CON"),
        ("con.pdf", "_con.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\r\nX: y.pdf", "aX_ y.pdf"),
        ('a<b>"c|d?*.pdf', "a_b__c_d__.pdf"),
        ("成都基地申报表.pdf", "成都基地申报表.pdf"),
        ("四川省“十四五”规划（送审稿）.pdf", "四川省“十四五”规划（送审稿）.pdf"),
        ("  ..  ", "file"),
        ("", "file"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("申" * 300, "申" * 120),
    ],
)
def test_a_name_is_cleaned_and_chinese_stays_attack_040_041(given, cleaned):
    assert names.clean(given) == cleaned


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("x.pdf.exe", "x.pdf.exe.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("报告v1.2", "报告v1.2.pdf"),
        ("申报表", "申报表.pdf"),
        ("CON", "_CON.pdf"),
        ("申" * 300, "申" * 116 + ".pdf"),
    ],
)
def test_a_name_ends_as_its_content_does_attack_040(given, shown):
    assert receive(papers.pdf(), given).name == shown


def test_a_stored_file_is_found_by_its_ref_and_read_back(session):
    by = people.Actor(people.add_person(session, "filler", "李敏", "Li Min"), "", "李敏", "Li Min", (), frozenset())
    stored = files.store(session, io.BytesIO(papers.pdf()), "申报表.pdf", by, clock.now())
    assert files.find(session, stored.ref) == stored
    assert files.named(session, [stored.ref, "nothing"]) == {stored.ref: stored}
    assert (stored.by_person, stored.name, len(stored.ref)) == (by.person, "申报表.pdf", 12)
    with files.open_file(stored) as file:
        assert file.read() == papers.pdf()
    with pytest.raises(Missing):
        files.find(session, "nothing")


def test_the_same_bytes_twice_are_two_files_and_one_place(session, folder):
    first = files.store(session, io.BytesIO(papers.png()), "a.png", people.SYSTEM, clock.now())
    second = files.store(session, io.BytesIO(papers.png()), "b.png", people.SYSTEM, clock.now())
    assert first.ref != second.ref
    assert len(kept(folder)) == 1


def test_a_form_takes_only_the_own_files_and_those_already_in_the_case_attack_049(session):
    mine, yours = (
        people.Actor(people.add_person(session, login, "某人", "Somebody"), "", "", "", (), frozenset())
        for login in ("mine", "yours")
    )
    own = files.store(session, io.BytesIO(papers.png()), "a.png", mine, clock.now())
    other = files.store(session, io.BytesIO(papers.png()), "b.png", yours, clock.now())
    files.check_usable(session, [], mine.person)
    files.check_usable(session, [own.ref], mine.person)
    files.check_usable(session, [own.ref, other.ref], mine.person, also=[other.ref])
    for refs in ([other.ref], [own.ref, "guess"]):
        with pytest.raises(Refused) as refusal:
            files.check_usable(session, refs, mine.person)
        assert refusal.value.code == "file.unknown"


def test_bytes_without_a_row_are_swept_away_after_a_day_and_others_never_attack_047(session, folder):
    stored = files.store(session, io.BytesIO(papers.png()), "a.png", people.SYSTEM, clock.now())
    orphan = receive(papers.jpeg(), "b.jpg")
    broken = folder / files.UNDER_WAY / "0123"
    broken.write_bytes(b"half")
    assert files.sweep(session) == 0
    long_ago = (clock.wall() - timedelta(days=2)).timestamp()
    for path in (files.path_of(stored.sha256), files.path_of(orphan.sha256), broken):
        os.utime(path, (long_ago, long_ago))
    assert files.sweep(session) == 2
    assert kept(folder) == [stored.sha256]


def test_bytes_that_come_again_while_a_sweep_looks_stay(session, folder, monkeypatch):
    orphan = receive(papers.jpeg(), "b.jpg")
    path = files.path_of(orphan.sha256)
    long_ago = (clock.wall() - timedelta(days=2)).timestamp()
    os.utime(path, (long_ago, long_ago))
    look = files._delete_if_still_old

    def late(found, before):
        receive(papers.jpeg(), "b.jpg")
        return look(found, before)

    monkeypatch.setattr(files, "_delete_if_still_old", late)
    assert files.sweep(session) == 0
    assert kept(folder) == [orphan.sha256]


def test_a_row_is_written_only_for_bytes_that_are_on_the_disk(session, monkeypatch):
    order = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("fsync"), real(handle)))
    received = receive(papers.png(), "a.png")
    assert order
    assert session.scalar(select(func.count()).select_from(File)) == 0
    files.record(session, received, people.SYSTEM, clock.now())
    assert session.scalar(select(func.count()).select_from(File)) == 1
