"""Passwords: argon2 with 64 MiB; a login that does not exist takes as long to refuse as a wrong password."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Verified in place of nothing, so that the time taken tells nobody which logins exist.
_nobody: list[str] = []


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether this is the password; the work is the same when there is none."""
    if not _nobody:
        _nobody.append(_hasher.hash("nobody"))
    try:
        _hasher.verify(stored or _nobody[0], password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
