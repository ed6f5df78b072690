"""Serving the house: granian in front, in each of its processes threads and an alarm clock; or a node without pages.

On SQLite one process serves and says so in its data folder; on PostgreSQL any number of processes and machines.
"""

import gc
import os
import signal
import socket
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from multiprocessing.util import Finalize

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from ground import database, occupancy, security, settings
from ground.errors import Refused
from ground.settings import Settings
from tasks.scheduler import Scheduler
from web import app, house
from web.door import assets

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)  # more than that only waits for the one writer


class Embedded(Refused):
    """A house on SQLite is one process, which serves and works; a node of its own needs PostgreSQL."""

    code = "house.embedded"


def run(_arguments: Namespace) -> int:
    """Serve for real, on a database that `jidi migrate` has laid."""
    if not has_bundles():
        return 1
    chosen = settings.read()
    house.ready(chosen)
    return serve(chosen)


def work(_arguments: Namespace) -> int:
    """A node without pages: it fires what is due and runs jobs, until it is asked to stop."""
    house.ready(settings.read())
    if database.current().is_sqlite:
        raise Embedded
    stop = threading.Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda _number, _frame: stop.set())
    end = _tick()
    print("已开始处理到期事项与后台任务。 Working; Ctrl-C stops after the step that is under way.", flush=True)
    stop.wait()
    end()
    return 0


def serve(chosen: Settings) -> int:
    """Answer requests until the process is asked to stop; 1 if the port is taken, Served if the data folder is."""
    return answer(chosen) if reserve(chosen) else 1


def reserve(chosen: Settings) -> bool:
    """Whether the port is free, which is said if not; the data folder of a house on SQLite is ours from now on."""
    if not _is_free(chosen):
        print(
            f"端口 {chosen.port} 已被占用。请先停止占用它的程序，或换一个端口：JIDI_PORT={chosen.port + 10}\n"
            f"Port {chosen.port} is taken; choose another one with JIDI_PORT.",
            file=sys.stderr,
        )
        return False
    if chosen.embedded:
        chosen.data.mkdir(parents=True, exist_ok=True)
        occupancy.occupy(chosen.data)
    return True


def answer(chosen: Settings) -> int:
    """Answer requests at what was reserved."""
    database.current().close()  # each process opens its own
    Granian(
        "web.commands.serving:build",
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=chosen.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level="warning",  # type: ignore[arg-type]  # granian takes the word as well as its enum
    ).serve()
    return 0


def has_bundles() -> bool:
    """Whether the pages have their bundles; if not, it says which command makes them."""
    try:
        assets.load(assets.FOLDER)
    except assets.NotBuilt as missing:
        print(missing, file=sys.stderr)
        return False
    return True


def build() -> Flask:
    """The application of one serving process, with its alarm clock ticking."""
    chosen = settings.read()
    house.ready(chosen)
    application = app.create(chosen)
    # granian's processes end without Python's own atexit, but not without this.
    Finalize(None, _tick(), exitpriority=10)
    # What stands now stands for good: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    return application


def _tick() -> Callable[[], None]:
    """Start what runs beside the requests; the call that ends it, once what is under way is done."""
    alarm = Scheduler()
    alarm.start()
    security.start()

    def end() -> None:
        alarm.stop()
        security.stop()

    return end


def _is_free(chosen: Settings) -> bool:
    """Nodes on one machine may share a port where the system hands out connections by itself (SO_REUSEPORT)."""
    if chosen.shared_port:
        return True
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError:
            return False
    return True
