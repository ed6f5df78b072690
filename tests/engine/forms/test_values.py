"""One value of each type: what is taken, as what it is kept, and what is refused by name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.forms.typed import PHONE
from ground import clock
from tests.engine.forms.paper import field, form, sent, wrong

OPTIONS = [{"code": code, "label": label} for code, label in (("a", "甲"), ("b", "乙"), ("研发", "研发"))]
DECIMAL = field("decimal", places=4)
REF = "7k2m9x4c1bqe"

TAKEN = [
    (field("text"), "  四川 ", "四川"),
    (field("text"), "ﬁ e\u0301", "ﬁ é"),
    (field("text", pattern="[0-9]{6}"), "610000", "610000"),
    (field("prose"), "一\r\n二\t三\n", "一\n二\t三"),
    (field("integer"), "12", 12),
    (field("integer"), " 0 ", 0),
    (field("integer"), 12, 12),
    (field("integer", min=-5), "-5", -5),
    (DECIMAL, "123.45", "123.4500"),
    (DECIMAL, "0", "0.0000"),
    (DECIMAL, 7, "7.0000"),
    (DECIMAL, "99999999999999", "99999999999999.0000"),
    (field("decimal", min=-100, max=100), "-0.5", "-0.50"),
    (field("decimal", places=0), "12", "12"),
    (field("half", max=25), "8.5", "8.5"),
    (field("half", max=25), "8", "8.0"),
    (field("half", max=25), "8.50", "8.5"),
    (field("half", max=25), 0, "0.0"),
    (field("date"), "2026-02-28", "2026-02-28"),
    (field("flag"), "true", True),
    (field("flag"), "false", False),
    (field("flag"), False, False),
    (field("choice", options=OPTIONS), "研发", "研发"),
    (field("choices", options=OPTIONS), "b", ["b"]),
    (field("choices", options=OPTIONS), ["b", "a", "b", ""], ["a", "b"]),
    (field("region"), "510703", "510703"),
    (field("region", level="city"), "510700", "510700"),
    (field("hs_codes"), "8703.23, 8704；01、 2005 8704", ["870323", "8704", "01", "2005"]),
    (field("hs_codes"), ["8703", "9801000000"], ["8703", "9801000000"]),
    (field("phone"), "028-86611234", "028-86611234"),
    (field("phone"), "13800138000", "13800138000"),
    (field("phone"), "+44 20 7946 0958", "+44 20 7946 0958"),
    (field("phone"), "400-800-1234", "400-800-1234"),
    (field("email"), "a.b+c@mail.example.cn", "a.b+c@mail.example.cn"),
    (field("file"), REF, REF),
    (field("files"), REF, [REF]),
    (field("files"), ["", REF, REF, "000000000000"], [REF, "000000000000"]),
    (field("integer", not_applicable=True), "n/a", "n/a"),
    (field("integer", not_applicable=True), ["n/a", "5"], "n/a"),
    (field("rows", not_applicable=True, columns=[field("text", "name", label="")]), {"na": "n/a"}, "n/a"),
    (field("choice", options=[{"code": "n/a", "label": "无"}]), "n/a", "n/a"),
]


@pytest.mark.parametrize(("each", "raw", "kept"), TAKEN, ids=[f"{each[0]['type']}: {each[1]!r}" for each in TAKEN])
def test_a_value_is_kept_exactly(each, raw, kept):
    found = sent(form(each), x=raw)
    assert wrong(found) == []
    assert found.answers == {"x": kept}
    assert type(found.answers["x"]) is type(kept)


@pytest.mark.parametrize(
    "each", [each for each, _, _ in TAKEN], ids=[f"{at}-{each[0]['type']}" for at, each in enumerate(TAKEN)]
)
@pytest.mark.parametrize("blank", ["", "  \t", None, [], [""], {}])
def test_what_is_blank_is_no_answer_and_no_fault(each, blank):
    assert sent(form(each), x=blank).answers == {}
    assert wrong(sent(form({**each, "required": True}), x=blank)) == [("x", "field.required")]


def attack(each, raw, code, **params: Any):
    return pytest.param(each, raw, code, params, id=f"attack[088]-{each['type']}-{raw!r:.20}")


def refused(each, raw, code, **params: Any):
    return pytest.param(each, raw, code, params, id=f"{each['type']}-{raw!r:.30}")


WHOLE = field("integer", max=1000)
HALF = field("half", max=10)
NO_NUMBER = "field.not_a_number"


@pytest.mark.parametrize(
    ("each", "raw", "code", "params"),
    [
        *[
            attack(each, raw, NO_NUMBER)
            for each in (DECIMAL, WHOLE, HALF)
            for raw in (
                "NaN",
                "nan",
                "Infinity",
                "-Infinity",
                "inf",
                "1e999999",
                "1e5",
                "-0",
                "-0.0",
                "０",
                "１２．５",
                "1_000",
            )
        ],
        *[
            attack(each, raw, NO_NUMBER)
            for each in (DECIMAL, WHOLE, HALF)
            for raw in (
                "0x10",
                "1,000",
                "1，000",
                "true",
                True,
                "+5",
                ".5",
                "5.",
                "05",
                "1 000",
                "--5",
                "½",
                "五",
                "1/2",
                "$5",
                "٣",
            )
        ],
        attack(DECIMAL, "9" * 400, "field.too_large", max="99999999999999.0000"),
        attack(WHOLE, "9" * 400, "field.too_large", max=1000),
        attack(HALF, "9" * 400, "field.too_large", max="10.0"),
        attack(HALF, "9" * 35, "field.too_large", max="10.0"),
        attack(WHOLE, 10**4000, "field.too_large", max=1000),
        attack(WHOLE, "1.9", "field.not_whole"),
        attack(WHOLE, "1.0", "field.not_whole"),
        attack(WHOLE, 1.9, "field.not_whole"),
        attack(DECIMAL, 1.9, NO_NUMBER),
        attack(DECIMAL, float("nan"), NO_NUMBER),
        attack(DECIMAL, {"a": 1}, NO_NUMBER),
        attack(DECIMAL, ["1", "2"], NO_NUMBER),
        refused(DECIMAL, "1.23456", "field.places", places=4),
        refused(DECIMAL, "1.20000", "field.places", places=4),
        refused(DECIMAL, "-1", "field.too_small", min="0.0000"),
        refused(DECIMAL, "100000000000000", "field.too_large", max="99999999999999.0000"),
        refused(WHOLE, "-1", "field.too_small", min=0),
        refused(WHOLE, "1001", "field.too_large", max=1000),
        refused(HALF, "8.25", "field.half_point"),
        refused(HALF, "10.5", "field.too_large", max="10.0"),
        refused(field("text", max=3), "一二三四", "field.too_long", max=3),
        refused(field("text", min=3), "一二", "field.too_short", min=3),
        refused(field("text"), "a\nb", "field.characters", character="U+000A"),
        refused(field("text"), "a\0b", "field.characters", character="U+0000"),
        refused(field("text"), "a\u202eb", "field.characters", character="U+202E"),
        refused(field("text"), "\ud800", "field.characters", character="U+D800"),
        refused(field("prose"), "a\u0007b", "field.characters", character="U+0007"),
        refused(field("prose"), "a" * 5001, "field.too_long", max=5000),
        refused(field("text"), 5, "field.shape"),
        refused(field("text"), ["a", "b"], "field.shape"),
        refused(field("text"), {"a": "b"}, "field.shape"),
        refused(field("text", pattern="[0-9]{6}"), "61000", "field.pattern"),
        refused(field("text", pattern="[0-9]{6}"), "6100001", "field.pattern"),
        refused(field("text", pattern="[0-9]{6}"), "６１００００", "field.pattern"),
        refused(field("date"), "2026-02-30", "field.date"),
        refused(field("date"), "2026-2-3", "field.date"),
        refused(field("date"), "20260203", "field.date"),
        refused(field("date"), "2026年2月3日", "field.date"),
        refused(field("date"), "1899-12-31", "field.date"),
        refused(field("date"), 20260203, "field.date"),
        refused(field("date", min="2026-01-01"), "2025-12-31", "field.too_small", min="2026-01-01"),
        refused(field("date", max="2026-01-01"), "2026-01-02", "field.too_large", max="2026-01-01"),
        refused(field("flag"), "yes", "field.choice"),
        refused(field("flag"), 1, "field.choice"),
        refused(field("choice", options=OPTIONS), "c", "field.choice"),
        refused(field("choice", options=OPTIONS), ["a"], "field.choice"),
        refused(field("choices", options=OPTIONS), ["a", "c"], "field.choice"),
        refused(field("choices", options=OPTIONS), {"a": "b"}, "field.shape"),
        refused(field("choices", options=OPTIONS, min=2), ["a"], "field.too_few", min=2),
        refused(field("choices", options=OPTIONS, max=1), ["a", "b"], "field.too_many", max=1),
        refused(field("region"), "510700", "field.choice"),
        refused(field("region", level="city"), "510703", "field.choice"),
        refused(field("region", level="city"), "510000", "field.choice"),
        refused(field("region"), "５１０７０３", "field.choice"),
        refused(field("hs_codes"), "77; 2005", "V20", value="77"),
        refused(field("hs_codes"), "00", "V20", value="00"),
        refused(field("hs_codes"), "99", "V20", value="99"),
        refused(field("hs_codes"), "870", "V20", value="870"),
        refused(field("hs_codes"), "87032345670", "V20", value="87032345670"),
        refused(field("hs_codes", max=1), "8703 8704", "field.too_many", max=1),
        refused(field("phone"), "12345", "field.phone"),
        refused(field("phone"), "１３８００１３８０００", "field.phone"),
        refused(field("phone"), "13800138000\r\nx", "field.phone"),
        pytest.param(field("email"), "a@b.cn\r\nBcc: x", "field.email", {}, id="attack[092]"),
        refused(field("email"), "a@b", "field.email"),
        refused(field("email"), "a b@c.cn", "field.email"),
        refused(field("email"), "张三@例子.cn", "field.email"),
        refused(field("email"), "a@" + "b." * 150 + "cn", "field.email"),
        refused(field("file"), "../../etc/passwd", "field.file"),
        refused(field("file"), [REF], "field.shape"),
        refused(field("files", max_files=1), [REF, "0" * 12], "field.too_many", max=1),
        refused(field("files"), [REF, {"a": "b"}], "field.shape"),
        refused(field("integer"), "n/a", NO_NUMBER),
        refused(field("rows", columns=[field("text", "name", label="")]), "x", "field.shape"),
        refused(field("rows", columns=[field("text", "name", label="")]), {"name": "x"}, "field.shape"),
        refused(field("years", of={"type": "integer"}), "5", "field.shape"),
    ],
)
def test_a_value_that_is_not_plainly_right_is_refused_at_its_field(each, raw, code, params):
    found = sent(form(each), x=raw)
    assert [(problem.path, problem.code, dict(problem.params)) for problem in found.errors] == [("x", code, params)]
    assert found.errors[0].severity == "error"
    assert "x" not in found.answers


@pytest.mark.parametrize(("today", "errors"), [(15, [("x", "field.too_large")]), (16, [])])
def test_a_date_may_be_bounded_by_today_in_shanghai(today, errors):
    before = clock.use(lambda: datetime(2026, 2, today, 15, tzinfo=UTC))
    try:
        assert wrong(sent(form(field("date", max="today")), x="2026-02-16")) == errors
    finally:
        clock.use(before)


def test_a_hostile_telephone_number_is_refused_at_once():
    assert PHONE.fullmatch("+1" + "-" * 50_000) is None
