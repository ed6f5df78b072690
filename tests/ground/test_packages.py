"""N-10, the package itself: the same bytes for the same entries, and whatever was done to one is named."""

import hashlib
import io
import struct
import zipfile
from datetime import UTC, datetime

import orjson
import pytest

from ground import files
from ground.database import transaction
from ground.errors import Refused
from ground.files import package_checks, package_layout, packages
from ground.files.packages import Entry
from ground.people import SYSTEM

MADE = datetime(2026, 11, 23, 1, 0, 1, tzinfo=UTC)
ENTRIES = [
    Entry("case.json", b'{"number": "2026-1"}'),
    Entry("papers/001-初审.html", "同意。".encode()),
    Entry("files/空.txt", b""),
]


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "case.zip"
    packages.write(path, ENTRIES, MADE, {"case": "2026-1"})
    return path


def refused(path, *, code="package.unreadable"):
    with pytest.raises(Refused) as no:
        package_checks.check(path)
    assert no.value.code == code
    return no.value.detail


def put(path, body):
    path.write_bytes(body)
    return path


def test_n_10_the_manifest_lists_every_entry_with_size_sha_256_and_sm3(package):
    with zipfile.ZipFile(package) as opened:
        assert opened.testzip() is None
        manifest = orjson.loads(opened.read("manifest.json"))
        bodies = {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}
        assert {each.compress_type for each in opened.infolist()} == {zipfile.ZIP_STORED}
        assert {each.date_time for each in opened.infolist()} == {(2026, 11, 23, 9, 0, 0)}
    assert bodies == {each.name: each.body for each in ENTRIES}
    assert manifest["entries"] == [
        {
            "name": name,
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "sm3": hashlib.new("sm3", body).hexdigest(),
        }
        for name, body in bodies.items()
    ]
    assert (manifest["facts"], manifest["made_at"]) == ({"case": "2026-1"}, "2026-11-23T01:00:01+00:00")


def test_n_10_an_untouched_package_passes_and_the_same_again_has_the_same_bytes(package, tmp_path):
    checked = package_checks.check(package)
    assert checked.sound
    assert checked.digest == hashlib.sha256(package.read_bytes()).hexdigest()
    assert (len(checked.parts), checked.made_at, checked.unchecked) == (3, MADE, ())
    again = packages.write(tmp_path / "again.zip", iter(ENTRIES), MADE, {"case": "2026-1"})
    assert (again.sha256, again.entries) == (checked.digest, 3)


def test_n_10_no_byte_of_a_package_can_change_unseen(package):
    """Every byte of it is turned once: the check refuses it, names an entry, or the digest is another."""
    whole, digest, unseen = package.read_bytes(), package_checks.check(package).digest, []
    for place in range(len(whole)):
        turned = bytearray(whole)
        turned[place] ^= 0x20
        put(package, bytes(turned))
        try:
            checked = package_checks.check(package)
        except Refused:
            continue
        assert checked.digest != digest
        unseen += [place] if checked.sound else []
    manifest = whole.index(b'{\n  "format"')
    assert not [place for place in unseen if place < manifest]


def test_n_10_an_altered_entry_is_named(package):
    put(package, package.read_bytes().replace("同意。".encode(), "反对。".encode()))
    checked = package_checks.check(package)
    assert (checked.altered, checked.missing, checked.unlisted) == (["papers/001-初审.html"], [], [])


def test_n_10_an_altered_entry_with_a_mended_sum_is_named_all_the_same(package, tmp_path):
    """Whoever packs it afresh has every sum right, but not the manifest's digests."""
    with zipfile.ZipFile(package) as opened:
        manifest = opened.read("manifest.json")
    forged = [Entry(each.name, b"other" if each.name == "case.json" else each.body) for each in ENTRIES]
    assert package_checks.check(repacked(tmp_path, forged, manifest)).altered == ["case.json"]


def repacked(folder, entries, manifest):
    """A package laid out as ours with entries and a manifest that do not belong together."""
    path = folder / "repacked.zip"
    directory = []
    with path.open("wb") as file:
        for each in [*entries, Entry("manifest.json", manifest)]:
            packages._add(file, directory, each, package_layout.stamp(MADE))
        at, whole = file.tell(), b"".join(directory)
        file.write(whole + package_layout.END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), len(whole), at, 0))
    return path


def manifest_of(path):
    with zipfile.ZipFile(path) as opened:
        return opened.read("manifest.json")


def test_n_10_entries_that_changed_places_are_named(package, tmp_path):
    first, second, third = ENTRIES
    swapped = [Entry(first.name, second.body), Entry(second.name, first.body), third]
    checked = package_checks.check(repacked(tmp_path, swapped, manifest_of(package)))
    assert checked.altered == ["case.json", "papers/001-初审.html"]


def test_n_10_what_is_missing_and_what_was_put_in_are_named(package, tmp_path):
    checked = package_checks.check(repacked(tmp_path, [*ENTRIES[1:], Entry("more.txt", b"x")], manifest_of(package)))
    assert (checked.altered, checked.missing, checked.unlisted) == ([], ["case.json"], ["more.txt"])


def test_an_entry_put_in_with_a_zip_program_is_refused(package):
    with zipfile.ZipFile(package, "a") as opened:
        opened.writestr("more.txt", b"x")
    refused(package)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/passwd", "a/../../b", "C:/x", "a\\..\\b", "x/", "con.txt", "a\u202eb", "a\nb", "e\u0301"],
)
def test_a_name_that_leads_out_or_misleads_is_refused_attack(package, tmp_path, name):
    path = repacked(tmp_path, [*ENTRIES, Entry(name, b"x")], manifest_of(package))
    assert refused(path)["reason"] == "name"
    with pytest.raises(ValueError, match="name"):
        packages.write(tmp_path / "never.zip", [Entry(name, b"x")], MADE, {})
    assert not (tmp_path / "never.zip").exists()


@pytest.mark.parametrize("name", ["case.json", "CASE.json", "manifest.json"])
def test_a_name_that_is_there_twice_is_refused_attack(package, tmp_path, name):
    assert refused(repacked(tmp_path, [*ENTRIES, Entry(name, b"x")], manifest_of(package)))["reason"] == "name_twice"


def test_a_packed_bomb_and_a_huge_declared_size_are_refused_before_a_byte_is_read_attack(package, tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("case.json", b"0" * (50 << 20))
        opened.writestr("manifest.json", b"{}")
    refused(bomb)
    whole = bytearray(package.read_bytes())
    for place, mark in ((18, b"PK\x03\x04"), (20, b"PK\x01\x02")):
        at = whole.index(mark) + place
        whole[at : at + 8] = struct.pack("<2L", 0xFFFF_FFF0, 0xFFFF_FFF0)
    refused(put(package, bytes(whole)))


def test_entries_that_share_their_bytes_are_refused_attack(package):
    """Overlapping entries are how a small file declares petabytes."""
    whole = bytearray(package.read_bytes())
    second = whole.index(b"PK\x01\x02", whole.index(b"PK\x01\x02") + 4)
    whole[second + 42 : second + 46] = struct.pack("<L", 0)
    refused(put(package, bytes(whole)))


def test_a_directory_that_claims_too_much_is_refused_attack(package):
    whole = package.read_bytes()
    for count, size in ((60_000, 1 << 30), (60_000, None)):
        mark, *facts = package_layout.END.unpack(whole[-22:])
        facts[2] = facts[3] = count
        facts[4] = size or facts[4]
        with pytest.raises(Refused):
            package_checks.check(put(package, whole[:-22] + package_layout.END.pack(mark, *facts)))


@pytest.mark.parametrize("cut", [1, 22, 60, 300])
def test_n_10_a_truncated_file_is_refused(package, cut):
    assert refused(put(package, package.read_bytes()[:-cut]))["reason"] == "no_directory"


@pytest.mark.parametrize("body", [b"", b"PK", b"%PDF-1.4 nothing", b"PK\x05\x06" + b"\0" * 18, b"\0" * 5000])
def test_what_is_no_package_is_refused(tmp_path, body):
    refused(put(tmp_path / "x.zip", body))


def test_bytes_before_between_and_behind_are_refused(package):
    whole = package.read_bytes()
    for odd in (b"MZ" + whole, whole + b"\0", whole[:-2] + struct.pack("<H", 3) + b"abc"):
        refused(put(package, odd))


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other/9"},
        {"made_at": "9999-12-31T23:59:59+00:00"},
        {"made_at": "yesterday"},
        {"made_at": "2026-11-23T09:00:00"},
        {"algorithms": []},
        {"algorithms": ["sha256", "md5"]},
        {"algorithms": [["sha256"]]},
        {"facts": []},
        {"entries": {}},
        {"entries": [1]},
        {"entries": [{"name": "a", "size": "1", "sha256": "x", "sm3": "y"}]},
        {"entries": [{"name": "a", "size": 1, "sha256": "x"}]},
        {"entries": [{"name": "a", "size": 1, "sha256": "x", "sm3": "y"}] * 2},
    ],
)
def test_a_manifest_of_another_shape_is_refused(package, tmp_path, change):
    manifest = orjson.loads(manifest_of(package)) | change
    assert refused(repacked(tmp_path, ENTRIES, orjson.dumps(manifest)))["reason"] == "manifest"


@pytest.mark.parametrize("manifest", [b"", b"\xff", b"[" * 100_000, b"null", b'{"format": NaN}'])
def test_a_manifest_that_is_no_manifest_is_refused(package, tmp_path, manifest):
    assert refused(repacked(tmp_path, ENTRIES, manifest))["reason"] == "manifest"


def test_a_package_without_its_manifest_is_refused(tmp_path):
    directory, path = [], tmp_path / "x.zip"
    with path.open("wb") as file:
        packages._add(file, directory, ENTRIES[0], package_layout.stamp(MADE))
        at, whole = file.tell(), directory[0]
        file.write(whole + package_layout.END.pack(b"PK\5\6", 0, 0, 1, 1, len(whole), at, 0))
    assert refused(path)["reason"] == "no_manifest"


def test_a_house_without_sm3_makes_and_checks_what_it_can_and_says_so(package, tmp_path, monkeypatch):
    monkeypatch.setattr(package_layout, "ALGORITHMS", ("sha256",))
    checked = package_checks.check(package)
    assert (checked.sound, checked.algorithms, checked.unchecked) == (True, ("sha256",), ("sm3",))
    packages.write(tmp_path / "plain.zip", ENTRIES, MADE, {})
    assert orjson.loads(manifest_of(tmp_path / "plain.zip"))["algorithms"] == ["sha256"]


def test_a_package_is_whole_or_not_there(tmp_path):
    def breaking():
        yield ENTRIES[0]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        packages.write(tmp_path / "x.zip", breaking(), MADE, {})
    assert not list(tmp_path.iterdir())


def test_more_than_a_package_holds_is_refused_while_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "MOST_BYTES", 40)
    with pytest.raises(package_layout.TooLarge):
        packages.write(tmp_path / "x.zip", ENTRIES, MADE, {})
    assert not list(tmp_path.iterdir())


@pytest.fixture
def stored(database, tmp_path):
    files.keep_in(tmp_path / "kept")
    with transaction() as session:
        return files.store(session, io.BytesIO(b"%PDF-1.4 " + b"x" * 100 + PDF_END), "a.pdf", SYSTEM, MADE)


PDF_END = (
    b"\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


def test_stored_files_go_in_as_they_are_and_what_the_disk_lost_or_changed_is_not_vouched_for(stored, tmp_path):
    path = tmp_path / "x.zip"
    packages.write(path, [Entry("files/a.pdf", stored)], MADE, {})
    checked = package_checks.check(path)
    assert package_checks.read(path, checked, "files/a.pdf", 1000) == files.path_of(stored.sha256).read_bytes()
    assert package_checks.read(path, checked, "files/a.pdf", 10) is None
    assert package_checks.read(path, checked, "files/b.pdf", 10) is None
    files.path_of(stored.sha256).write_bytes(b"other")
    with pytest.raises(packages.BytesLost):
        packages.write(tmp_path / "y.zip", [Entry("files/a.pdf", stored)], MADE, {})
    files.path_of(stored.sha256).unlink()
    with pytest.raises(packages.BytesLost):
        packages.write(tmp_path / "y.zip", [Entry("files/a.pdf", stored)], MADE, {})
