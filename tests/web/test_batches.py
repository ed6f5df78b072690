"""The batches' desk: an officer begins one, and the board shows stages, ranking, the tie and the quota line."""

import pytest

from bases.verdicts import batch
from ground.database import transaction
from tests.bases import test_batch
from tests.web import support


@pytest.fixture
def announced(office):
    """A batch with three applications, two of them equal, and its ref."""
    with transaction() as store:
        found = test_batch.announced(store)
        for key, average, rank in (("B045", 9000, 1), ("B042", 8000, 2), ("B043", 8000, 2)):
            number = test_batch.entered(
                store, found.id, key, state=batch.READY, average=average, rank=rank, tied=rank == 2
            )
        batch.amend(store, number, state=batch.OUT, withdrawn=True)
    return found.ref


def signed_in(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def begun(client):
    return client.post("/batches", data={"csrf": support.token_of(client), "_key": "once"})


def test_an_officer_begins_a_batch_and_is_led_to_its_case(office):
    client = signed_in(office, "chen.jing")
    page = client.get("/batches").text
    assert "发起批次" in page
    answer = begun(client)
    assert answer.status_code == 303
    assert begun(client).location == answer.location
    assert "拟定批次" in client.get(answer.location).text


def test_the_board_shows_stages_ranking_tie_and_line(office, announced):
    page = signed_in(office, "gao.yuan").get(f"/batches/{announced}").text
    for words in ("90.00", "80.00", "同分", "名额线：2家", "等待名单", "已撤回", "宜宾市"):
        assert words in page
    assert f"/batches/{announced}" in signed_in(office, "chen.jing").get("/batches").text


def test_no_city_sees_the_board(office, announced):
    assert signed_in(office, "zhou.ping").get(f"/batches/{announced}").status_code == 403
