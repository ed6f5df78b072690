"""strace, with which the tests of power cuts read what a process really writes."""

import shutil

from workshop import browser
from workshop.programs import aloud
from workshop.steps import say


def provide() -> bool:
    """Say whether system calls can be read. On Debian root installs what that needs."""
    if shutil.which("strace") is None and browser.may_install():
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        if aloud(["apt-get", "-q", "update"], quiet) == 0:
            aloud(["apt-get", "-q", "install", "-y", "--no-install-recommends", "strace"], quiet)
    if shutil.which("strace"):
        return True
    say("缺少 strace(例如 apt install strace)。本次不做断电试验。")
    return False
