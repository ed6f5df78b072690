"""Runs other programs: aloud for the person to read, or quietly with a log that is shown when one fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from workshop.places import LOG, ROOT


class SetupStopped(SystemExit):
    """Setting up cannot go on; the message says why and what helps."""


def aloud(command: Sequence[str], env: Mapping[str, str] | None = None) -> int:
    """Run with the terminal's own output; give the exit code."""
    return subprocess.call(list(command), cwd=ROOT, env={**os.environ, **(env or {})})  # noqa: S603 (our own commands)


def quietly(command: Sequence[str], where: Path = ROOT) -> None:
    """Run with the output in a log; when it fails, show the log's end and stop."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        code = subprocess.call(list(command), cwd=where, stdout=log, stderr=subprocess.STDOUT)  # noqa: S603 (likewise)
    if code:
        end = "\n".join(LOG.read_text(errors="replace").splitlines()[-25:])
        raise SetupStopped(
            f"\n{end}\n\n上面这一步没有成功,完整记录在 {LOG.relative_to(ROOT)};解决后再运行一次,已完成的不会重做。"
        )


def answer(command: Sequence[str]) -> str | None:
    """Give what a program prints, or None where there is none or it fails."""
    try:
        told = subprocess.run(list(command), capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 (likewise)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() if told.returncode == 0 else None
