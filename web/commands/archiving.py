"""`jidi archive verify`: is the package of a closed case as it was made? It needs the file alone, no house."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from pathlib import Path

from bases.verdicts import archive_content, archive_proof
from bases.verdicts.archive_proof import Proof
from ground.files import names

HEX = frozenset("0123456789abcdef")
DIGITS = 64


def add_arguments(parser: ArgumentParser) -> None:
    """What to do, with which file, and the digest that the history of the case recorded."""
    parser.add_argument("act", choices=["verify"], help="核验 · check every entry and the chain of history")
    parser.add_argument("file", type=Path, metavar="FILE", help="归档包 · the package")
    parser.add_argument(
        "--digest",
        type=_digest,
        metavar="HEX",
        help="办理经过所载的校验码 · the digest in the history; without it a package made anew passes",
    )


def run(arguments: Namespace) -> int:
    """0 with a line of counts, 1 with what is altered, 2 if the file cannot be read as a package."""
    try:
        proof = archive_proof.prove(arguments.file, arguments.digest)
    except OSError as failure:
        print(f"jidi archive: 无法读取 cannot read {arguments.file}: {failure.strerror}", file=sys.stderr)
        return 2
    for line in _faults(proof):
        print(line, file=sys.stderr)
    if not proof.holds:
        return 1
    print(_counts(proof))
    if arguments.digest is None:
        print("未给出校验码，请与办理经过所载比对。 No digest was given: compare this one with the history's.")
    for algorithm in proof.package.unchecked:
        print(f"本机没有{algorithm.upper()}，未核对该项。 Not checked, as this machine has no {algorithm}.")
    return 0


def _counts(proof: Proof) -> str:
    package = proof.package
    number = names.clean(str(package.facts.get("number", "")))
    return (
        f"{number} 归档包完好 holds: {len(package.parts)} 个文件 entries, {package.size} 字节 bytes, "
        f"{'+'.join(package.algorithms)}; 办理经过 history {proof.lines} 行 lines, 全文 whole {proof.whole}; "
        f"sha256 {package.digest}"
    )


def _faults(proof: Proof) -> Iterator[str]:
    package = proof.package
    for name in package.altered:
        yield f"已改动 altered: {name}"
    for name in package.missing:
        yield f"缺少 missing: {name}"
    for name in package.unlisted:
        yield f"清单以外 not in the manifest: {name}"
    if proof.broken is not None:
        yield f"{archive_content.CHAIN} 第{proof.broken.seq}行 line {proof.broken.seq}: {proof.broken.kind}"
    if not proof.same:
        yield f"不是记录的归档包 not the package that was recorded: sha256 {package.digest}"


def _digest(text: str) -> str:
    digest = text.strip().lower()
    if len(digest) != DIGITS or not HEX.issuperset(digest):
        message = f"{DIGITS} hexadecimal digits"
        raise ArgumentTypeError(message)
    return digest
