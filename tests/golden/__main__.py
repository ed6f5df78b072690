"""`python -m tests.golden`: keep the states of the version in pyproject.toml; what is kept already stays as it is."""

import sys
import tomllib
from pathlib import Path

import orjson

from tests.golden import trail
from tests.golden.scenarios import scenarios


def main() -> int:
    """Write a file for each scenario that this version has none of yet."""
    project = tomllib.loads((Path(__file__).parent.parent.parent / "pyproject.toml").read_text("utf-8"))
    folder = trail.ROOT / project["project"]["version"]
    folder.mkdir(exist_ok=True)
    for name, wanted in scenarios().items():
        kept = folder / f"{name}.json"
        if not kept.exists():
            made = trail.record(wanted.parts, wanted.acts, wanted.answers, wanted.data)
            kept.write_bytes(orjson.dumps(made, option=orjson.OPT_INDENT_2))
            sys.stdout.write(f"{kept.relative_to(trail.ROOT)}: {len(made['stops'])} states\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
