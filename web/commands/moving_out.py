"""Moving an embedded house to PostgreSQL: everything or nothing, compared, and the old one left as it was."""

from argparse import ArgumentParser, Namespace
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from engine import history, schema
from engine.cases import Case
from ground import clock, files, jobs, occupancy, settings, transfer
from ground.database import Database, Session
from ground.errors import Refused
from ground.settings import Settings
from ground.transfer import Sum
from web import house

# Its rows are handed over to the store that takes its place.
JOBS = frozenset({"job"})
DONE = """
  已全部复制并核对：{tables} 张表，{rows} 行，{cases} 个办件的历史链完好，{files} 个文件与其摘要相符。
  Everything was copied and compared. The old database is as it was; keep it until you have looked around.

  接下来：设置 JIDI_URL={url}
          数据目录{kept}。多个节点须共用同一目录（共享存储）与同一 JIDI_SECRET。
  Next: set JIDI_URL as above and start `jidi serve`. All nodes share the data folder and JIDI_SECRET.
"""


class NotEmbedded(Refused):
    """Only a house on SQLite is moved, and only to PostgreSQL."""

    code = "transfer.not_embedded"


class Unreachable(Refused):
    """The database that was named does not answer, or does not let this user in."""

    code = "transfer.unreachable"


class Unsound(Refused):
    """The house that was to be moved is not whole; nothing was copied. `jidi verify` says more."""

    code = "transfer.unsound"


def add_arguments(parser: ArgumentParser) -> None:
    """Where to, and the new data folder if there is to be one."""
    parser.add_argument("url", help="postgresql://user@host/name, an empty database")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="copy the files to a new data folder, too")


def run(arguments: Namespace) -> int:
    """Copy the house that the settings name; 0 only if every table, chain and file was found equal."""
    chosen = settings.read()
    source = house.connect(chosen)
    target = Database(_address(arguments.url))
    if not source.is_sqlite or target.is_sqlite:
        raise NotEmbedded(source=source.url.get_backend_name(), target=target.url.get_backend_name())
    with closing(target), occupancy.alone_in(chosen.data):
        count = _check_files(source, arguments.data)
        sums, cases = _move(source, target)
    for each in sums:
        print(f"  {each.table:<24}{each.rows:>10}  {each.digest[:16]}")
    facts = {"tables": len(sums), "rows": sum(each.rows for each in sums), "cases": cases, "files": count}
    print(DONE.format(url=target.url.render_as_string(), kept=_kept(arguments.data, chosen), **facts))
    return 0


def _address(given: str) -> str:
    scheme, separator, rest = given.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in {"postgresql", "postgres"} else given


def _move(source: Database, target: Database) -> tuple[list[Sum], int]:
    """In one transaction of the target: whatever fails or is killed leaves it as empty as it was."""
    with source.writer.connect() as old, old.begin():  # nobody writes there meanwhile
        schema.check(Session(old))
        try:
            with target.writer.connect() as new, new.begin():
                transfer.check_empty(new)
                schema.lay(new)
                sums = transfer.copy(old, new, without=JOBS)
                jobs.hand_over(Session(old), Session(new), clock.now())
                return sums, _check_chains(Session(new))
        except OperationalError as failure:
            raise Unreachable(reason=type(failure.orig).__name__) from failure


def _check_chains(session: Session) -> int:
    cases = session.execute(select(Case.id, Case.number, Case.seq, Case.head)).all()
    broken = [case.number for case in cases if history.verify(session, case.id, history.Head(case.seq, case.head))]
    if broken:
        raise Unsound(cases=broken[:5])
    return len(cases)


def _check_files(source: Database, data: Path | None) -> int:
    """Every file has the bytes that its row names; with a new data folder, they stand there as well."""
    with source.reader.connect() as connection:
        count, wrong = files.check(Session(connection), copy_to=data / "files" if data else None)
    if wrong:
        raise Unsound(files=wrong[:5])
    return count


def _kept(data: Path | None, chosen: Settings) -> str:
    return f"改为 JIDI_DATA={data}" if data else f"不变（{chosen.data.name}）"
