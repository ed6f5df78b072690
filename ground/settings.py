"""Settings: from `JIDI_*` in the environment, over one file `jidi.toml`, all checked before anything starts.

Real data and the demo never meet: a folder that was begun in one mode is refused in the other.
"""

import difflib
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ground.errors import Refused

FILE = Path("jidi.toml")
PREFIX = "JIDI_"
MODES = ("demo", "production", "test")
BACKENDS = ("sqlite", "postgresql")
YES_OR_NO = {"yes": True, "no": False}
SHORTEST_SECRET = 32
LAST_PORT = 65_535
MOST_UPLOAD_MB = 2_000
MOST_WORKERS = 64
WORKERS_ON_POSTGRESQL = 2
MAIL_SCHEMES = ("smtps", "smtp+starttls", "smtp")
# What may hold a password, a token or a key: of these only the length is ever shown, of an address the part behind "@".
HIDDEN = ("secret", "sms_token", "mail", "sms", "wecom")


@dataclass(frozen=True)
class Settings:
    """What a process needs to know before it starts."""

    mode: str = "production"
    data: Path = Path("var")
    url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    secret: str = ""
    upload_mb: int = 200
    scanner: str = ""
    workers: int = 0  # 1 on SQLite, 2 on PostgreSQL
    shared_port: bool = False
    mail: str = ""
    mail_from: str = ""
    sms: str = ""
    sms_token: str = ""
    wecom: str = ""

    @property
    def embedded(self) -> bool:
        """Whether the house is on SQLite: one process serves and works."""
        return make_url(self.url).get_backend_name() == "sqlite"


@dataclass(frozen=True)
class Problem:
    """One field that cannot be used: what was found (never a secret) and what would be right."""

    field: str
    found: str
    right: str


class SettingsWrong(Refused):
    """The program does not start with these settings."""

    code = "settings.wrong"
    status = 500

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems=problems)
        self.problems = problems

    def __str__(self) -> str:
        lines = (f"\n  {one.field} = {one.found!r}  →  {one.right}" for one in self.problems)
        return f"{self.code}:{''.join(lines)}"


class _Wrong(Exception):  # noqa: N818  becomes a Problem
    """What would be right."""


def read(environment: Mapping[str, str] | None = None, file: Path = FILE) -> Settings:
    """The settings of this process; SettingsWrong lists every field that cannot be used."""
    given = os.environ if environment is None else environment
    written = _file(file)
    spoken = {name.removeprefix(PREFIX).lower(): text for name, text in given.items() if name.startswith(PREFIX)}
    problems = [*_unknown(spoken, PREFIX), *_unknown(written, "")]
    values: dict[str, Any] = {}
    for name, check in CHECKS.items():
        found = spoken.get(name, written.get(name))
        if found is None:
            continue
        try:
            values[name] = check(found)
        except _Wrong as wrong:
            problems.append(Problem(name, _shown(name, found), str(wrong)))
    if "production" in (written.get("mode"), spoken.get("mode")) and values.get("mode") == "demo":
        problems.append(Problem("mode", "demo", f"{file} says production: the demo runs elsewhere"))
    if values.get("mail") and not values.get("mail_from"):
        problems.append(Problem("mail_from", "", "the address that mail comes from, e.g. jidi@example.gov.cn"))
    if problems:
        raise SettingsWrong(problems)
    return _settled(Settings(**values))


def _settled(settings: Settings) -> Settings:
    """Prepare the data folder, and fill in what follows from the rest."""
    folder = settings.data.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if settings.mode != "test":
            _keep_modes_apart(folder, settings.mode)
        secret = settings.secret or ("" if settings.mode == "production" else _kept(folder / "secret", _new_secret()))
    except OSError as failure:
        raise SettingsWrong(
            [Problem("data", str(settings.data), "a folder that this process may write to")]
        ) from failure
    if len(secret) < SHORTEST_SECRET:
        right = f"{SHORTEST_SECRET} random characters or more, e.g. {PREFIX}SECRET=$(openssl rand -base64 48)"
        raise SettingsWrong([Problem("secret", _shown("secret", secret), right)])
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    url = settings.url or f"sqlite:///{folder / 'jidi.db'}"
    return Settings(**values | {"data": folder, "secret": secret, "url": url, "workers": _workers(settings, url)})


def _workers(settings: Settings, url: str) -> int:
    """SQLite has one writer, and its queue lives in one process; nodes serve with several."""
    if make_url(url).get_backend_name() != "sqlite":
        return settings.workers or WORKERS_ON_POSTGRESQL
    if settings.workers > 1:
        raise SettingsWrong([Problem("workers", str(settings.workers), "1 on SQLite; more need PostgreSQL")])
    return 1


def _keep_modes_apart(folder: Path, mode: str) -> None:
    begun_as = _kept(folder / "mode", mode)
    if begun_as != mode:
        right = f"{begun_as}, as this data folder was begun, or another folder for {mode}"
        raise SettingsWrong([Problem("mode", mode, right)])


def _kept(path: Path, first: str) -> str:
    """What stands in this file; at the very first start `first` is written there, for the owner's eyes alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(first)
    return first


def _new_secret() -> str:
    return secrets.token_urlsafe(48)


def _file(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as failure:
        raise SettingsWrong([Problem(str(path), str(failure), "a TOML file in UTF-8")]) from failure


def _unknown(given: Mapping[str, Any], prefix: str) -> list[Problem]:
    """A name that nobody reads is more likely misspelt than meant."""
    return [
        Problem(_spelled(name, prefix), _shown(name, given[name]), " | ".join(_spelled(n, prefix) for n in _near(name)))
        for name in given
        if name not in CHECKS
    ]


def _near(name: str) -> list[str]:
    return difflib.get_close_matches(name, CHECKS, n=1) or list(CHECKS)


def _spelled(name: str, prefix: str) -> str:
    return prefix + name.upper() if prefix else name


def _shown(name: str, found: Any) -> str:
    """Of a secret, or of what may be one, only the length; of an address no password."""
    text = str(found)
    if name == "url" and "@" in text:
        return "…@" + text.rpartition("@")[2]
    return text if name in CHECKS and name not in HIDDEN else f"{len(text)} characters"


def _mode(found: Any) -> str:
    if found not in MODES:
        raise _Wrong(" | ".join(MODES))
    return str(found)


def _folder(found: Any) -> Path:
    path = Path(str(found)).expanduser()
    if not str(found) or path.is_file():
        raise _Wrong("a folder")
    return path


def _url(found: Any) -> str:
    try:
        backend = make_url(str(found)).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in BACKENDS:
        raise _Wrong("sqlite:////folder/jidi.db | postgresql+psycopg://user@host/name")
    return str(found)


def _name_of_host(found: Any) -> str:
    text = str(found)
    if not text or any(c.isspace() or c in "/@" for c in text):
        raise _Wrong("a host name or an address, e.g. 127.0.0.1")
    return text


def _hosts(found: Any) -> tuple[str, ...]:
    given = found if isinstance(found, list) else str(found).split(",")
    return tuple(_name_of_host(str(one).strip()) for one in given if str(one).strip())


def _proxies(found: Any) -> tuple[str, ...]:
    given = found if isinstance(found, list) else str(found).split(",")
    try:
        return tuple(str(ip_network(str(one).strip())) for one in given if str(one).strip())
    except ValueError:
        raise _Wrong("addresses or networks of our own reverse proxies, e.g. 10.0.0.5,10.1.0.0/24") from None


def _whole(lowest: int, highest: int) -> Callable[[Any], int]:
    def check(found: Any) -> int:
        text = str(found)
        if isinstance(found, bool) or not (text.isascii() and text.isdecimal()) or not lowest <= int(text) <= highest:
            raise _Wrong(f"{lowest} … {highest}")
        return int(text)

    return check


def _yes_or_no(found: Any) -> bool:
    if isinstance(found, bool):
        return found
    if str(found) not in YES_OR_NO:
        raise _Wrong(" | ".join(YES_OR_NO))
    return YES_OR_NO[str(found)]


def _mail(found: Any) -> str:
    return _address_of(found, MAIL_SCHEMES, "smtps://user:password@host:465 | smtp+starttls://… | smtp://host:25")


def _mail_from(found: Any) -> str:
    text = str(found)
    if not re.fullmatch(r"[^@\s<>]{1,64}@[A-Za-z0-9.-]{3,190}", text):
        raise _Wrong("the address that mail comes from, e.g. jidi@example.gov.cn")
    return text


def _web_address(found: Any) -> str:
    return _address_of(found, ("https", "http"), "https://host/…")


def _scanner(found: Any) -> str:
    text = str(found)
    if text.startswith("unix:///") and not any(c.isspace() for c in text):
        return text
    return _address_of(found, ("tcp",), "tcp://host:3310 | unix:///run/clamav/clamd.ctl")


def _address_of(found: Any, schemes: tuple[str, ...], right: str) -> str:
    text = str(found)
    try:
        at = urlsplit(text)
        usable = at.scheme in schemes and bool(at.hostname) and (at.port or 1) <= LAST_PORT
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in text):
        raise _Wrong(right)
    return text


def _token(found: Any) -> str:
    text = str(found)
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise _Wrong("the gateway's token: letters, digits and signs")
    return text


CHECKS: dict[str, Callable[[Any], Any]] = {
    "mode": _mode,
    "data": _folder,
    "url": _url,
    "host": _name_of_host,
    "port": _whole(1, LAST_PORT),
    "hosts": _hosts,
    "proxies": _proxies,
    "secret": str,
    "upload_mb": _whole(1, MOST_UPLOAD_MB),
    "scanner": _scanner,
    "workers": _whole(1, MOST_WORKERS),
    "shared_port": _yes_or_no,
    "mail": _mail,
    "mail_from": _mail_from,
    "sms": _web_address,
    "sms_token": _token,
    "wecom": _web_address,
}
