"""Serving the house: one process with threads, granian in front, the alarm clock inside."""

import atexit
import os
import socket
import sys
from argparse import Namespace

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from ground import security, settings
from ground.settings import Settings
from tasks.scheduler import Scheduler
from web import app, house
from web.door import assets

THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)  # more than that only waits for the one writer


def run(_arguments: Namespace) -> int:
    """Serve for real, on a database that `jidi migrate` has laid."""
    if not has_bundles():
        return 1
    chosen = settings.read()
    house.ready(chosen)
    return serve(chosen)


def serve(chosen: Settings) -> int:
    """Answer requests until the process is asked to stop."""
    if not _is_free(chosen):
        print(
            f"端口 {chosen.port} 已被占用。请先停止占用它的程序，或换一个端口：JIDI_PORT={chosen.port + 10}\n"
            f"Port {chosen.port} is taken; choose another one with JIDI_PORT.",
            file=sys.stderr,
        )
        return 1
    Granian(
        "web.commands.serving:build",
        factory=True,
        address=chosen.host,
        port=chosen.port,
        interface=Interfaces.WSGI,
        workers=1,
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
    alarm = Scheduler()
    alarm.start()
    security.start()
    atexit.register(security.stop)
    atexit.register(alarm.stop)
    return application


def _is_free(chosen: Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError:
            return False
    return True
