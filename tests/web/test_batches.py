"""The batches' desk: an officer begins one, and the board shows stages, ranking, the tie and the quota line."""

import pytest

from bases.verdicts import batch, batch_entry, lists, pack
from ground import clock, files
from ground.database import reading, transaction
from tests.bases import issuing, moves, test_batch
from tests.stories import test_batch as stories
from tests.web import support
from tests.web.reviewing import Reviewer


@pytest.fixture
def announced(office):
    """A batch with three applications, two of them equal, and its ref."""
    with transaction() as store:
        found = test_batch.announced(store)
        for key, average, rank in (("B045", 9000, 1), ("B042", 8000, 2), ("B043", 8000, 2)):
            number = test_batch.entered(
                store, found.id, key, state=batch_entry.READY, average=average, rank=rank, tied=rank == 2
            )
        batch_entry.amend(store, number, state=batch_entry.OUT, withdrawn=True)
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


def test_s_2_2_a_city_sees_its_own_applications_and_no_name_of_another(office, announced):
    """G-1, S-2.2: its rank among all who are ranked, and the counts of the province; no other city's base."""
    client = signed_in(office, "zhou.ping")
    page = client.get(f"/batches/{announced}/city").text
    with reading() as store:
        mine, other = (moves.base(store, key).name for key in ("B042", "B045"))
    assert mine in page
    assert "2／3" in page
    assert other not in page
    assert "眉山市" not in page
    assert f"/batches/{announced}/city" in client.get("/batches").text
    assert client.get(f"/batches/{announced}/packs/1/1.pdf").status_code == 403


def test_a_draft_is_shown_to_no_city(office):
    begun(signed_in(office, "chen.jing"))
    assert "/city" not in signed_in(office, "zhou.ping").get("/batches").text
    assert "拟定中" in signed_in(office, "chen.jing").get("/batches").text


def test_r_4_4_the_pack_is_handed_out_to_those_who_meet(office, announced):
    """R-4.4: officer, division head, leader and the clerk who keeps the minutes; nobody else."""
    with transaction() as store:
        frozen = pack.freeze(store, batch.by_ref(store, announced), None, clock.now())
    for login in ("chen.jing", "ma.jun", "gao.yuan", "luo.wen"):
        answer = signed_in(office, login).get(f"/batches/{announced}/packs/1/1.docx")
        assert answer.status_code == 200
        assert answer.data.startswith(b"PK")
    page = signed_in(office, "gao.yuan").get(f"/batches/{announced}").text
    assert f"/batches/{announced}/packs/1/1.pdf" in page
    assert frozen.digest[:16] in page
    assert signed_in(office, "chen.jing").get(f"/batches/{announced}/packs/1/9.docx").status_code == 404
    assert signed_in(office, "chen.jing").get(f"/batches/{announced}/packs/7/1.docx").status_code == 404
    assert signed_in(office, "li.guohua").get(f"/batches/{announced}/packs/1/1.docx").status_code == 403


def test_the_board_shows_cities_letters_and_who_was_taken_off(office, announced):
    with transaction() as store:
        found = batch.by_ref(store, announced)
        first = batch_entry.of_batch(store, found.id)[0]
        lists.strike(store, first.case_id, moves.actor(store, "chen.jing", clock.now()).person, clock.now())
    page = signed_in(office, "chen.jing").get(f"/batches/{announced}").text
    for words in (
        "<s>",
        "因异议成立不列入",
        "陈静",
        "各市（州）规划和已有基地",
        "已有省级基地",
        "在办公文",
        "指标期间2023—2025年",
    ):
        assert words in page


def test_the_ranking_shows_its_figures_as_text_also_in_a_draft_of_yesterday(office, stopped_clock, tmp_path):
    """R-4.2: only 列入 and 理由 are typed; what stands beside them is that of the moment, and one's own words stay."""
    files.keep_in(tmp_path / "files")
    ranked = Ranking(office, stopped_clock)
    desk = ranked.desk
    for name in ("number", "base", "average", "rank"):
        assert [each.get("type") for each in desk.all(f"input[name=places.0.{name}]")] == ["hidden"]
    assert ranked.average() == "90"
    assert 'value="add:places"' not in desk.answer.get_data(as_text=True)
    desk.press("save", **{"places.0.reason": "留一句话"})
    ranked.change(9100)
    desk.go(ranked.path)
    assert ranked.average() == "91"
    assert (desk.value("places.0.average"), desk.value("places.0.reason")) == ("91.00", "留一句话")
    ranked.change(9200)
    desk.press()
    assert desk.answer.status_code == 422
    assert ranked.average() == "92"


class Ranking:
    """A batch of one application whose ranking waits, open before the officer."""

    def __init__(self, office, stopped_clock) -> None:
        issuing.staff()
        self.batch = stories.Office()
        self.batch.announce()
        stories.ready("B042", self.batch.row().id, 9000)
        stories.tick(stopped_clock, "2026-11-27")
        self.path = f"/tasks/{self.batch.claimed('chen.jing', 'rank')}"
        self.desk = Reviewer(office, "chen.jing").go(self.path)

    def change(self, average):
        with transaction() as store:
            (entry,) = batch_entry.of_batch(store, self.batch.row().id)
            batch_entry.amend(store, entry.case_id, average=average)

    def average(self) -> str:
        (shown,) = self.desk.all("span[id=f-places.0.average]")
        return shown.text
