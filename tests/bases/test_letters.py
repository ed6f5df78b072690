"""The city's letter (R-9.1, S-2.2): what it must hold, whose it is, and how many bases it carries."""

from datetime import date

import pytest

from bases.filing import incoming_letter, steps
from bases.filing.incoming_letter import Letter
from engine.forms import FormContext
from ground import clock
from tests.bases import moves
from tests.bases.moves import Sent

GIVEN = {"incoming_number": "宜商〔2026〕12号", "dated_on": "2026-11-20", "signer": "曹云", "scan": "scan00000001"}


@pytest.fixture
def yibin(session):
    return incoming_letter.city_of(session, "511527", clock.today())


def filed(session, organ, case, **changes: str):
    letter = incoming_letter.read({**GIVEN, **changes})
    officer = moves.actor(session, "zhou.ping", clock.now()).person
    return incoming_letter.file(
        session, letter, organ_id=organ, case_id=case, purpose="report", by=officer, now=clock.now()
    )


def test_r_9_1_one_letter_carries_three_bases_and_stands_once(session, yibin):
    cases = [moves.open_case(session, key, clock.now()).id for key in ("B042", "B043", "B045")]
    refs = {filed(session, yibin, case) for case in cases}
    assert len(refs) == 1
    assert sorted(incoming_letter.cases_of(session, refs.pop())) == sorted(cases)
    assert [row.number for row in incoming_letter.of_case(session, cases[2], "report")] == ["宜商〔2026〕12号"]


def test_a_letter_carries_a_case_once_however_often_it_is_sent(session, yibin):
    case = moves.open_case(session, "B042", clock.now()).id
    assert filed(session, yibin, case) == filed(session, yibin, case)
    assert len(incoming_letter.of_case(session, case)) == 1


def test_r_9_1_the_letter_of_another_city_is_refused(session, yibin):
    case = moves.open_case(session, "B042", clock.now()).id
    filed(session, yibin, case)
    meishan = incoming_letter.city_of(session, "511403", clock.today())
    assert meishan not in {0, yibin}
    with pytest.raises(incoming_letter.OfAnotherCity):
        filed(session, meishan, moves.open_case(session, "B045", clock.now()).id)


@pytest.mark.parametrize(("name", "other"), [("dated_on", "2026-11-21"), ("signer", "周平")])
def test_a_known_number_with_another_date_or_signer_is_refused(session, yibin, name, other):
    case = moves.open_case(session, "B042", clock.now())
    filed(session, yibin, case.id)
    with pytest.raises(incoming_letter.Differs) as refused:
        filed(session, yibin, case.id, **{name: other})
    assert refused.value.detail["signer"] == "曹云"


@pytest.mark.parametrize("missing", incoming_letter.ASKED)
def test_r_9_1_without_number_date_signer_or_scan_nothing_is_filed(session, missing):
    given = {name: value for name, value in GIVEN.items() if name != missing}
    officer = moves.actor(session, "zhou.ping", clock.now()).person
    move = moves.moving(session, "B042", clock.now(), "zhou.ping", report=[Sent(given, officer, clock.now())])
    with pytest.raises(incoming_letter.Incomplete) as refused:
        steps.file_letter(move, task="report", purpose="report")
    assert refused.value.detail["missing"] == [missing]


def test_a_step_that_finds_no_form_files_nothing(session):
    move = moves.moving(session, "B042", clock.now(), "zhou.ping")
    with pytest.raises(incoming_letter.Incomplete):
        steps.file_letter(move, task="report", purpose="report")


def test_the_history_names_the_letter_and_what_it_was_for(session):
    officer = moves.actor(session, "zhou.ping", clock.now()).person
    move = moves.moving(session, "B042", clock.now(), "zhou.ping", report=[Sent(GIVEN, officer, clock.now())])
    steps.file_letter(move, task="report", purpose="report")
    ((kind, detail),) = move.lines
    assert (kind, detail["number"], detail["dated_on"]) == ("letter.reported", GIVEN["incoming_number"], "2026-11-20")


def test_the_form_finds_what_the_step_would_refuse_and_offers_the_letter_used_last(session, yibin):
    case = moves.open_case(session, "B042", clock.now())
    filed(session, yibin, case.id)
    context = FormContext(session, case)
    answers = {**GIVEN, "outcome": "forward"}
    assert incoming_letter.fits(answers, context) == []
    (wrong,) = incoming_letter.fits({**answers, "signer": "周平"}, context)
    assert (wrong.path, wrong.code) == ("incoming_number", "letter.differs")
    assert incoming_letter.fits({**answers, "signer": "周平", "outcome": "refuse"}, context) == []
    assert incoming_letter.newest(session, case) == GIVEN
    assert incoming_letter.newest(session, moves.open_case(session, "B045", clock.now())) == {}


def test_a_letter_reads_as_it_was_typed():
    assert incoming_letter.read(GIVEN) == Letter("宜商〔2026〕12号", date(2026, 11, 20), "曹云", "scan00000001")
