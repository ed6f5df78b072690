"""What is fetched from outside is pinned by version and hash, and no file says from where it is to be fetched."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "frontend/package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_names_no_registry(lock):
    text = re.sub(r'"(funding|url)": .*', "", lock.read_text())
    assert "://" not in text
    assert '"resolved"' not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS[:-1], ids=lambda lock: lock.name)
def test_every_python_package_is_pinned_to_one_version_with_hashes(lock):
    for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
        assert re.match(r"^[a-z0-9.-]+(\[[a-z,]+\])?==[\w.+!]+( ; .*)?( \\)?\n    --hash=sha256:[0-9a-f]{64}", entry), (
            entry
        )


def test_every_node_package_is_pinned_with_its_hash():
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    assert all(facts.get("integrity", "").startswith("sha512-") for place, facts in packages.items() if place)


def test_the_packages_that_pages_are_made_of_are_named_by_one_exact_version():
    package = json.loads((ROOT / "frontend/package.json").read_text())
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_one_package_has_one_version_in_all_sets():
    seen: dict[str, str] = {}
    for lock in LOCKS[:-1]:
        for name, version in re.findall(r"^([\w.-]+)==([\w.+!]+)", lock.read_text(), re.MULTILINE):
            assert seen.setdefault(name, version) == version, name


def test_no_file_of_the_repository_names_a_package_registry():
    hosts = "|".join(
        ["py" + "pi.org", "pythonhosted" + ".org", "registry." + "npmjs", "npmmirror" + ".com", "index-" + "url"]
    )
    found = subprocess.run(
        ["git", "grep", "-lIE", hosts], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert found == []
