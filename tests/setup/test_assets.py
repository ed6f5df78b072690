"""The manifest knows every asset by its name and its hash, each lies there compressed too, and a wheel carries them."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "web/assets"
MANIFEST = json.loads((ASSETS / "manifest.json").read_text())


def test_the_manifest_names_what_the_pages_ask_for():
    named = {"theme.css", "htmx.js", "viewer.js", "viewer.css", "pdf.js", "pdf.css", "pdf.worker.js", "favicon.svg"}
    pages = {page.name for page in (ROOT / "frontend/src/pages").glob("*.js")}
    assert named | pages | {"third-party.txt"} <= set(MANIFEST)


@pytest.mark.parametrize("name", [name for name in MANIFEST if not name.startswith("pdf/")])
def test_an_asset_is_told_with_its_sizes_and_lies_there_compressed_too(name):
    entry = MANIFEST[name]
    file = ASSETS / entry["file"]
    body = file.read_bytes()
    assert hashlib.sha256(body).hexdigest()[:12] in entry["file"]
    zipped, pressed = Path(f"{file}.gz").read_bytes(), Path(f"{file}.br").read_bytes()
    assert [len(body), len(zipped), len(pressed)] == [entry["size"], entry["gzip"], entry["brotli"]]
    assert gzip.decompress(zipped) == brotli.decompress(pressed) == body


def test_no_file_lies_in_the_assets_that_the_manifest_does_not_know():
    known = {entry["file"] + end for entry in MANIFEST.values() for end in ("", ".gz", ".br")}
    found = {str(file.relative_to(ASSETS)) for file in ASSETS.rglob("*") if file.is_file()}
    assert found - known - {".inputs"} == {"manifest.json"}
    assert known <= found


def test_the_queue_page_loads_less_than_sixty_kilobytes_of_assets():
    assert sum(MANIFEST[name]["gzip"] for name in ("theme.css", "htmx.js", "queue.js", "favicon.svg")) < 56_000


@pytest.mark.parametrize("name", [name for name in MANIFEST if name.endswith(".js") and "/" not in name])
def test_no_bundle_makes_code_from_text(name):
    text = (ASSETS / MANIFEST[name]["file"]).read_text()
    # htmx can, for attributes that the pages do not use, and is told at its start not to.
    assert "allowEval=!1" in text if name == "htmx.js" else not re.search(r"new Function\(|\beval\(", text)


def test_the_notices_name_the_makers_of_what_is_carried():
    text = (ASSETS / MANIFEST["third-party.txt"]["file"]).read_text()
    for name in ("bpmn-js", "bootstrap", "htmx.org", "pdfjs-dist"):
        version = json.loads((ROOT / "frontend/package.json").read_text())["dependencies"][name]
        assert f"{name} {version} (" in text
    assert "watermark must stay" in re.sub(r"\s+", " ", text)


def test_a_wheel_carries_bundles_and_diagrams_and_is_refused_without_bundles(tmp_path):
    for name in ("pyproject.toml", "hatch_build.py", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("ground", "engine", "tasks", "bases", "web", "workflows"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "pdf-*"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    wheel = next((tmp_path / "dist").glob("*.whl"))
    with zipfile.ZipFile(wheel) as parts:
        names = set(parts.namelist())
    assert {"web/assets/manifest.json", f"web/assets/{MANIFEST['viewer.js']['file']}.br"} <= names
    assert any(name.startswith("workflows/") and name.endswith(".bpmn") for name in names)
    assert not any(name.startswith(("tests/", "workshop/", "frontend/", "var/")) for name in names)
    (tmp_path / "web/assets/manifest.json").unlink()
    refused = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "run.py build" in refused.stderr
