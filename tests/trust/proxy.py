"""A link to PostgreSQL that breaks: every other reply to a COMMIT is lost with the connection."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.trust.stores import Say, begun, ended

SOCKET = ".s.PGSQL.5432"
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"


class Proxy:
    """Carries bytes between clients and the server, and counts the commits."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._commits = 0

    async def serve(self, folder: str, say: Say) -> None:
        """Listen in this folder until the process is killed."""
        async with await asyncio.start_unix_server(self._carry, f"{folder}/{SOCKET}") as listening:
            say("listening")
            await listening.serve_forever()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        replies, asking = await asyncio.open_unix_connection(f"{self._server}/{SOCKET}")
        there = asyncio.create_task(self._pump(reader, asking))
        await self._pump(replies, writer, cut=True)
        there.cancel()
        for end in (writer, asking):
            end.close()

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, cut: bool = False) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(65536):
                if cut and COMMITTED in piece:
                    self._commits += 1
                    if self._commits % 2:
                        return
                target.write(piece)
                await target.drain()


@contextlib.contextmanager
def breaking(server: str, folder: Path) -> Iterator[str]:
    """A folder in which the server seems to listen."""
    folder.mkdir()

    def serve(say: Say) -> None:
        asyncio.run(Proxy(server).serve(str(folder), say))

    child, pipe = begun(serve)
    os.read(pipe, 20)  # it listens
    try:
        yield str(folder)
    finally:
        os.kill(child, signal.SIGKILL)
        ended(child, pipe)
