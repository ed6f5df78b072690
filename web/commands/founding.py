"""The first three administrators of a house that has none: their accounts, and passwords that are shown once."""

import secrets
from argparse import ArgumentParser, Namespace

from ground import administration, clock, settings
from ground.database import transaction
from ground.grants import ADMINISTRATORS
from web import house
from web.people import passwords

PASSWORD_BYTES = 12


def add_arguments(parser: ArgumentParser) -> None:
    """Their logins; each has one that says what it is for."""
    for role in ADMINISTRATORS:
        parser.add_argument(f"--{role}", default=role, metavar="LOGIN", help=" · ".join(administration.NAMES[role]))


def run(arguments: Namespace) -> int:
    """Open the three accounts; Founded if there has ever been an administrator."""
    house.connect(settings.read())
    logins = {role: getattr(arguments, role) for role in ADMINISTRATORS}
    first = {role: secrets.token_urlsafe(PASSWORD_BYTES) for role in ADMINISTRATORS}
    hashes = {role: passwords.hashed(password) for role, password in first.items()}
    with transaction() as session:
        administration.found(session, logins, hashes, clock.today())
    print("以下密码只显示这一次,请分别交给三个人。 Shown this once; hand each to another person.")
    for role, login in logins.items():
        print(f"  {administration.NAMES[role][0]} · {login} · {first[role]}")
    return 0
