"""The demo: cards instead of passwords, a clock to push, and a bar that says what it is on every page."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from ground import clock
from tasks import demo_clock
from tests.web import support
from web.words import dates

OURS = "http://localhost:8000"


class Visitor:
    """A browser at the demo's own address."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path):
        return self.client.get(path, base_url=OURS)

    def post(self, path, **data: str):
        return self.client.post(path, data={"csrf": support.token_of(self.client), **data}, base_url=OURS)


@pytest.fixture
def application(database, tmp_path):
    demo_clock.start()
    return support.application(tmp_path / "bundles", mode="demo")


@pytest.fixture
def visitor(application):
    client = support.browser(application)
    client.get("/sign-in", base_url=OURS)
    return Visitor(client)


def card_of(page: str, name: str) -> str:
    """The address behind the card of this person."""
    return re.search(rf'action="(/demo/persons/\w+/session)"(?:(?!</form>).)*{name}', page, re.DOTALL).group(1)


@pytest.mark.parametrize("path", ["/", "/register", "/sign-in", "/nowhere", "/about/measures"])
def test_every_page_says_that_nothing_here_is_real(visitor, path):
    page = visitor.get(path).text
    assert "演示数据，非真实业务" in page
    assert dates.day(clock.today()) in page


def test_outside_of_the_demo_no_page_says_so(office):
    assert "演示" not in support.browser(office).get("/register").text


def test_the_cards_stand_by_level_with_those_to_try_first_on_top(visitor):
    page = visitor.get("/sign-in").text
    headings = re.findall(r'<h2 id="level-\w+">(\S+) ', page)
    assert headings == ["先试这三位", "基地", "县（市、区）", "市（州）", "省商务厅", "评审专家", "有关部门", "公众"]
    assert page.index("1. 刘敏") < page.index("2. 杨丽") < page.index("3. 周平") < page.index("唐浩")
    assert page.count("以刘敏身份进入") == 1
    assert 'type="password"' not in page


def test_a_card_lets_one_in_as_that_person(visitor):
    answer = visitor.post(card_of(visitor.get("/sign-in").text, "周平"), back="/profile")
    assert answer.status_code == 303
    assert "宜宾市商务局" in visitor.get("/profile").text


def test_another_card_makes_one_another_person(visitor):
    cards = visitor.get("/sign-in").text
    visitor.post(card_of(cards, "周平"))
    visitor.post(card_of(cards, "陈静"))
    assert "陈静" in visitor.get("/profile").text


def test_a_card_of_nobody_is_not_there(visitor):
    assert visitor.post("/demo/persons/000000000000/session").status_code == 404


def test_a_card_cannot_be_played_from_another_site(visitor):
    path = card_of(visitor.get("/sign-in").text, "高远")
    answer = visitor.client.post(path, data={}, base_url=OURS, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_clock_goes_a_working_day_on_and_says_so(visitor):
    before = clock.today()
    answer = visitor.post("/demo/clock", to="working-day", back="/register")
    assert answer.headers["Location"] == "/register"
    assert clock.today() > before
    assert "演示时间已前进到" in visitor.get("/register").text


def test_where_no_deadline_is_coming_the_clock_stays(visitor):
    before = clock.now()
    visitor.post("/demo/clock", to="deadline", back="/register")
    assert clock.now() - before < timedelta(minutes=1)
    assert "演示时间没有变化" in visitor.get("/register").text


def test_nobody_is_signed_out_by_the_clock(visitor):
    visitor.post(card_of(visitor.get("/sign-in").text, "周平"))
    for _ in range(3):
        visitor.post("/demo/clock", to="working-day")
    assert visitor.get("/profile").status_code == 200
