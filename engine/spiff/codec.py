"""An instance as a few bytes: one short row for each open task, the data of each scope once, nothing of the diagram.

The first byte is the version of the form. The order of keys is kept; a database that sorts them must not touch this.
"""
# ruff: noqa: SLF001  the library's tree is mended from the inside

import threading
from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson
import zstandard

from engine.spiff.repairs.nesting import SubProcess
from engine.spiff.repairs.tree import STARTED, Run, TreeTask
from engine.spiff.stuck import StuckAt
from ground.errors import Refused

VERSION = b"\x01"
LARGEST = 20 * 1024
OPENED = 4 * 1024 * 1024

Data = MutableMapping[str, Any]


class Unreadable(Refused):
    """This is no state that we wrote, or not one of this diagram."""

    code = "state.unreadable"
    status = 500


def encode(top: Run) -> bytes:
    """The bytes of a pruned instance; StuckAt `state.too_large` if they would outgrow their limit."""
    layers: list[tuple[int, Mapping[str, Any]]] = []
    known: dict[int, int] = {}
    runs = [[0, *_rows(top, layers, known)]]
    runs += [[task_id, *_rows(run, layers, known)] for task_id, run in top.subprocesses.items()]
    whole = orjson.dumps([top.number, top.outcome, top.completed, layers, runs])
    packed = VERSION + _compressor().compress(whole)
    if len(whole) > LARGEST:
        raise StuckAt("", "state.too_large", {"most": LARGEST, "bytes": len(whole)})
    return packed


def decode(blob: bytes, top: Run) -> None:
    """Put what `encode` wrote back into an empty run of the same diagram."""
    if blob[:1] != VERSION:
        raise Unreadable(version=blob[:1].hex())
    try:
        whole = orjson.loads(_decompressor().decompress(blob[1:], max_output_size=OPENED))
        top.number, top.outcome, top.completed, stored, runs = whole
        layers: list[Data] = []
        for parent, own in stored:
            layers.append(own if parent < 0 else ChainMap(own, layers[parent]))
        _restore(top, runs[0], layers)
        for run in runs[1:]:
            _reopen(top, run, layers)
    except (orjson.JSONDecodeError, zstandard.ZstdError, LookupError, ValueError, TypeError) as error:
        raise Unreadable(reason=type(error).__name__, of=str(error)[:80]) from error


def _rows(run: Any, layers: list[tuple[int, Mapping[str, Any]]], known: dict[int, int]) -> list[Any]:
    rows = []
    for task in run.tasks.values():
        internal = task.internal_data
        row: list[Any] = [
            task.id,
            task._parent or 0,
            task._state,
            task.task_spec.name,
            _layer(task.data, layers, known),
        ]
        rows.append([*row, internal] if internal else row)
    return [run.spec.name, rows]


def _layer(data: Data, layers: list[tuple[int, Mapping[str, Any]]], known: dict[int, int]) -> int:
    """The number of a scope's data; an instance's layer stands on that of its scope."""
    if id(data) not in known:
        if isinstance(data, ChainMap):
            below = _layer(data.maps[1], layers, known)
            layers.append((below, data.maps[0]))
        else:
            layers.append((-1, data))
        known[id(data)] = len(layers) - 1
    return known[id(data)]


def _reopen(top: Run, run: list[Any], layers: list[Data]) -> None:
    """A subprocess: its task stands in a scope that is already there, since that was written first."""
    host = top.find(run[0])
    if host is None or not isinstance(host.task_spec, SubProcess):
        raise LookupError(run[0])
    inside = host.task_spec.open(host)
    if inside.spec.name != run[1]:
        raise LookupError(run[1])
    _restore(inside, run, layers)
    if host.state == STARTED:
        host.task_spec.watch(host, inside)


def _restore(run: Any, stored: list[Any], layers: list[Data]) -> None:
    specs = run.spec.task_specs
    for number, parent, state, name, layer, *internal in stored[2]:
        task = TreeTask(run, specs[name], run.tasks[parent] if parent else None, state, number)
        task.data = layers[layer]
        task.internal_data = internal[0] if internal else {}
        if not parent:
            run.task_tree = task


_local = threading.local()


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=1)
    made: zstandard.ZstdCompressor = _local.compressor
    return made


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_local, "decompressor"):
        _local.decompressor = zstandard.ZstdDecompressor()
    made: zstandard.ZstdDecompressor = _local.decompressor
    return made
