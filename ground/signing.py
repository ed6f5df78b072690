"""The house's own signature: an Ed25519 key (RFC 8032) that lies beside its secret, made when it is first needed.

Who has the public part can check what the house has signed, and nobody else can sign in its name.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE = "signing.key"
LENGTH = 32

_folder: list[Path] = []


def keep_in(folder: Path) -> None:
    """Where the key lies: the data folder, which all nodes of a house share."""
    _folder[:] = [folder]


def sign(content: bytes) -> str:
    """The signature, in hex."""
    return _key().sign(content).hex()


def public() -> str:
    """The public part of the house's key, in hex: what others know the house by."""
    return _key().public_key().public_bytes_raw().hex()


def holds(by: str, signature: str, content: bytes) -> bool:
    """Whether whoever has this public key has signed this content."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(by)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key() -> Ed25519PrivateKey:
    path = _folder[0] / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    made = Ed25519PrivateKey.generate()
    with os.fdopen(handle, "wb") as file:
        file.write(made.private_bytes_raw())
    return made
