"""The rules as people change them: parameters, the calendar, policy versions, organs; who may, and what it moves."""

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlalchemy import select, update

from bases.documents import document, receipts
from bases.measures import clauses, pasted, policy, rulers, shapes, succession, terms, workdays
from bases.measures.shapes import WrongKind
from engine import cases, definitions, history
from engine.cases import recounting
from engine.cases.case import by_policy
from engine.definitions import Release, Version
from engine.waits import Timer, Wait
from ground import accounts, clock, files, jobs, organs, parameters, people, seed
from ground.database import reading, transaction
from ground.errors import Forbidden
from ground.grants import Grant
from tests.bases import issuing
from tests.engine import desk, flows
from tests.web import support

OWNER, HEAD, OFFICER, CITY = "qin.lan", "ma.jun", "chen.jing", "zhou.ping"
TODAY = date(2026, 11, 23)
DECEMBER = datetime(2026, 12, 21, 1, 0, tzinfo=UTC)
# Twenty working days from 21 December: with 2027 as it is reckoned, and as the notice below makes it.
BEFORE, AFTER = date(2027, 1, 19), date(2027, 1, 18)
FILLED = flows.folder(
    "filled",
    '<bpmn:startEvent id="begin"/>'
    + flows.user("ask", more='jidi:deadline="fill"')
    + '<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="true"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("fill")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + flows.user("urge", more='jidi:deadline="fill"')
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "ask")
    + flows.flow("ask", "urge")
    + flows.flow("late", "urge")
    + flows.flow("urge", "done"),
)
LATER = {
    "id": "2026",
    "number": "川商贸发〔2026〕9号",
    "zh": "四川省外贸转型升级基地管理办法（2026年修订）",
    "issued_on": "2026-11-20",
    "period_ends_on": "2027-06-30",
    "banner_zh": "本办法有效期已届满",
    "text": "管理办法\n第一条　目的。\n第二条 认定。\n（一）条件甲。\n（二）条件乙。\n第十六条 解释。",
}


def notice_of_2027() -> str:
    """In the shape of holiday-cn; its days are made up here, but for New Year's make-up Sunday of their kind."""
    spans = {
        "元旦": ("01-01", 3),
        "春节": ("02-05", 7),
        "清明节": ("04-03", 3),
        "劳动节": ("05-01", 5),
        "端午节": ("06-09", 1),
        "中秋节": ("09-15", 1),
        "国庆节": ("10-01", 7),
    }
    days = [
        {"name": name, "date": str(date.fromisoformat(f"2027-{first}") + timedelta(days=n)), "isOffDay": True}
        for name, (first, number) in spans.items()
        for n in range(number)
    ]
    days.append({"name": "元旦", "date": "2027-01-10", "isOffDay": False})
    return orjson.dumps({"year": 2027, "papers": ["https://www.gov.cn/2027"], "days": days}).decode()


@pytest.fixture
def browse(office):
    """A browser in which this person is signed in, on a house of its own."""

    def client_of(login):
        client = support.browser(office)
        support.sign_in(client, login)
        return client

    return client_of


@pytest.fixture
def filler(database):
    """Somebody who may do the task of the small process that has a deadline of twenty working days."""
    assert database
    desk.publish(FILLED)
    return desk.person("officer", "prov_officer")


def post(client, path, **data: str):
    return client.post(path, data={"csrf": support.token_of(client), **data})


def actor(session, login):
    return people.actor(session, accounts.by_login(session, login).id, clock.today())


def ahead(stopped_clock, days):
    """Some days later, also for the jobs that wait."""
    by = timedelta(days=days)
    stopped_clock[0] += by
    with transaction() as session:
        jobs.bring_forward(session, by)
    run_jobs()


def run_jobs():
    for _ in range(5):
        jobs.run_due(clock.now())


def dates(case):
    """The day of each task and timer of a case, by its element."""
    number = desk.row(case).id
    with reading() as session:
        rows = [
            *session.execute(select(Wait.element, Wait.due_on, Wait.due_at).where(Wait.case_id == number)),
            *session.execute(select(Timer.element, Timer.due_on, Timer.due_at).where(Timer.case_id == number)),
        ]
    assert all(row.due_at in (clock.end_of(row.due_on), clock.NEVER) for row in rows)
    return {row.element: row.due_on for row in rows}


def kinds(case):
    with reading() as session:
        return [line.kind for line in history.read(session, desk.row(case).id)]


# Parameters.


def test_every_parameter_has_a_name_and_can_be_typed_as_it_is():
    typed = {True: "yes", False: "no", None: ""}
    for term in seed.terms():
        assert terms.name(term.key).zh != term.key, term.key
        given = {
            part.name: ",".join(map(str, part.value))
            if isinstance(part.value, list)
            else typed[part.value]
            if part.value is None or isinstance(part.value, bool)
            else str(part.value)
            for part in shapes.parts(term)
        }
        assert shapes.assembled(term, given) == term.value, term.key


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("deadline.fill", {"n": "0", "unit": "working_days"}),
        ("deadline.fill", {"n": "20", "unit": "weeks"}),
        ("deadline.fill", {"n": "zwanzig", "unit": "days"}),
        ("assess.begins_on", {"value": "02-30"}),
        ("boundary.roll", {"value": "vielleicht"}),
        ("visit.random_share", {"value": "101"}),
        ("report.remind_before", {"value": "20, 20"}),
        ("recheck.rule", {"value": "nobody"}),
        ("document.numbering", {"value": ""}),
    ],
)
def test_a_value_of_another_kind_is_refused(key, given):
    term = next(one for one in seed.terms() if one.key == key)
    with pytest.raises(WrongKind):
        shapes.assembled(term, given)


def test_a_new_value_is_seen_first_and_holds_from_its_day_for_what_opens_then(browse, filler, stopped_clock):
    case = desk.start("filled", filler)
    client = browse(OWNER)
    assert "deadline.fill" in client.get("/rules/parameters").text
    seen = client.get("/rules/parameters/deadline.fill?n=10&unit=working_days&on=2026-11-24").text
    assert "2026年12月22日" in seen  # what begins on 24 November, before and after
    assert "2026年12月8日" in seen
    assert "1项待办" in seen  # and the task that is open and stays
    change = {"n": "10", "unit": "working_days", "on": "2026-11-24"}
    assert post(client, "/rules/parameters/deadline.fill", **change).status_code == 422  # on what ground?
    assert post(client, "/rules/parameters/deadline.fill", **change, note="厅务会议纪要第3号").status_code == 303
    assert dates(case)["ask"] == date(2026, 12, 21)
    stopped_clock[0] += timedelta(days=1)
    desk.do(case, "ask", filler)
    assert dates(case)["urge"] == date(2026, 12, 8)  # a running case, too: it has the value of the day
    page = browse(OWNER).get("/rules/parameters/deadline.fill").text
    assert "厅务会议纪要第3号" in page
    assert "20 工作日" in page
    with reading() as session:
        assert [one.value["n"] for one in parameters.history(session, "deadline.fill")] == [20, 10]


@pytest.mark.parametrize(
    ("on", "n", "code"),
    [("2026-11-23", "10", "新值最早从明天起生效"), ("2020-01-01", "10", "新值最早"), ("2026-11-24", "20", "没有变化")],
)
def test_a_change_of_what_is_over_or_of_nothing_is_refused_and_writes_nothing(browse, on, n, code):
    client = browse(HEAD)
    for answer in (
        client.get(f"/rules/parameters/deadline.fill?n={n}&unit=working_days&on={on}"),
        post(client, "/rules/parameters/deadline.fill", n=n, unit="working_days", on=on, note="x"),
    ):
        assert answer.status_code == 422
        assert code in answer.text
    with reading() as session:
        assert len(parameters.history(session, "deadline.fill")) == 1


def test_computed_rules_are_shown_with_an_example_that_anybody_can_work_out(browse):
    page = browse(OWNER).get("/rules/computed").text
    for worked in (
        "2027年2月28日",  # 31 August and six months, a Sunday
        "2027年3月1日",  # so the material moves on
        "84.67",  # of 84.5, 78 and 91.5
        "13.5",
        "同分，须由人决定",
        "13.3%",  # of 300 and 340; what is missing is left out
    ):
        assert worked in page, worked


@pytest.mark.parametrize("login", [OFFICER, CITY, "liu.min", "gao.yuan"])
def test_nobody_else_changes_a_rule(browse, login):
    client = browse(login)
    for path in ("parameters", "computed", "calendar", "policies", "organs", "parameters/deadline.fill"):
        assert client.get(f"/rules/{path}").status_code == 403
    for path in ("parameters/deadline.fill", "calendar", "policies", "policies/2020/activation", "organs/" + "a" * 12):
        assert post(client, f"/rules/{path}").status_code == 403
    with transaction() as session:
        by, now = actor(session, login), clock.now()
        later = date(2026, 12, 1)
        for act in (
            lambda: terms.change(session, "notice.days", 7, later, by=by, note="x", now=now),
            lambda: workdays.take(session, notice_of_2027(), by=by, now=now),
            lambda: policy.activate(session, "2020", later, by=by, now=now),
            lambda: succession.rename(session, "a" * 12, "某", "X", later, by=by, note="x", now=now),
        ):
            with pytest.raises(Forbidden):
                act()


def test_a_process_owner_of_another_organ_changes_no_rule(database):
    assert database
    city = desk.person("owner", "process_owner", organ="city-510700")
    with pytest.raises(Forbidden):
        rulers.check(city, "x")


# The calendar.


def test_n_6_the_notice_is_taken_and_open_dates_are_reckoned_again(browse, filler, stopped_clock):
    """N-6: an import tool; what moved is listed with case, task, before and after, and stands in the history."""
    stopped_clock[0] = DECEMBER
    case = desk.start("filled", filler)
    assert dates(case) == {"ask": BEFORE, "late": BEFORE}
    client = browse(OWNER)
    assert "暂按周末与法定节假日推算" in client.get("/rules/calendar?year=2027").text
    assert "2027年的放假通知还没有录入" in client.get("/home").text
    seen = post(client, "/rules/calendar/preview", notice=notice_of_2027())
    assert "2027年1月19日" in seen.text
    assert "2027年1月18日" in seen.text
    assert dates(case)["ask"] == BEFORE  # nothing is written by looking
    assert post(client, "/rules/calendar", notice=notice_of_2027()).status_code == 303
    run_jobs()
    assert dates(case) == {"ask": AFTER, "late": AFTER}
    assert kinds(case).count("deadline.recounted") == 1
    with reading() as session:
        change = recounting.every(session)[0]
        assert change.ended_at is not None
        assert recounting.counts(session, change.id) == {"": 2}
        wait = session.execute(select(Wait).where(Wait.deadline == "fill")).one()
        assert not wait.provisional
    listed = client.get(f"/rules/calendar/changes/{change.ref}").text
    assert desk.row(case).number in listed
    assert "随日历改变" in listed
    assert f"/cases/{case}" not in listed  # an owner keeps the rules and opens no case
    assert "2027年的放假通知" not in client.get("/home").text
    assert post(client, "/rules/calendar", notice=notice_of_2027()).status_code == 422  # nothing new


def test_a_date_that_a_served_notice_fixed_and_one_that_was_put_off_stay(filler, stopped_clock):
    stopped_clock[0] = DECEMBER
    served, put_off = (desk.start("filled", filler, key=key) for key in ("one", "two"))
    with transaction() as session:
        of = (Wait.case_id == desk_row(session, served),)
        session.execute(update(Wait).where(*of).values(due_kind="notice"))
        later = date(2027, 1, 25)
        of = (Wait.case_id == desk_row(session, put_off),)
        session.execute(update(Wait).where(*of).values(due_on=later, due_at=clock.end_of(later)))
    take()
    assert dates(served) == {"ask": BEFORE, "late": AFTER}
    assert dates(put_off) == {"ask": later, "late": AFTER}
    with reading() as session:
        assert recounting.counts(session, recounting.every(session)[0].id) == {"": 2, "notice": 1, "otherwise": 1}


def test_the_printed_end_of_a_public_notice_stays(filler, stopped_clock):
    """As the shipped notice waits: until the end of a day that is printed, whatever a calendar says later."""
    stopped_clock[0] = DECEMBER
    timer = (
        '<bpmn:intermediateCatchEvent id="open"><bpmn:timerEventDefinition>'
        '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">end_of("2027-01-19")</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    ends = flows.user("next") + '<bpmn:endEvent id="done"/>'
    ways = flows.flow("begin", "open") + flows.flow("open", "next") + flows.flow("next", "done")
    desk.publish(flows.folder("noticed", '<bpmn:startEvent id="begin"/>' + timer + ends + ways))
    case = desk.start("noticed", filler)
    take()
    assert dates(case) == {"open": BEFORE}
    assert "deadline.recounted" not in kinds(case)


def test_the_days_that_a_case_stood_suspended_are_kept(filler, stopped_clock):
    stopped_clock[0] = DECEMBER
    head = desk.person("head", "prov_division_head")
    case, asleep = (desk.start("filled", filler, key=key) for key in ("one", "two"))
    cases.suspend(case, by=head, reason="中止", key="s")
    stopped_clock[0] += timedelta(days=3)
    cases.resume(case, by=head, reason="恢复", key="r")
    cases.suspend(asleep, by=head, reason="中止", key="t")
    assert dates(case)["ask"] == BEFORE + timedelta(days=3)
    take()
    assert dates(case)["ask"] == AFTER + timedelta(days=3)
    stopped_clock[0] += timedelta(days=2)
    cases.resume(asleep, by=head, reason="恢复", key="u")
    assert dates(asleep) == {"ask": AFTER + timedelta(days=2), "late": AFTER + timedelta(days=2)}


def test_a_job_that_is_run_twice_moves_nothing_twice(filler, stopped_clock, monkeypatch):
    monkeypatch.setattr(recounting, "AT_ONCE", 1)
    stopped_clock[0] = DECEMBER
    case = [desk.start("filled", filler, key=key) for key in ("one", "two", "three")]
    take(run=False)
    with reading() as session:
        number = recounting.every(session)[0].id
    for _ in range(2):
        recounting.run({"recount": number, "after": 0})
    run_jobs()
    assert [dates(one)["ask"] for one in case] == [AFTER] * 3
    assert [kinds(one).count("deadline.recounted") for one in case] == [1, 1, 1]


def test_days_that_are_over_are_not_changed(browse, stopped_clock):
    stopped_clock[0] = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
    changed = notice_of_2027().replace('"2027-01-03","isOffDay":true', '"2027-01-03","isOffDay":false')
    changed = changed.replace('"date":"2027-01-10"', '"date":"2027-01-17"')
    answer = post(browse(OWNER), "/rules/calendar", notice=changed)
    assert answer.status_code == 422
    assert "已经过去的日子" in answer.text


def test_the_warning_begins_on_the_first_of_november(filler, stopped_clock):
    assert filler
    for moment, year in ((datetime(2026, 10, 31, 1, tzinfo=UTC), None), (datetime(2026, 11, 1, 1, tzinfo=UTC), 2027)):
        stopped_clock[0] = moment
        with reading() as session:
            assert workdays.warning(session, clock.today()) == year


def test_a_job_that_comes_before_its_day_waits_on(filler, stopped_clock):
    assert filler
    with transaction() as session:
        was = organs.body(session, "sc-finance")
        by = actor(session, OWNER)
        later = date(2026, 11, 25)
        succession.rename(session, was.ref, "新财政厅", "Finance", later, by=by, note="依据", now=clock.now())
        number = session.scalar(select(succession.OrganChange.id))
    succession.succeed({"change": number})
    policy.rest({})
    with reading() as session:
        assert session.scalar(select(succession.OrganChange.ended_at)) is None
    ahead(stopped_clock, 2)
    with reading() as session:
        assert session.scalar(select(succession.OrganChange.ended_at)) is not None


def desk_row(session, case):
    return session.scalar(select(cases.Case.id).where(cases.Case.ref == case))


def take(*, run=True):
    with transaction() as session:
        workdays.take(session, notice_of_2027(), by=actor(session, OWNER), now=clock.now())
    if run:
        run_jobs()


# Policy versions.


def test_d_3_a_case_keeps_the_policy_that_it_began_under(browse, filler, stopped_clock):
    """D-3: a case of before shows the rules of 2020 after the version of 2026 is activated."""
    old = desk.start("filled", filler, key="old")
    client = browse(HEAD)
    assert post(client, "/rules/policies", **LATER).location.endswith("/rules/policies/2026")
    assert "条件乙" in client.get("/rules/policies/2026").text
    assert client.get("/about/measures?policy=2026").status_code == 404  # not in force from any day yet
    assert post(client, "/rules/policies/2026/activation", on="2026-11-22").status_code == 422
    assert post(client, "/rules/policies/2026/activation", on="2026-11-25").status_code == 303
    run_jobs()
    assert "2026年修订" not in client.get("/about/measures").text.split("其他版本")[0]
    between = desk.start("filled", filler, key="between", subject="base:2")
    ahead(stopped_clock, 2)
    new = desk.start("filled", filler, key="new", subject="base:3")
    with reading() as session:
        assert by_policy(session) == {"2020": 2, "2026": 1}
        rest_on = {case: definitions.policy_of(session, desk.row(case).release_id) for case in (old, between, new)}
    assert rest_on == {old: "2020", between: "2020", new: "2026"}
    client = browse(HEAD)  # the session of two days ago is over
    assert "川商贸发〔2020〕18号" in client.get(f"/cases/{old}").text
    assert "川商贸发〔2026〕9号" in client.get(f"/cases/{new}").text
    assert "条件乙" in client.get("/about/measures").text
    assert "特色产业" in client.get("/about/measures?policy=2020").text


def test_d_3_the_banner_is_that_of_the_policy_in_force_from_the_day_after_its_period(browse, stopped_clock):
    """D-3: banner from the day after the period, its text entered with the version."""
    client = browse(OWNER)
    assert "现已届满；管理办法（试行）未载明有效期" in client.get("/register").text
    post(client, "/rules/policies", **LATER)
    post(client, "/rules/policies/2026/activation", on="2026-11-23")
    stopped_clock[0] = datetime(2027, 6, 30, 1, tzinfo=UTC)
    assert "届满" not in client.get("/register").text
    stopped_clock[0] = datetime(2027, 7, 1, 1, tzinfo=UTC)
    assert "本办法有效期已届满" in client.get("/register").text


def test_a_migrated_case_keeps_its_policy(filler):
    old = desk.start("filled", filler)
    with transaction() as session:
        definitions.rest_on(session, "2026")
    parts = dict(FILLED)
    parts["README.md"] = b"another"
    desk.publish(parts)
    owner = desk.person("owner", "process_owner")
    with reading() as session:
        newest = session.scalar(select(Version.ref).order_by(Version.id.desc()).limit(1))
    assert cases.migrate([old], newest, by=owner, reason="换版", dry=False)[0].result == "moved"
    with reading() as session:
        row = session.execute(select(Release).where(Release.id == desk.row(old).release_id)).one()
    assert row.policy == "2020"
    assert row.version_id == desk.row(old).version_id


@pytest.mark.parametrize(
    "wrong",
    [{"id": "2020"}, {"text": "没有条款"}, {"number": ""}, {"banner_zh": ""}, {"issued_on": "nie"}, {"id": "二〇"}],
)
def test_a_policy_that_is_not_whole_is_refused_and_what_was_typed_comes_back(browse, wrong):
    answer = post(browse(OWNER), "/rules/policies", **(LATER | wrong))
    assert answer.status_code in (409, 422)
    assert "2026年修订" in answer.text


def test_a_pasted_text_is_cut_into_the_clauses_that_steps_cite():
    found = {each["id"]: each["zh"] for each in pasted.clauses(LATER["text"] + "\n附件：\n信息表")}
    assert list(found) == ["1", "2", "2(1)", "2(2)", "16", "附件"]
    assert found["2(2)"] == "条件乙。"
    assert pasted.number("二十一") == 21
    with pytest.raises(pasted.NoClauses):
        pasted.clauses("第一条 甲\n第一条 乙")


def test_r_1_1_the_public_page_shows_purpose_and_basis(visitor):
    """R-1.1, D-5: the clause that a step cites is shown, with an address of its own."""
    page = visitor.get("/about/measures").text
    assert 'id="c-1"' in page
    assert clauses.every()["1"].zh.splitlines()[-1] in page


# Organs.


def test_d_1_an_organ_is_renamed_from_a_day_and_old_documents_print_the_old_name(browse, stopped_clock, tmp_path):
    """D-1: rename one with effective date; documents issued before still print the old name."""
    files.keep_in(tmp_path / "files")
    issuing.staff()
    with reading() as session:
        was = organs.body(session, "city-510700")
    text = f"{was.name}、各市（州）商务主管部门"
    paper = issuing.Issuing().issued(main_text=text)
    client = browse(OWNER)
    assert was.name in client.get("/rules/organs?kind=city").text
    new = {"what": "renamed", "name": "绵阳市商务和口岸局", "name_en": "Mianyang Commerce", "note": "绵委〔2026〕1号"}
    assert post(client, f"/rules/organs/{was.ref}", on="2026-11-25", **new).status_code == 303
    run_jobs()
    assert city_key() == f"city_officer@{was.id}"
    ahead(stopped_clock, 2)
    with reading() as session:
        successor = session.execute(select(organs.Organ).where(organs.Organ.name == "绵阳市商务和口岸局")).one()
        printed = document.whole(session, paper.row())
        addressed = {each.name for each in receipts.of_document(session, paper.row().id)}
        around = receipts.Around(organs.body(session, "sc-mofcom").id, "510000")
        now_addressed = receipts.organs_of(session, ["cities_commerce"], around, clock.today())
    assert city_key() == f"city_officer@{successor.id}"
    assert printed.main == text
    assert was.name in addressed
    assert successor.name not in addressed
    assert successor.id in now_addressed
    assert was.id not in now_addressed
    client = browse(OWNER)  # the session of two days ago is over
    page = client.get(f"/rules/organs/{was.ref}").text
    assert "绵阳市商务和口岸局" in page
    assert "绵委〔2026〕1号" in page
    assert post(client, f"/rules/organs/{was.ref}", on="2026-12-01", **new).status_code == 409


def city_key():
    with reading() as session:
        return people.resolve(session, "city_officer", "case-city", None, "510703", clock.today()).key


def test_the_open_tasks_of_a_merged_organ_wait_for_its_successor_and_their_holder_keeps_them(browse, stopped_clock):
    desk.publish(flows.in_a_row("row", 2))
    with reading() as session:
        was, into = organs.body(session, "sc-finance"), organs.body(session, "sc-industry")
    liaison = desk.person("liaison", "dept_liaison", organ="sc-finance")
    officer = desk.person("officer", "prov_officer")
    case = desk.start("row", officer)
    wait = next(iter(desk.waits(case).values()))
    with transaction() as session:
        session.execute(
            update(Wait)
            .where(Wait.id == wait.id)
            .values(queue=f"dept_liaison@{was.id}", held_by=liaison.person, held_at=clock.now())
        )
    client = browse(HEAD)
    change = {"what": "merged", "into": into.ref, "on": "2026-11-24", "note": "机构改革方案"}
    assert post(client, f"/rules/organs/{was.ref}", **change).status_code == 303
    ahead(stopped_clock, 1)
    moved = next(iter(desk.waits(case).values()))
    assert (moved.queue, moved.held_by) == (f"dept_liaison@{into.id}", liaison.person)
    assert "task.rekeyed" in kinds(case)
    with reading() as session:
        held = people.actor(session, liaison.person, clock.today())
        assert held.keys == {f"person:{liaison.person}", f"dept_liaison@{into.id}"}
        change = session.execute(select(succession.OrganChange)).one()
        assert (change.moved, change.ended_at is not None) == (1, True)
        grants = session.execute(select(Grant).where(Grant.person_id == liaison.person).order_by(Grant.id)).all()
        assert [grant.valid_to for grant in grants] == [TODAY, None]


@pytest.mark.parametrize(
    ("code", "data", "status"),
    [
        ("sc-mofcom", {"name": "商务和口岸厅", "name_en": "X", "on": "2026-12-01"}, 409),
        ("sc-finance", {"name": "四川省财政厅", "name_en": "X", "on": "2026-12-01"}, 422),
        ("sc-finance", {"name": "新名", "name_en": "X", "on": "2026-11-22"}, 422),
        ("sc-finance", {"name": "新名", "name_en": "X", "on": "2040-01-01"}, 422),
        ("sc-finance", {"what": "merged", "into": "", "on": "2026-12-01"}, 422),
        ("cd-pbc", {"name": "新名", "name_en": "X", "on": "2026-12-01"}, 409),
    ],
)
def test_a_change_of_an_organ_that_cannot_be_is_refused(browse, code, data, status):
    with reading() as session:
        ref = organs.body(session, code).ref
    answer = post(browse(OWNER), f"/rules/organs/{ref}", **{"what": "renamed", "note": "依据", **data})
    assert answer.status_code == status


def test_a_county_that_was_merged_into_another_place_is_still_found_by_its_region(database):
    assert database
    with transaction() as session:
        was, into = organs.body(session, "county-510104"), organs.body(session, "county-510105")
        organs.end(session, was.id, TODAY, into.id)
        found = people.resolve(session, "base_authority", "case-county", None, "510104", TODAY + timedelta(days=1))
        assert found.key == f"base_authority@{into.id}"
        assert people.resolve(session, "base_authority", "case-county", None, "510104", TODAY).key.endswith(
            f"@{was.id}"
        )
