"""The process that sets one document: it reads data, writes a PDF, and may use so much memory and no more."""

import contextlib
import sys
from pathlib import Path
from typing import cast

import orjson
import typst

# Not every system can limit a process from inside; the parent's clock holds on each.
with contextlib.suppress(ImportError):
    import resource

MEMORY = 2 << 30


def main() -> int:
    """Set what comes on stdin; the layout and the folder of the fonts stand in the arguments."""
    layout, fonts = sys.argv[1:3]
    _limit()
    asked = orjson.loads(sys.stdin.buffer.read())
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    inputs = {"paper": orjson.dumps(asked["paper"]).decode(), "draft": "1" if asked["draft"] else ""}
    compiler = typst.Compiler(layout, root=str(Path(layout).parent), font_paths=faces, sys_inputs=inputs)
    made = compiler.compile(format="pdf", timestamp=0)
    sys.stdout.buffer.write(cast("bytes", made))
    return 0


def _limit() -> None:
    with contextlib.suppress(NameError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
