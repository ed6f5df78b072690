"""The desk of the bases: who reads which, both ends where they are looked for, and a revocation that begins there."""

import pytest
from sqlalchemy import select, update

from bases.register import base as bases_of
from bases.verdicts import lifeline, revocation
from engine.cases import Case
from ground import clock, files
from ground.database import reading, transaction
from tests.bases import moves, standings
from tests.bases.standings import AUTHORITY, CITY, FILLER, LEADER, OFFICER
from tests.web import support

BOTH = "整改期满 2027-05-23（星期日）；材料报送截至 2027-05-24（顺延）"


@pytest.fixture
def case(office, tmp_path):
    """A rectification of the Junlian base that was issued and served on 23 November."""
    files.keep_in(tmp_path / "files")
    found = standings.rectifying()
    found.issue("川商贸函〔2026〕31号")
    found.serve()
    return found


def browser(office, login: str):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def act(client, address: str, sent: dict[str, str]):
    return client.post(address, data={**sent, "csrf": support.token_of(client)})


def plain(page) -> str:
    return page.text.replace("<wbr>", "")


@pytest.mark.parametrize("login", [FILLER, AUTHORITY, CITY])
def test_r_13_3_both_ends_stand_on_the_home_on_the_base_s_page_and_on_the_case(office, case, login):
    client = browser(office, login)
    for address in ("/home", f"/bases/{standings.base().ref}", f"/cases/{case.ref}"):
        page = plain(client.get(address))
        assert BOTH in page
        assert "2027-04-23至2027-06-04" in page


def test_r_13_3_english_readers_see_both_ends_too(office, case):
    client = browser(office, FILLER)
    client.set_cookie("jidi-language", "en")
    page = plain(client.get(f"/bases/{standings.base().ref}"))
    assert "Period ends 2027-05-23 (Sunday); material by 2027-05-24 (next working day)" in page


@pytest.mark.parametrize("login", ["he.xue", "feng.gang", "xiao.fang", "li.guohua", "guo.ning", "shi.lei"])
def test_whoever_has_nothing_to_do_with_a_base_does_not_read_its_page(office, case, login):
    assert browser(office, login).get(f"/bases/{standings.base().ref}").status_code in {403, 404}


def test_the_life_of_a_base_is_one_time_line_and_others_add_their_rows(office, case, monkeypatch):
    monkeypatch.setattr(lifeline, "_sources", list(lifeline._sources))
    lifeline.lines(lambda _session, _base: [lifeline.Happened(clock.today(), "plaque.lost", {})])
    page = plain(browser(office, OFFICER).get(f"/bases/{standings.base().ref}"))
    for words in ("命名为省级外贸基地", "考核决定：限期整改", f"限期整改通知书送达。{BOTH}", "牌匾登记遗失"):
        assert words in page
    assert f"/cases/{case.ref}" in page


def test_the_list_shows_the_bases_of_the_reader_and_no_other(office, case):
    assert standings.base().name in plain(browser(office, FILLER).get("/bases"))
    assert standings.base().name not in plain(browser(office, "feng.gang").get("/bases"))
    assert standings.base().name in plain(browser(office, LEADER).get("/bases"))


def test_a_leader_opens_the_bases_in_rectification_from_the_home(office, case):
    client = browser(office, LEADER)
    assert "/bases?status=rectifying" in client.get("/home").text
    page = plain(client.get("/bases?status=rectifying"))
    assert standings.base().name in page
    with reading() as session:
        assert moves.base(session, "B001").name not in page


def test_r_14_5_a_base_without_its_name_reads_from_which_day_and_on_what_ground_it_may_apply(office):
    with transaction() as session:
        found = standings.named(session)
        case = moves.open_case(session, standings.KEY, clock.now()).id
        leader = moves.actor(session, LEADER, clock.now()).person
        origin = revocation.Origin(revocation.DIRECT, 0, "14b", leader)
        revocation.begin(session, found.id, case, origin, clock.now())
        revocation.confirm(session, case, leader, clock.now(), "discretion")
        signed = revocation.Signature(leader, clock.now(), clock.today(), "revoke", "事实清楚。")
        revocation.decide(session, case, signed, None)
        revocation.take_effect(session, case, "川商贸发〔2026〕12号", clock.now())
        session.execute(update(Case).where(Case.id == case).values(status="closed"))
    page = plain(browser(office, FILLER).get("/applications/new"))
    assert "这个基地已被取消命名（第十四条），2027-11-23起可以重新申报" in page
    assert "开始申报" not in page


def test_an_officer_comes_to_a_base_from_its_case_and_from_its_public_page(office, case):
    client, inner = browser(office, OFFICER), f"/bases/{standings.base().ref}"
    for address in (f"/cases/{case.ref}", f"/register/{standings.base().ref}"):
        assert f'href="{inner}"' in client.get(address).text
    assert f'href="{inner}"' not in support.browser(office).get(f"/register/{standings.base().ref}").text
    assert client.get("/bases").status_code == 403


def test_r_14_1_the_page_and_the_file_say_that_the_text_knows_no_revocation_outside_an_assessment(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        found = standings.named(session)
    client = browser(office, OFFICER)
    page = plain(client.get(f"/bases/{found.ref}"))
    assert "在考核之外提出取消命名：" in page
    assert "文件未规定，系统默认" in page

    answer = act(client, f"/bases/{found.ref}/revocations", {"ground": "14b", "_key": "once"})
    assert answer.status_code == 303
    again = act(client, f"/bases/{found.ref}/revocations", {"ground": "14b", "_key": "once"})
    assert again.headers["Location"] == answer.headers["Location"]
    assert "在考核之外提出取消命名：文件未规定，系统默认。" in plain(client.get(answer.headers["Location"]))
    with reading() as session:
        row = revocation.of_base(session, found.id)[0]
        assert (row.outside, row.opened_by) == (True, moves.actor(session, OFFICER, clock.now()).person)
    assert standings.base().status == bases_of.DESIGNATED


@pytest.mark.parametrize("login", [FILLER, AUTHORITY, CITY, LEADER, "xu.hong", "liang.bo"])
def test_nobody_but_an_officer_begins_a_revocation(office, tmp_path, login):
    with transaction() as session:
        found = standings.named(session)
    client = browser(office, login)
    assert "提出取消命名" not in plain(client.get(f"/bases/{found.ref}"))
    answer = act(client, f"/bases/{found.ref}/revocations", {"ground": "14b", "_key": "attack"})
    assert answer.status_code == 403
    with reading() as session:
        assert session.execute(select(Case.id).where(Case.number.like("%取消%"))).all() == []


def test_a_ground_that_there_is_not_begins_nothing(office):
    with transaction() as session:
        found = standings.named(session)
    client = browser(office, OFFICER)
    for ground in ("", "13.2a", "score"):
        answer = act(client, f"/bases/{found.ref}/revocations", {"ground": ground, "_key": f"wrong-{ground}"})
        assert answer.status_code == 409
    with reading() as session:
        assert revocation.of_base(session, found.id) == []


def test_the_department_s_rows_are_not_for_the_base(office):
    with transaction() as session:
        found = standings.named(session)
    revocation.start(found.ref, "14b", by=standings.person(OFFICER), key="direct")
    assert "在考核之外提出取消命名（" in plain(browser(office, OFFICER).get(f"/bases/{found.ref}"))
    assert "在考核之外提出取消命名（" not in plain(browser(office, FILLER).get(f"/bases/{found.ref}"))
