"""A case is found by what stands in its newest paper, in the fields that the reader may read and in no others."""

import orjson
import pytest

from engine import definitions
from ground import clock
from ground.database import reading
from tasks import declared, stuck, stuck_filters, stuck_rule
from tests.engine import desk, flows

SECRET = {
    "title": "评语",
    "readers": ["prov_leader"],
    "sections": [{"title": "一", "fields": [{"name": "word", "type": "text", "label": "评语"}]}],
}
SEALED = {**SECRET, "readers": [], "sealed": True}
OPEN = {
    "title": "登记",
    "sections": [
        {
            "title": "登记",
            "fields": [
                {"name": "name", "type": "text", "label": "企业名称"},
                {"name": "amount", "type": "decimal", "label": "金额", "places": 2},
                {"name": "count", "type": "integer", "label": "户数"},
                {"name": "on", "type": "date", "label": "日期"},
                {"name": "place", "type": "region", "label": "所在地", "level": "county"},
                {
                    "name": "kind",
                    "type": "choice",
                    "label": "类别",
                    "options": [{"code": "a", "label": "资金"}, {"code": "b", "label": "用地"}],
                },
                {"name": "phone", "type": "phone", "label": "电话"},
                {
                    "name": "list",
                    "type": "rows",
                    "label": "名单",
                    "columns": [{"name": "name", "type": "text", "label": "企业名称"}],
                },
            ],
        }
    ],
}
SAID = {
    "name": '泸州"老窖"100%_厂',
    "amount": "12.5",
    "count": 7,
    "on": "2026-11-20",
    "place": "510703",
    "kind": "b",
    "phone": "13900000000",
    "list": [{"name": "别处"}],
}


def task(name: str, form: str) -> str:
    return flows.user(name).replace('jidi:form="opinion"', f'jidi:form="{form}"')


def folder(forms):
    names = ["one", "two", "secret", "sealed", "last"]
    keys = {"one": "open", "two": "open", "secret": "secret", "sealed": "sealed", "last": "opinion"}
    body = flows.row(*(task(each, keys[each]) for each in names))
    more = {f"forms/{key}.json": orjson.dumps(form) for key, form in forms.items()}
    return flows.folder("asked", body, more=more)


@pytest.fixture
def officer(database):
    desk.publish(folder({"open": OPEN, "secret": SECRET, "sealed": SEALED}))
    return desk.person("officer", "prov_officer")


@pytest.fixture
def supervisor(database):
    return desk.person("watcher", "supervisor")


@pytest.fixture
def case(officer, stopped_clock):
    """A case at its last step, stuck, whose first form was sent twice."""
    found = desk.start("asked", officer)
    desk.do(found, "one", officer, {**SAID, "name": "头一次", "kind": "a"})
    desk.do(found, "two", officer, SAID)
    desk.do(found, "secret", officer, {"word": "绝密"})
    desk.do(found, "sealed", officer, {"word": "密封"})
    stopped_clock[0] += 14 * clock.DAY
    return found


def found(by, field, value, **more: str):
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        each = [
            stuck_filters.Filters(process="asked", field=field, value=value, order=order, **more)
            for order in ("", "due")
        ]
        pages = [stuck.opened(session, by, filters, rule) for filters in each]
        assert {count for page, count in pages} == {len(pages[0][0].items)}
        assert {stuck.count(session, by, rule, filters) for filters in each} == {len(pages[0][0].items)}
        return [row.case_ref for row in pages[0][0].items]


def test_what_is_short_and_open_to_the_reader_is_offered(officer, supervisor):
    assert officer
    with reading() as session:
        keys = {one.key for one in declared.offered(session, supervisor, "asked")}
        assert keys == {f"open.{name}" for name in ("name", "amount", "count", "on", "place", "kind")} | {
            "opinion.outcome"
        }
        leader = desk.person("leader", "prov_leader")
        assert {one.key for one in declared.offered(session, leader, "asked")} - keys == {"secret.word"}
        assert declared.offered(session, supervisor, "no such process") == []


@pytest.mark.parametrize(
    ("field", "value", "none"),
    [
        ("name", '老窖"100%_', "头一次"),
        ("name", "泸州", "别处"),
        ("name", "%", "百分"),
        ("amount", "12.5", "12.05"),
        ("amount", "12.50", "1e1"),
        ("count", "7", "70"),
        ("on", "2026-11-20", "2026-11-2"),
        ("place", "510703", "5107"),
        ("place", "510700", "510704"),
        ("place", "涪城", "没有的地方"),
        ("kind", "b", "a"),
        ("kind", "用地", "资金"),
    ],
)
def test_a_case_is_found_by_its_newest_paper_and_by_nothing_else(case, supervisor, field, value, none):
    assert found(supervisor, f"open.{field}", value) == [case]
    assert found(supervisor, f"open.{field}", none) == []


def test_it_is_one_filter_among_the_others(case, supervisor):
    number = desk.row(case).number
    assert found(supervisor, "open.name", "泸州", q=number) == [case]
    assert found(supervisor, "open.name", "头一次", q=number) == []
    assert found(supervisor, "open.name", "泸州", city="5101") == []
    assert found(supervisor, "open.name", "泸州", why="unclaimed") == [case]


def test_what_the_reader_may_not_read_is_never_matched(case, supervisor):
    for field, value in (("secret.word", "绝密"), ("sealed.word", "密封"), ("open.phone", "13900000000")):
        assert found(supervisor, field, value) == []
    assert found(desk.person("leader", "prov_leader"), "secret.word", "绝密") == [case]
    assert found(supervisor, "open.no_such", "x") == []
    assert found(supervisor, "'; drop--.x\"", "x") == []


def test_a_paper_is_read_by_the_version_that_it_was_sent_under(case, supervisor):
    """An older version that kept the form for others keeps it still."""
    definitions.forget()
    desk.publish(folder({"open": OPEN, "secret": {**SECRET, "readers": []}, "sealed": {**SEALED, "sealed": False}}))
    with reading() as session:
        assert "secret.word" in {one.key for one in declared.offered(session, supervisor, "asked")}
    assert found(supervisor, "secret.word", "绝密") == []
    assert found(supervisor, "open.name", "泸州") == [case]
