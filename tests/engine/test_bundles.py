"""A process as one file: what comes out goes in again, and whoever altered it on the way is found out."""

import io
import zipfile

import orjson
import pytest

from engine.definitions import bundles
from engine.folders import digest_of
from ground import clock, signing
from tests.engine import flows

PARTS = flows.in_a_row("row", 2)


@pytest.fixture(autouse=True)
def house(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    signing.keep_in(tmp_path / "ours")
    return tmp_path


def zipped(parts, around="row/", method=zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as file:
        for path, body in parts.items():
            file.writestr(f"{around}{path}", body)
    return whole.getvalue()


def unzipped(body) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {each.removeprefix("row/"): file.read(each) for each in file.namelist()}


def test_what_is_packed_is_unpacked_as_it_was_and_is_known_as_our_own():
    packed = bundles.pack("row", 3, PARTS, clock.now())
    found = bundles.unpack(packed)
    assert (found.key, found.parts, found.digest) == ("row", PARTS, digest_of(PARTS))
    assert (found.signed, found.version) == (bundles.OURS, 3)
    assert bundles.pack("row", 3, PARTS, clock.now()) == packed


def test_what_another_house_has_signed_is_told_with_its_key(house):
    signing.keep_in(house / "theirs")
    packed = bundles.pack("row", 1, PARTS, clock.now())
    theirs = signing.public()
    signing.keep_in(house / "ours")
    found = bundles.unpack(packed)
    assert (found.signed, found.by) == (bundles.OTHERS, theirs)


def test_a_folder_that_somebody_zipped_is_taken_and_told_as_unsigned():
    for around in ("row/", ""):
        assert bundles.unpack(zipped(PARTS, around)).signed == bundles.UNSIGNED


@pytest.mark.parametrize("change", ["part", "added", "version", "signer", "signature"])
def test_whatever_was_altered_under_a_seal_is_refused(change, house):
    parts = unzipped(bundles.pack("row", 3, PARTS, clock.now()))
    seal = orjson.loads(parts[bundles.SEAL])
    if change == "part":
        parts["row.bpmn"] += b" "
    elif change == "added":
        parts["forms/more.json"] = b"{}"
    elif change == "signer":
        signing.keep_in(house / "theirs")
        seal["by"] = signing.public()
    else:
        seal[change] = 4 if change == "version" else "00" * 64
    parts[bundles.SEAL] = orjson.dumps(seal)
    with pytest.raises(bundles.NoBundle) as no:
        bundles.unpack(zipped(parts))
    assert no.value.detail["reason"] == "seal"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"no zip", "zip"),
        (b"", "zip"),
        (zipped({"process.json": b"[]"}), "key"),
        (zipped({"process.json": b"{"}), "key"),
        (zipped({**PARTS, "../../etc/passwd": b"x"}, ""), "path"),
        (zipped({**PARTS, "forms/run.py": b"x"}), "path"),
        (zipped({**PARTS, "seal.json": b"[1]"}), "seal"),
        (zipped({**PARTS, "forms/large.json": b" " * 1_000_001}), "size"),
        (zipped({f"forms/f{n}.json": b"{}" for n in range(300)}), "size"),
    ],
)
def test_attack_what_is_no_process_folder_is_refused_by_what_is_wrong(body, reason):
    with pytest.raises(bundles.NoBundle) as no:
        bundles.unpack(body)
    assert no.value.detail["reason"] == reason


def test_attack_an_entry_that_promises_less_than_it_holds_is_not_read_to_its_end():
    body = bytearray(zipped({**PARTS, "forms/bomb.json": b" " * 5_000_000}))
    wrong = (5_000_000).to_bytes(4, "little")
    body = bytes(body).replace(wrong, (10).to_bytes(4, "little"))
    with pytest.raises(bundles.NoBundle):
        bundles.unpack(body)


def test_the_key_is_its_owners_alone_and_is_made_once(house):
    first = signing.public()
    assert signing.public() == first
    assert ((house / "ours" / signing.FILE).stat().st_mode & 0o777) == 0o600
    assert not signing.holds("no hex", signing.sign(b"x"), b"x")
