"""A city's letter that is entered already is chosen for its other bases, and not typed again (R-9.1)."""

from datetime import date

import pytest
from sqlalchemy import select

from bases import demo
from bases.filing import incoming_letter
from bases.filing.incoming_letter import Letter
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from tests.bases import moves, neighbours
from tests.stories.test_batch_of_eight import Applicant
from tests.stories.test_designation import LETTER
from tests.web.reviewing import Reviewer

OFFICER = "zhou.ping"
OTHER = "宜商〔2026〕13号"


@pytest.fixture
def house(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    return office


@pytest.fixture
def three(house) -> list[Applicant]:
    """Three bases of Yibin before their report; the first is reported by a letter that was typed."""
    now = clock.now()
    with transaction() as session:
        refs = {"liu.min": moves.base(session, "B042").ref}
        for county, name, feature, login in (
            ("511528", "宜宾市兴文县", "方竹笋", "xingwen"),
            ("511529", "宜宾市屏山县", "白魔芋", "pingshan"),
        ):
            refs[login] = neighbours.add(session, "B042", county, name, feature, login, now)
            neighbours.hold(session, "yang.li", "base_authority", f"county-{county}")
    made = [Applicant(login, ref, "yang.li", OFFICER).to_the_report() for login, ref in refs.items()]
    made[0].report(OFFICER)
    return made


def of_case(one: Applicant) -> list[str]:
    with reading() as session:
        return [row.number for row in incoming_letter.of_case(session, one.row().id, incoming_letter.REPORT)]


def task(one: Applicant) -> str:
    with reading() as session:
        return session.scalar(select(Wait.ref).where(Wait.case_id == one.row().id, Wait.element == "report"))


def another(one: Applicant) -> None:
    """The same city has entered a newer letter."""
    scan = one.paper(OFFICER, "another")
    with transaction() as session:
        organ = incoming_letter.city_of(session, one.row().region, clock.today())
        by = moves.actor(session, OFFICER, clock.now())
        letter = Letter(OTHER, date(2026, 11, 20), "曹云", scan)
        incoming_letter.file(
            session, letter, organ_id=organ, case_id=one.row().id, purpose="report", by=by.person, now=clock.now()
        )


def test_r_9_1_one_letter_covers_three_bases_by_choosing_it(house, three):
    """R-9.1: one letter covers 3 bases; the second and the third time it is chosen, also behind a newer one."""
    first, *rest = three
    another(first)
    city = Reviewer(house, OFFICER)
    for one in rest:
        ref = task(one)
        city.send(f"/tasks/{ref}/claim")
        city.go(f"/tasks/{ref}")
        (choose,) = [a for a in city.all("a") if f"使用 {LETTER['incoming_number']}" in a.text_content()]
        city.go(choose.get("href"))
        assert city.value("incoming_number") == LETTER["incoming_number"]
        assert "已填入" in city.text
        city.press(outcome="forward")
        assert of_case(one) == [LETTER["incoming_number"]]
        newest = city
    assert newest.answer.status_code == 200
    with reading() as session:
        letter = incoming_letter.of_case(session, rest[0].row().id)[0]
        assert len(incoming_letter.cases_of(session, letter.ref)) == 3
        known = {row.number: row.carries for row in incoming_letter.to_choose(session, first.row())}
    assert known == {OTHER: 1, LETTER["incoming_number"]: 3}


def test_looking_at_a_letter_keeps_nothing_and_a_draft_stays(house, three):
    ref = task(three[1])
    city = Reviewer(house, OFFICER).send(f"/tasks/{ref}/claim")
    city.go(f"/tasks/{ref}").press("save", signer="签发人甲")
    with reading() as session:
        (known,) = incoming_letter.to_choose(session, three[0].row())
    assert city.go(f"/tasks/{ref}?letter={known.ref}").value("signer") == LETTER["signer"]
    assert city.go(f"/tasks/{ref}").value("signer") == "签发人甲"


def test_attack_a_letter_of_another_city_is_not_offered_and_not_filled_in(house, three):
    with reading() as session:
        (known,) = incoming_letter.to_choose(session, three[0].row())
        meishan = moves.base(session, "B045")
        case = type("Case", (), {"region": meishan.county})
        assert list(incoming_letter.to_choose(session, case)) == []
    ref = task(three[1])
    city = Reviewer(house, OFFICER).send(f"/tasks/{ref}/claim")
    assert city.go(f"/tasks/{ref}?letter=000000000000").value("incoming_number") == known.number
    assert Reviewer(house, "wu.jie").go(f"/tasks/{ref}?letter={known.ref}").answer.status_code == 404
