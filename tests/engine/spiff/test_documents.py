"""XML from outside: what is read, what is refused by name, and how fast."""

import socket
import time
import tracemalloc

import pytest

from engine.spiff import documents
from engine.spiff.documents import DocumentRefused

MARK = "root:x:0:0"
PLAIN = "<a><b n='基地'/></a>"


def laughs() -> str:
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l0;" * 9 * (n > 0)}">' for n in range(12)
    )
    return f"<!DOCTYPE a [{entities}]><a>&l11;</a>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml.dtd_forbidden", id="attack[010]"
        ),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]><a/>', "xml.dtd_forbidden", id="attack[011]"
        ),
        pytest.param(laughs(), "xml.dtd_forbidden", id="attack[012]-billion-laughs"),
        pytest.param(
            f'<!DOCTYPE a [<!ENTITY x "{"y" * 50_000}">]><a>{"&x;" * 5_000}</a>',
            "xml.dtd_forbidden",
            id="attack[012]-quadratic",
        ),
        pytest.param(
            '<?xml version="1.0"?>\n<!-- a --><?pi x?> <!DOCTYPE a><a/>', "xml.dtd_forbidden", id="attack[010]-later"
        ),
        pytest.param("\ufeff<!DOCTYPE a><a/>", "xml.dtd_forbidden", id="attack[010]-behind-a-mark"),
        pytest.param("<a>" * 300 + "</a>" * 300, "xml.too_deep", id="attack[013]-300-levels"),
        pytest.param("<a>" * 101 + "</a>" * 101, "xml.too_deep", id="attack[013]-101-levels"),
        pytest.param("<a>" + "x" * 1_000_000 + "</a>", "xml.too_large", id="attack[013]-1-megabyte"),
        pytest.param(
            "<a " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>", "xml.too_many", id="attack[013]-attributes"
        ),
        pytest.param("<a>" + "<b/>" * 50_000 + "</a>", "xml.too_many", id="attack[013]-elements"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "xml.encoding", id="attack[015]-png"),
        pytest.param(b"", "xml.malformed", id="attack[015]-empty"),
        pytest.param(b" \n ", "xml.malformed", id="attack[015]-blank"),
        pytest.param(b"<a>\0</a>", "xml.malformed", id="attack[015]-nul"),
        pytest.param(b"+/v8APABhAD4-", "xml.encoding", id="attack[015]-utf-7-by-mark"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-7"?><a/>', "xml.encoding", id="attack[015]-utf-7-by-name"),
        pytest.param(b'<?xml version="1.0" encoding="ebcdic-cp-us"?><a/>', "xml.encoding", id="attack[015]-ebcdic"),
        pytest.param(PLAIN.encode("utf-32"), "xml.encoding", id="attack[015]-utf-32"),
        pytest.param(PLAIN.encode("gb18030"), "xml.encoding", id="attack[015]-not-what-it-says"),
        pytest.param("<a><b></a>", "xml.malformed", id="attack[015]-not-closed"),
        pytest.param("<a>&unknown;</a>", "xml.malformed", id="attack[015]-unknown-entity"),
        pytest.param("<a/><b/>", "xml.malformed", id="attack[015]-two-roots"),
    ],
)
def test_hostile_xml_is_refused_by_name(body: str | bytes, code: str):
    raw = body if isinstance(body, bytes) else body.encode()
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(DocumentRefused) as refused:
        documents.parse(raw)
    took = time.process_time() - began
    grown = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == code
    assert refused.value.status == (413 if code == "xml.too_large" else 422)
    assert took < 1.0  # a tenth of it without the measuring of memory
    assert grown < 40_000_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(PLAIN.encode(), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN.encode(), id="utf-8-mark"),
        pytest.param(PLAIN.encode("utf-16"), id="attack[015]-utf-16"),
        pytest.param(
            f'<?xml version="1.0" encoding="UTF-16"?>{PLAIN}'.encode("utf-16"), id="attack[015]-utf-16-declared"
        ),
        pytest.param(b"\xfe\xff" + PLAIN.encode("utf-16-be"), id="attack[015]-utf-16-big-end"),
        pytest.param(f'<?xml version="1.0" encoding="GB18030"?>{PLAIN}'.encode("gb18030"), id="attack[015]-gb18030"),
        pytest.param(f"<?xml version='1.0' encoding='GBK'?>\n{PLAIN}".encode("gbk"), id="attack[015]-gbk"),
    ],
)
def test_chinese_names_are_the_same_in_every_encoding_that_is_read(body: bytes):
    root = documents.parse(body)
    assert root[0].get("n") == "基地"
    assert "基地" in documents.read(body)


def test_nothing_is_fetched_and_no_file_is_read(monkeypatch: pytest.MonkeyPatch):
    def forbidden(*_given: object, **_named: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    text = (
        '<a xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"'
        ' x:schemaLocation="urn:x http://127.0.0.1:9/x.xsd"><xi:include href="file:///etc/passwd" parse="text"/></a>'
    )
    root = documents.parse(text.encode())
    assert MARK not in "".join(root.itertext())


def test_lines_are_those_of_the_file():
    root = documents.parse(b'<?xml version="1.0"\n encoding="UTF-8"?>\n<a>\n<b/></a>')
    assert [root.sourceline, root[0].sourceline] == [3, 4]
