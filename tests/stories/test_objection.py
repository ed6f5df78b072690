"""An objection from the public page to its answer (R-9.6), and everything that anybody else could fetch meanwhile."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text

from bases.demo.papers import pdf
from bases.verdicts import notice, objection, objector
from engine import cases, forms, history
from engine.cases import Case
from engine.forms import FormContext
from engine.messages import Message
from engine.spiff import codec
from engine.waits import Wait
from ground import clock, files, grants, jobs, people
from ground.database import Row, reading, transaction
from ground.errors import Missing
from ground.grants import Grant
from ground.organs import Organ
from tasks import queue
from tests.bases import moves, noticed
from tests.house import source
from tests.workflows import folders

# What the statements are is proved on both databases by the other stories here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OTHERS = (
    "liu.min",
    "yang.li",
    "zhou.ping",
    "zhang.rui",
    "xu.hong",
    "gao.yuan",
    "liang.bo",
    "du.wen",
    "shi.lei",
    "qin.lan",
)
FOUND = {"found": "出口额与海关数据一致。", "outcome": "rejected", "reason": "所反映的情况不属实。"}


class Desk:
    """One objection to the second base of a notice of five, and the people who act on it."""

    def __init__(self, handled_by: str = "zhang.rui") -> None:
        with transaction() as session:
            found = noticed.published(session, clock.now())
            self.notice = found.id
            head = moves.actor(session, "xu.hong", clock.now()).person
            organ = session.scalar(select(Organ.id).where(Organ.code == "sc-mofcom"))
            grants.give(session, head, "prov_division_head", organ, clock.today())
            handled = moves.actor(session, handled_by, clock.now()).person
            base = notice.bases_of(session, [found.id])[found.id][1]
            self.base = base.base_id
            _sent_something(session, base.case_id, handled)
            taken = noticed.objected(session, found, "B042", clock.now())
            self.ref, self.id = taken.ref, taken.id
        jobs.run_due(clock.now())

    def person(self, login: str) -> people.Actor:
        with reading() as session:
            return moves.actor(session, login, clock.now())

    def row(self):
        with reading() as session:
            return objection.by_ref(session, self.ref)

    def case(self):
        with reading() as session:
            return session.execute(select(Case).where(Case.id == self.row().case_id)).one()

    def open(self) -> list[str]:
        with reading() as session:
            rows = session.execute(select(Wait.element).where(Wait.case_id == self.row().case_id).order_by(Wait.id))
            return sorted(row.element for row in rows)

    def do(self, login: str, element: str, answers: dict) -> cases.Moved:
        by, case = self.person(login), self.case().ref
        with transaction() as session:
            items = queue.page(session, by, queue.Filters(element=element)).items
            wait = next(item for item in items if item.case_ref == case)
            if wait.held_by is None:
                queue.claim(session, wait.ref, by, clock.now())
        return cases.complete(wait.ref, answers, by=by, key=wait.ref)

    def examined(self) -> None:
        self.do("xu.hong", "assign", {"handler": "陈静"})
        self.do("chen.jing", "examine", {"outcome": "go_on", "question": "请说明2025年出口额的来源。"})

    def to_the_leader(self, **changes: str) -> None:
        self.examined()
        self.do("liu.min", "ask_base", {"statement": "数据取自海关。"})
        self.do("zhou.ping", "ask_city", {"verified": "untrue", "statement": "经与海关核对，数据一致。"})
        self.do("chen.jing", "findings", {**FOUND, **changes})

    def agreed(self, **changes: str) -> None:
        self.to_the_leader(**changes)
        self.do("gao.yuan", "decide", {"opinion": "同意。", "outcome": "agree"})

    def answered(self) -> cases.Moved:
        answer = {"reply": "经核查，所反映的情况不属实。", "replied_on": clock.today().isoformat(), "way": "post"}
        return self.do("chen.jing", "reply", answer)

    def told(self) -> list[dict]:
        with reading() as session:
            rows = session.execute(select(Message.receiver, Message.name, Message.data)).all()
            return [dict(row.data) for row in rows if (row.receiver, row.name) == ("batch:7", "objection.settled")]


def _sent_something(session, case_id: int, person: int) -> None:
    session.execute(
        text(
            "INSERT INTO submission (case_id, seq, version_id, element, form, answers, digest, by_person, acting,"
            " received_at) SELECT id, 1, version_id, 'intake', 'intake', '{}', 'x', :person, 'x', started_at"
            " FROM cases WHERE id = :case"
        ),
        {"case": case_id, "person": person},
    )


@pytest.fixture
def desk(database, tmp_path):
    files.keep_in(tmp_path / "files")
    return Desk()


def test_r_9_6_an_objection_is_accepted_examined_decided_and_answered_and_the_batch_is_told(desk):
    assert desk.open() == ["assign"]
    desk.agreed()

    assert desk.row().state == "rejected"
    assert desk.told() == [{"base": desk.base, "outcome": "rejected"}]
    assert desk.answered().outcome == "rejected"
    with reading() as session:
        assert not objection.open_for(session, desk.notice, desk.base)
        row = desk.case()
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None


@ONE
def test_r_9_6_until_it_is_settled_it_holds_its_base(desk):
    desk.to_the_leader()
    with reading() as session:
        assert objection.open_for(session, desk.notice, desk.base)


@ONE
def test_what_the_leader_agrees_to_is_the_result(desk):
    desk.agreed(outcome="partly")

    assert desk.told() == [{"base": desk.base, "outcome": "partly"}]
    assert desk.answered().outcome == "partly"


@pytest.mark.performs("R-9.6")
def test_r_9_6_an_anonymous_one_is_a_clue_that_is_not_answered_and_holds_nothing(database):
    with transaction() as session:
        found = noticed.published(session, clock.now())
        taken = noticed.objected(session, found, "B042", clock.now(), name="", contact="")
    jobs.run_due(clock.now())

    with reading() as session:
        row = objection.by_ref(session, taken.ref)
        assert (row.state, row.handler_id) == ("clue", None)
        assert not objection.open_for(session, found.id, row.base_id)
        assert session.scalar(select(Case.outcome).where(Case.id == row.case_id)) == "clue"
        assert objection.report(session, found.id)[1].clues == 1


def test_a_case_that_was_asked_for_twice_begins_once(desk):
    again = {"objection": desk.ref}
    with transaction() as session:
        jobs.enqueue(session, "objection.begin", again, run_at=clock.now())
    jobs.run_due(clock.now())

    with reading() as session:
        assert len(session.execute(select(Case.id).where(Case.region == "510000")).all()) == 1


def test_r_9_6_whoever_handled_the_base_s_case_does_not_examine_the_objection(desk):
    with pytest.raises(cases.Invalid) as refused:
        desk.do("xu.hong", "assign", {"handler": "张睿"})

    problem = refused.value.detail["problems"][0]
    assert (problem.path, problem.code) == ("handler", "objection.not_apart")
    assert "张睿" not in problem.params["names"]
    assert desk.row().handler_id is None


@ONE
def test_only_an_officer_of_the_department_is_named(desk):
    for name in ("刘敏", "徐宏", "没有此人", "陈静 张睿", "%"):
        with pytest.raises(cases.Invalid):
            desk.do("xu.hong", "assign", {"handler": name})


@ONE
def test_the_form_suggests_who_may_and_has_fewest(desk):
    with reading() as session:
        assert forms.prefilled("objection_handler", session, desk.case()) == {"handler": "陈静"}


def test_the_base_and_the_city_are_asked_by_name_and_see_the_case_only_then(desk):
    for login in ("liu.min", "zhou.ping", "yang.li"):
        with reading() as session, pytest.raises(Missing):
            cases.find(session, desk.case().ref, desk.person(login))
    desk.examined()

    assert desk.open() == ["ask_base", "ask_city"]
    with reading() as session:
        for login in ("liu.min", "zhou.ping"):
            assert cases.find(session, desk.case().ref, desk.person(login)).id == desk.case().id
        for login in ("yang.li", "tang.hao", "song.ying"):
            with pytest.raises(Missing):
                cases.find(session, desk.case().ref, desk.person(login))


@ONE
def test_without_an_answer_in_time_it_goes_on_with_what_is_known(desk, stopped_clock):
    desk.examined()
    stopped_clock[0] += timedelta(days=8)
    cases.wake(desk.row().case_id)

    assert desk.open() == ["findings"]


def test_the_reply_is_extended_once_with_its_reason_and_what_was_found_stays(desk, stopped_clock):
    first = desk.row().reply_due_on
    stopped_clock[0] += timedelta(days=2)
    reason = {"outcome": "extend", "extension_reason": "需要核对海关原始单证。"}
    desk.to_the_leader(**reason, reason="")

    row = desk.row()
    assert desk.open() == ["findings_again"]
    assert (row.extended, row.reply_due_on > first) == (True, True)
    with reading() as session:
        assert forms.prefilled("objection_findings", session, desk.case())["found"] == FOUND["found"]
        with pytest.raises(objection.AlreadyExtended):
            objection.extend(session, row, clock.now())


@ONE
def test_without_a_reason_there_is_no_extension(desk):
    with pytest.raises(cases.Invalid):
        desk.to_the_leader(outcome="extend")


@ONE
def test_the_handler_s_forms_refuse_the_objector_s_name_and_contact(desk):
    desk.do("xu.hong", "assign", {"handler": "陈静"})
    for words in (noticed.NAME, f"据{noticed.NAME}反映", noticed.CONTACT, "电话13800000000"):
        with pytest.raises(cases.Invalid) as refused:
            desk.do("chen.jing", "examine", {"outcome": "go_on", "question": words})

        assert [each.code for each in refused.value.detail["problems"]] == ["objection.names_objector"]
        assert noticed.NAME not in str(refused.value.detail["problems"])


@ONE
def test_no_form_that_others_fill_could_tell_who_it_was(desk):
    with reading() as session:
        context = FormContext(session, desk.case(), 2025)
        assert objector.unnamed({"x": noticed.NAME}, context)
    for key in ("assign", "statement", "verification", "decision"):
        form = _form(f"objection-{key}")
        assert "objector_unnamed" not in form.checks


@pytest.mark.performs("R-9.6")
def test_attack_071_nobody_but_the_handler_reads_who_objected(desk):
    before = [login for login in ("chen.jing", *OTHERS) if _reads(desk, login)]
    desk.examined()
    after = [login for login in ("chen.jing", *OTHERS) if _reads(desk, login)]

    assert (before, after) == ([], ["chen.jing"])


@ONE
def test_attack_071_a_handler_who_is_no_officer_any_more_reads_nothing(desk, stopped_clock):
    desk.examined()
    with transaction() as session:
        person = desk.person("chen.jing").person
        grant = session.scalar(select(Grant.id).where(Grant.person_id == person, Grant.role == "prov_officer"))
        grants.revoke(session, grant, clock.today())

    assert not _reads(desk, "chen.jing")


@ONE
def test_attack_071_the_files_that_came_with_it_open_for_the_handler_alone(database, tmp_path):
    files.keep_in(tmp_path / "files")
    stamped = files.receive(_pdf(), "甄正言的盖章材料.pdf")
    with transaction() as session:
        found = noticed.published(session, clock.now())
        given = {"unit": True, "name": "某某公司", "seal": stamped, "evidence": (stamped,)}
        taken = noticed.objected(session, found, "B042", clock.now(), **given)
        chen, zhang = (moves.actor(session, login, clock.now()) for login in ("chen.jing", "zhang.rui"))
        objection.assign(session, taken.id, chen.person)
        known = objector.read(session, taken.ref, chen)
        ref = known.seal[0].ref
        assert objector.file_of(session, taken.ref, ref, chen).name == "甄正言的盖章材料.pdf"
        assert not any(cases.may_open(session, ref, by) for by in (chen, zhang))
        with pytest.raises(Missing):
            objector.file_of(session, taken.ref, ref, zhang)
        with pytest.raises(Missing):
            objector.file_of(session, taken.ref, "000000000000", chen)


def test_attack_073_after_the_whole_way_no_other_table_holds_a_word_of_the_objector(desk):
    desk.agreed()
    desk.answered()
    jobs.run_due(clock.now())

    assert _tables_with(noticed.NAME) == {"objector"}
    assert _tables_with(noticed.CONTACT) == {"objector"}
    assert _tables_with(noticed.FACTS) == {"objector"}


def _reads(desk: Desk, login: str) -> bool:
    with reading() as session:
        try:
            return objector.read(session, desk.ref, desk.person(login)).name == noticed.NAME
        except Missing:
            return False


def _tables_with(words: str) -> set[str]:
    """The tables in whose rows these words stand, in any column, also inside a case's packed state."""
    source.load()
    found = set()
    with reading() as session:
        for table in Row.metadata.sorted_tables:
            if not table.name.startswith("test_"):
                rows = session.execute(select(table)).mappings()
                found |= {str(table.name) for row in rows if any(words in _text(value) for value in row.values())}
    return found


def _text(value) -> str:
    if isinstance(value, bytes) and value[:1] == codec.VERSION:
        return codec._decompressor().decompress(value[1:], max_output_size=codec.OPENED).decode()
    return str(value)


def _form(key: str):
    folder = next(each for each in folders.folders() if each.name == "objection")
    return forms.load((folder / "forms" / f"{key}.json").read_bytes())


def _pdf() -> BytesIO:
    return BytesIO(pdf(["seal"]))
