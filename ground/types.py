"""The only column types of the house: a house test refuses any other."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Integer, LargeBinary, String, TypeDecorator, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# SQLite numbers rows by itself only in a column called INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")
Whole = BigInteger().with_variant(Integer, "sqlite")
Flag = Boolean(create_constraint=True)
Bytes = LargeBinary()


def clean(text: str) -> str:
    """NFC, without control characters but for line feed and tab: what both databases keep alike."""
    if text.isascii() and text.isprintable():
        return text
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if normal.isprintable():
        return normal
    return "".join(c for c in normal if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


class Text(TypeDecorator[str]):
    """Text of at most `length` characters, cleaned on its way in."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def coerce_compared_value(self, op: OperatorType | None, value: Any) -> Any:  # noqa: ARG002
        """What is looked for is no value of the column: it may be longer than one, and then stands nowhere."""
        return SOUGHT

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuse in Python what SQLite would let through."""
        if value is None:
            return None
        text = clean(value)
        if len(text) > self.length:
            message = f"{len(text)} characters where {self.length} fit"
            raise ValueError(message)
        return text


class _Sought(TypeDecorator[str]):
    """Text that is compared with a column: cleaned as what stands there was, and as long as it is."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text as it would stand there."""
        return None if value is None else clean(value)


SOUGHT = _Sought()


def Code(length: int = 60) -> Text:  # noqa: N802  reads as a type where it is used
    """A code of ours: short, ASCII by habit."""
    return Text(length)


Ref = Text(12)


class Instant(TypeDecorator[datetime]):
    """A moment as integer microseconds UTC; naive times are refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Microseconds since 1970, UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs its time zone"
            raise ValueError(message)
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """A local date as ten characters, `2026-11-23`: sorts and compares alike on both databases."""

    impl = String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(10)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """ISO 8601."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """The date."""
        return None if value is None else date.fromisoformat(value)


class Amount(TypeDecorator[int]):
    """An amount as a whole number of the indicator's smallest unit (亿元 with four places: 万元); never a float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse what is not whole."""
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            message = f"an amount is a whole number of its smallest unit, not {value!r}"
            raise ValueError(message)
        return value


class Document(TypeDecorator[Any]):
    """JSON as text, keys in the order given; for what is read back whole, and asked for one value with `Said` alone."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Compact JSON."""
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The value."""
        return None if value is None else orjson.loads(value)


class Said(FunctionElement[str]):
    """The value at the top of a Document under this name, as text; null where it has none."""

    inherit_cache = True

    def __init__(self, document: ColumnElement[Any] | InstrumentedAttribute[Any], name: str) -> None:
        super().__init__(document, literal(name, String))


@compiles(Said, "sqlite")
def _said_on_sqlite(element: Said, compiler: SQLCompiler, **kw: Any) -> str:
    document, name = (compiler.process(each, **kw) for each in element.clauses)
    return f"""CAST(json_extract({document}, '$."' || {name} || '"') AS TEXT)"""


@compiles(Said, "postgresql")
def _said_on_postgresql(element: Said, compiler: SQLCompiler, **kw: Any) -> str:
    document, name = (compiler.process(each, **kw) for each in element.clauses)
    return f"(CAST({document} AS JSON) ->> {name})"
