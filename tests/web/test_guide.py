"""«十分钟上手»: its steps are ticked off by what readers did, it can be put away, and 帮助 always has it."""

from engine import cases, history
from ground import clock
from ground.database import transaction
from tasks import demo_clock
from tests.bases import moves
from tests.web import support
from tests.web.test_door_demo import OURS, application, visitor  # noqa: F401 (fixtures)

DONE = 'class="done"'


def write(kind: str) -> None:
    """A line of the history as a reader's own act leaves it."""
    with transaction() as session:
        found = moves.open_case(session, "B042", clock.now())
        person = moves.actor(session, "chen.jing", clock.now()).person
        cases.note(session, found.id, history.Fact(kind, clock.now(), person, "intake"))


def test_the_first_page_of_the_demo_tells_an_officer_to_claim_and_finish_a_task(visitor):  # noqa: F811
    page = visitor.get("/sign-in").text
    assert "十分钟上手" in page
    assert DONE not in page


def test_a_step_is_ticked_off_by_a_row_that_a_reader_left_and_not_by_one_of_the_play(visitor):  # noqa: F811
    write("task.claimed")
    demo_clock.open_doors()
    write("task.completed")
    page = visitor.get("/sign-in").text
    assert page.count(DONE) == 1
    assert page.index(DONE) > page.index("领取")


def test_the_cards_can_be_put_away_and_stay_under_help(visitor):  # noqa: F811
    visitor.post("/demo/guide", show="no")
    assert "十分钟上手" not in visitor.get("/sign-in").text
    assert "十分钟上手" in visitor.get("/help").text
    visitor.post("/demo/guide", show="yes")
    assert "十分钟上手" in visitor.get("/sign-in").text


def test_outside_of_the_demo_help_speaks_of_no_demo(office):
    page = support.browser(office).get("/help").text
    assert "时限怎么算" in page
    assert "十分钟上手" not in page
    assert support.browser(office).post("/demo/guide").status_code == 404


def test_urging_a_stuck_case_ticks_off_the_card_of_the_supervisor(visitor):  # noqa: F811
    demo_clock.open_doors()
    page = visitor.get("/sign-in").text
    assert "找到一个停滞的办件，催办它" in page
    write("supervision.entered")
    page = visitor.get("/sign-in").text
    assert page.count(DONE) == 1
    assert page.index(DONE) > page.index("催办它")
