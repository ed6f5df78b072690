"""A scanner of malware: what it knows is not kept, and without its word nothing is called clean."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator

import pytest

from ground import files
from ground.files import scanning
from ground.files.refusals import Malware, Unscanned
from tests.ground import papers

# The test file that every scanner knows, in pieces, so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"


class Clamd:
    """What a clamd says of a stream, over its own protocol; `answer` in place of a verdict, or nothing at all."""

    def __init__(self) -> None:
        self.answer: bytes | None = None
        self.sizes: list[int] = []
        self.line = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.line.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                asked, _from = self.line.accept()
            except OSError:
                return
            with asked, asked.makefile("rb") as read:
                assert read.read(10) == b"zINSTREAM\0"
                body = b""
                while size := struct.unpack("!I", read.read(4))[0]:
                    body += read.read(size)
                self.sizes.append(len(body))
                asked.sendall(self._verdict(body) if self.answer is None else self.answer)

    def _verdict(self, body: bytes) -> bytes:
        inside = [body]
        if zipfile.is_zipfile(io.BytesIO(body)):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                inside += [archive.read(name) for name in archive.namelist()]
        found = any(EICAR in each for each in inside)
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if found else b"stream: OK\0"


@pytest.fixture
def clamd(tmp_path) -> Iterator[Clamd]:
    """A house whose uploads are scanned."""
    found = Clamd()
    files.keep_in(tmp_path / "files", scanner=found.address)
    yield found
    found.line.close()
    files.keep_in(tmp_path / "files")
    files._folder.clear()


def receive(content: bytes, name: str = "总结.docx"):
    return files.receive(io.BytesIO(content), name)


def kept(tmp_path) -> list[str]:
    return [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_what_the_scanner_passes_is_kept_and_it_has_seen_every_byte(clamd, tmp_path):
    content = papers.docx()
    received = receive(content)
    assert kept(tmp_path) == [received.sha256]
    assert clamd.sizes == [len(content)]


def test_attack_48_what_the_scanner_knows_is_refused_and_leaves_no_trace(clamd, tmp_path):
    with pytest.raises(Malware) as no:
        receive(papers.docx({"word/media/readme.txt": EICAR}))
    assert (no.value.code, no.value.status) == ("file.malware", 422)
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: NOT OKAY\0", b"\0", b"x" * 10_000]
)
def test_attack_48_without_a_verdict_nothing_is_taken_for_clean(clamd, tmp_path, answer):
    clamd.answer = answer
    with pytest.raises(Unscanned) as no:
        receive(papers.docx())
    assert (no.value.code, no.value.status) == ("file.unscanned", 503)
    assert kept(tmp_path) == []


def test_attack_48_a_scanner_that_is_down_or_hangs_lets_nothing_through(clamd, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        files.keep_in(tmp_path / "files", scanner=f"tcp://127.0.0.1:{gone.getsockname()[1]}")
    with pytest.raises(Unscanned):
        receive(papers.docx())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.2)
        files.keep_in(tmp_path / "files", scanner=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unscanned):
            receive(papers.docx())
    files.keep_in(tmp_path / "files", scanner=f"unix://{tmp_path}/nobody.ctl")
    with pytest.raises(Unscanned):
        receive(papers.docx())
    assert kept(tmp_path) == []


def test_attack_48_a_bare_test_file_is_no_paper_at_all(clamd, tmp_path):
    with pytest.raises(files.refusals.TypeMismatch):
        receive(EICAR, "申报表.pdf")
    assert clamd.sizes == []
    assert kept(tmp_path) == []
