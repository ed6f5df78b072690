"""Files for tests, made here byte by byte: good ones, and those that attackers send."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

import pikepdf
from PIL import Image

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
RELATIONSHIPS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}" TargetMode="External"/></Relationships>'
)


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return packed.getvalue()


def docx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    types = TYPES.format(part="word/document.xml", kind="wordprocessingml.document")
    body = "<w:document><w:body><w:p><w:r><w:t>成都基地申报表</w:t></w:r></w:p></w:body></w:document>"
    return archive({"[Content_Types].xml": types, "word/document.xml": body, **(more or {})})


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    types = TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet")
    return archive({"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>", **(more or {})})


def pdf(change=None) -> bytes:
    paper = pikepdf.new()
    paper.add_blank_page()
    if change:
        change(paper)
    written = io.BytesIO()
    paper.save(written, deterministic_id=True)
    return written.getvalue()


def pdf_with_action(**action) -> bytes:  # noqa: ANN003
    def add(paper):
        paper.Root.OpenAction = paper.make_indirect(pikepdf.Dictionary(**action))

    return pdf(add)


def pdf_with_script_in_an_object_stream() -> bytes:
    paper = pikepdf.new()
    paper.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    paper.Root.Names = paper.make_indirect(pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", action])))
    written = io.BytesIO()
    paper.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def pdf_with_attachment() -> bytes:
    def add(paper):
        paper.attachments["x.exe"] = b"MZ"

    return pdf(add)


def pdf_with_password(owner: str, user: str) -> bytes:
    paper = pikepdf.new()
    paper.add_blank_page()
    written = io.BytesIO()
    paper.save(written, encryption=pikepdf.Encryption(owner=owner, user=user))
    return written.getvalue()


def pdf_bomb(megabytes: int) -> bytes:
    """An object stream that unpacks to many times its size."""
    packed = zlib.compress(b"1 0 << /A 1 >>" + b" " * (megabytes << 20), 9)
    written = b"%PDF-1.5\n"
    offsets = {}
    for number, body in (
        (2, b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)),
        (3, b"<< /Type /Catalog /Pages 4 0 R /X 1 0 R >>"),
        (4, b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>"),
        (6, b"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 9 9] >>"),
    ):
        offsets[number] = len(written)
        stream = packed + b"\nendstream" if number == 2 else b""
        written += b"%d 0 obj\n" % number + body + stream + b"\nendobj\n"
    start = len(written)
    rows = [(0, 0, 65535), (2, 2, 0), (1, offsets[2], 0), (1, offsets[3], 0), (1, offsets[4], 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in [*rows, (1, offsets[6], 0)])
    head = b"5 0 obj\n<< /Type /XRef /Size 7 /W [1 4 2] /Root 3 0 R /Length %d >>\nstream\n" % len(table)
    return written + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def png(width: int = 4, height: int = 4) -> bytes:
    written = io.BytesIO()
    Image.new("1", (width, height)).save(written, "PNG")
    return written.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are an enormous image."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    written = io.BytesIO()
    Image.new("L", (4, 4)).save(written, "JPEG")
    return written.getvalue()


def lying_docx() -> bytes:
    """Its directory says one kilobyte where thirty megabytes are packed."""
    honest = docx({"word/big.xml": b" " * (30 << 20)})
    lie = bytearray(honest)
    at = honest.rfind(b"PK\x01\x02", 0, honest.rfind(b"word/big.xml"))
    lie[at + 24 : at + 28] = struct.pack("<I", 1024)
    return bytes(lie)


def encrypted_docx() -> bytes:
    """The directory's flag alone says that the parts are encrypted."""
    honest = bytearray(docx())
    at = 0
    while (at := honest.find(b"PK\x01\x02", at)) >= 0:
        honest[at + 8] |= 1
        at += 4
    return bytes(honest)
