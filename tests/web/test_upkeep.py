"""The three administrators: accounts and channels, roles, the log; each does its own and none touches a case."""

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select

from ground import accounts, administration, channels, clock, jobs, people, security
from ground.channels import Outbox
from ground.database import reading, transaction
from ground.grants import ADMINISTRATORS, Grant
from ground.people import Person
from ground.security import SecurityEvent
from tests import databases
from tests.tasks.test_channels import Receiver
from tests.web import support
from web.people import passwords

SYSTEM, SECURITY, AUDIT = "shi.lei", "meng.jie", "lin.shu"
PAGES = {SYSTEM: "/upkeep/channels", SECURITY: "/upkeep/grants", AUDIT: "/upkeep/log"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What is tried here is who may do what, not how hard a hash is."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_nobody", [])


@pytest.fixture(autouse=True)
def closed_afterwards():
    yield
    channels.use([])


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def post(client, path, **said):  # noqa: ANN003  what a form says
    return client.post(path, data={"csrf": support.token_of(client), **said})


def noted():
    security.flush()
    with reading() as store:
        return [(row.kind, row.object) for row in store.execute(select(SecurityEvent).order_by(SecurityEvent.id))]


def first_password(page):
    return re.search(r'<code class="num">([^<]+)</code>', page)[1]


@pytest.mark.parametrize("login", PAGES)
def test_each_administrator_comes_home_to_the_own_page_and_is_refused_the_others_work(office, login):
    client = signed_in(office, login)
    assert client.get("/upkeep").location == PAGES[login]
    assert client.get(PAGES[login]).status_code == 200
    for other, page in PAGES.items():
        if other != login:
            assert client.get(page).status_code == 403


def test_a_new_account_signs_in_with_the_password_that_was_shown_once_and_then_with_its_own(office):
    keeper = signed_in(office, SYSTEM)
    page = post(keeper, "/upkeep/accounts", login="tian.yu", name="田雨", name_en="").text
    first = first_password(page)
    assert first not in keeper.get("/upkeep/accounts").text
    client = support.browser(office)
    assert post(client, "/sign-in", login="tian.yu", password=first, back="/profile").status_code == 303
    assert post(client, "/profile/password", old="wrong", new="a long enough one").status_code == 401
    assert post(client, "/profile/password", old=first, new="short").status_code == 422
    other = support.browser(office)
    post(other, "/sign-in", login="tian.yu", password=first, back="/profile")
    assert post(client, "/profile/password", old=first, new="a long enough one").status_code == 303
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code in {302, 303, 401}, "every other session has ended"
    assert ("account.added", "tian.yu") in noted()
    assert first not in str(noted())


def test_what_is_no_account_is_refused_with_what_was_typed(office):
    keeper = signed_in(office, SYSTEM)
    for login, name in (("Tian Yu", "田雨"), ("tian.yu", " "), ("zhou.ping", "周平")):
        answer = post(keeper, "/upkeep/accounts", login=login, name=name, name_en="Tian")
        assert answer.status_code in {409, 422}
        assert f'value="{login}"' in answer.text


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(office):
    keeper, officer = signed_in(office, SYSTEM), signed_in(office, "zhou.ping")
    with reading() as store:
        refs = {row.login: row.ref for row in store.execute(select(Person.login, Person.ref))}
    assert post(keeper, f"/upkeep/accounts/{refs['zhou.ping']}/closing").status_code == 303
    assert officer.get("/home").status_code != 200
    assert post(keeper, f"/upkeep/accounts/{refs[SYSTEM]}/closing").status_code == 409
    post(keeper, f"/upkeep/accounts/{refs['zhou.ping']}/opening")
    with reading() as store:
        assert accounts.by_login(store, "zhou.ping").active


def test_roles_are_given_and_ended_by_one_administrator_and_never_to_oneself(office):
    giver = signed_in(office, SECURITY)
    assert post(giver, "/upkeep/grants", login="zhou.ping", role="legal", organ="sc-mofcom").status_code == 303
    held = select(Grant.id).join(Person, Person.id == Grant.person_id).where(Person.login == "zhou.ping")
    with reading() as store:
        number = store.scalar(held.where(Grant.role == "legal"))
        assert people.actor(store, accounts.by_login(store, "zhou.ping").id, clock.today()).has("legal")
    again = post(giver, "/upkeep/grants", login="zhou.ping", role="legal", organ="sc-mofcom")
    assert "已有这一身份" in again.text
    for who, role in ((SECURITY, "prov_leader"), (SYSTEM, "prov_leader"), ("zhou.ping", "auditadmin")):
        answer = post(giver, "/upkeep/grants", login=who, role=role, organ="sc-mofcom")
        assert answer.status_code == 409
        assert f'value="{who}"' in answer.text
    assert post(giver, f"/upkeep/grants/{number}/end").status_code == 303
    with reading() as store:
        assert not people.actor(store, accounts.by_login(store, "zhou.ping").id, clock.today()).has("legal")
    kinds = [kind for kind, _ in noted()]
    assert kinds.count("grant.given") == kinds.count("grant.ended") == 1


def test_the_log_shows_what_the_others_did_and_goes_out_as_a_file(office):
    post(signed_in(office, SECURITY), "/upkeep/grants", login="zhou.ping", role="legal", organ="sc-mofcom")
    security.flush()
    reader = signed_in(office, AUDIT)
    assert "zhou.ping legal sc-mofcom" in reader.get("/upkeep/log?kind=grant.given").text
    assert "zhou.ping legal sc-mofcom" not in reader.get("/upkeep/log?kind=sign_in.done").text
    assert "授予身份" in reader.get("/upkeep/log.csv").get_data().decode("utf-8-sig")
    assert reader.get("/upkeep/log?before=x'--").status_code == 200


def test_channels_are_tried_from_the_page_and_what_did_not_leave_is_sent_again(office, tmp_path):
    receiver = Receiver()
    channels.use([Outbox(tmp_path / "outbox"), channels.Sms(receiver.url, "token-of-the-gateway")])
    keeper = signed_in(office, SYSTEM)
    page = keeper.get("/upkeep/channels").text
    assert "127.0.0.1" in page
    assert "token-of-the-gateway" not in page
    assert "no-secret" not in page
    assert "未配置" in page
    assert post(keeper, "/profile/channels/sms", address="12345").status_code == 422
    assert post(keeper, "/profile/channels/sms", address="13800000000").status_code == 303
    assert post(keeper, "/upkeep/channels/sms/trial").status_code == 303
    assert receiver.heard[-1][1]["to"] == "13800000000"
    receiver.status = 500
    assert post(keeper, "/upkeep/channels/sms/trial").status_code == 502
    assert post(keeper, "/upkeep/channels/fax/trial").status_code == 404
    receiver.server.shutdown()
    receiver.server.server_close()


# Where a given-up job is kept differs by the database; what the page does with it does not.
@databases.on("sqlite")
def test_a_job_that_was_given_up_runs_again_from_the_page(office, monkeypatch):
    ran = []
    monkeypatch.setitem(jobs.running._handlers, "broken.thing", lambda _payload: ran.append(1))
    with transaction() as store:
        store.execute(
            jobs.embedded.Job.__table__.insert().values(
                kind="broken.thing",
                payload={},
                run_at=clock.now(),
                state="failed",
                attempts=8,
                fence=8,
                error="ValueError: no",
            )
        )
    keeper = signed_in(office, SYSTEM)
    number = re.search(r"/upkeep/jobs/(\d+)/again", keeper.get("/upkeep/channels").text)[1]
    assert post(keeper, f"/upkeep/jobs/{number}/again").status_code == 303
    assert post(keeper, f"/upkeep/jobs/{2**70}/again").status_code == 404
    assert not ran


def test_the_first_administrators_are_founded_once(database):
    logins = {role: f"first.{role}" for role in ADMINISTRATORS}
    hashes = dict.fromkeys(ADMINISTRATORS, "a hash")
    with transaction() as store:
        store.execute(delete(Grant).where(Grant.role.in_(ADMINISTRATORS)))
        administration.found(store, logins, hashes, clock.today())
    with reading() as store:
        for role, login in logins.items():
            assert people.actor(store, accounts.by_login(store, login).id, clock.today()).has(role)
    with transaction() as store, pytest.raises(administration.Founded):
        administration.found(store, logins, hashes, clock.today())
