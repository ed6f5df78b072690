"""A scanner of malware that the house may be given: clamd, asked about every upload before it is anybody's file.

Without one nothing is scanned, and nothing says that it was. One that does not answer lets nothing through.
"""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from ground.files.refusals import Malware, Unscanned

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 120.0
CHUNK = 1 << 16
LONGEST_ANSWER = 4096
CLEAN, FOUND = b"OK", b"FOUND"


def look(path: Path, scanner: str) -> None:
    """Ask the scanner at `tcp://host:port` or `unix:///socket`: Malware for what it knows, Unscanned without a word."""
    try:
        answer = _asked(path, scanner)
    except OSError as failure:
        raise Unscanned(reason=type(failure).__name__) from None
    said = answer.strip(b"\0\n ").rpartition(b" ")[2]
    if said == FOUND:
        raise Malware
    if said != CLEAN:
        raise Unscanned(reason="no_verdict")


def _asked(path: Path, scanner: str) -> bytes:
    with _connected(scanner) as line, path.open("rb") as source:
        line.sendall(b"zINSTREAM\0")
        while chunk := source.read(CHUNK):
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while len(answer) < LONGEST_ANSWER and (piece := line.recv(LONGEST_ANSWER)):
            answer += piece
        return answer


def _connected(scanner: str) -> socket.socket:
    at = urlsplit(scanner)
    if at.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        try:
            line.connect(at.path)
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection((at.hostname or "", at.port or 0), CONNECT_SECONDS)
    line.settimeout(ANSWER_SECONDS)
    return line
