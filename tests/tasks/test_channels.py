"""Letters leave by mail, SMS and 政务微信: each once, with nothing of a case over lines that are not ours."""

import email
import socket
import threading
from datetime import timedelta
from email import policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from engine import incidents
from ground import accounts, channels, clock, jobs
from ground.channels import AddressWrong, Mail, Sms, Undelivered, WeCom
from ground.channels.message import Message
from ground.database import reading, transaction
from ground.errors import Forbidden
from tasks import dispatches, letters, posting
from tasks.dispatches import PAUSES, Dispatch
from tests import databases
from tests.engine import desk, flows

TELLING = flows.folder(
    "tell",
    flows.row(flows.user("ask")),
    more={
        "texts/letters/asked.json": orjson.dumps({"subject": "请补正{number}", "body": "第三项营业收入有误"}),
        "texts/en.json": orjson.dumps({"请补正{number}": "Please mend {number}", "第三项营业收入有误": "Item 3"}),
    },
)


class Receiver:
    """A server of somebody else's: keeps what it is sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], dict]] = []
        self.status, self.answer = 200, b'{"errcode":0}'
        self.hold = threading.Event()
        self.hold.set()
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                keeper.heard.append((dict(self.headers), orjson.loads(body)))
                keeper.hold.wait(20)
                self.send_response(keeper.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(keeper.answer)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send?key=no-secret"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver():
    found = Receiver()
    yield found
    found.hold.set()
    found.server.shutdown()
    found.server.server_close()


class Postbox:
    """A mail server's hand: keeps what it accepts, refuses whom it does not know."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


@pytest.fixture
def officer(database):
    desk.publish(TELLING)
    yield desk.person("officer", "prov_officer")
    channels.use([])


def reach(person, channel, address):
    with transaction() as session:
        channels.keep_address(session, person.person, channel, address)


def write(person, case=None):
    case = case or desk.start("tell", person)
    row = desk.row(case)
    with transaction() as session:
        letters.write(session, [person.person], row.id, "asked", {"number": row.number}, clock.now())
    return row


def standing():
    with reading() as session:
        return [(row.channel, row.state, row.tries) for row in session.execute(select(Dispatch))]


def carry_until_quiet(stopped_clock, hours=8):
    """Let the clock run through every pause."""
    for _ in range(hours * 60):
        jobs.run_due(clock.now(), 100)
        stopped_clock[0] += timedelta(minutes=1)


def message(to, name="周平", subject="题"):
    return Message("abc", to, name, subject, "文", "有新通知", clock.now())


def test_a_letter_goes_by_mail_in_its_readers_language_and_is_not_sent_twice(officer, postbox):
    channels.use([Mail(postbox.url, "jidi@example.gov.cn")])
    reach(officer, "mail", "officer@example.gov.cn")
    with transaction() as session:
        accounts.speak(session, officer.person, "en")
    row = write(officer)
    assert jobs.run_due(clock.now(), 100) == 1
    with reading() as session:
        ref = letters.inbox(session, officer)[0].ref
    posting.post({"letter": ref, "channel": "mail"})
    ((to, content),) = postbox.mails
    mail = email.message_from_bytes(content, policy=policy.default)
    assert to == ["officer@example.gov.cn"]
    assert mail["Subject"] == f"Please mend {row.number}"
    assert mail["Message-ID"] == f"<{ref}@example.gov.cn>"
    assert mail.get_content().strip() == "Item 3"
    assert standing() == [("mail", "sent", 1)]


def test_sms_and_wecom_say_that_there_is_a_letter_and_nothing_of_the_case(officer, receiver):
    channels.use([Sms(receiver.url, "token-1"), WeCom(receiver.url)])
    reach(officer, "sms", "13800000000")
    reach(officer, "wecom", "officer")
    row = write(officer)
    assert jobs.run_due(clock.now(), 100) == 2
    (sms_headers, sms), (_, wecom) = sorted(receiver.heard, key=lambda each: "msgtype" in each[1])
    assert sms["to"] == "13800000000"
    assert sms_headers["Authorization"] == "Bearer token-1"
    assert sms_headers["Idempotency-Key"] == sms["id"]
    assert wecom["text"]["mentioned_list"] == ["officer"]
    said = orjson.dumps(receiver.heard[0][1]).decode() + orjson.dumps(wecom).decode()
    assert "请登录系统查看" in said
    assert not any(word in said for word in (row.number, row.title, "补正", "营业收入"))


def test_who_gave_no_address_gets_letters_in_the_program_alone(officer, receiver):
    channels.use([Sms(receiver.url, "")])
    write(officer)
    assert jobs.run_due(clock.now(), 100) == 0
    assert standing() == []


def test_an_address_that_was_taken_back_gets_nothing_more(officer, receiver):
    channels.use([Sms(receiver.url, "")])
    reach(officer, "sms", "13800000000")
    write(officer)
    reach(officer, "sms", "")
    jobs.run_due(clock.now(), 100)
    assert receiver.heard == []
    assert standing() == [("sms", "dropped", 1)]


# Procrastinate keeps the database's own time, which no test can move.
@databases.on("sqlite")
def test_attack_101_a_receiver_that_fails_for_hours_is_tried_with_pauses_under_one_key_then_is_an_incident(
    officer, receiver, stopped_clock
):
    channels.use([Sms(receiver.url, "")])
    reach(officer, "sms", "13800000000")
    receiver.status = 500
    row = write(officer)
    carry_until_quiet(stopped_clock)
    assert len(receiver.heard) == len(PAUSES) + 1
    assert len({body["id"] for _, body in receiver.heard}) == 1
    assert standing() == [("sms", "failed", len(PAUSES) + 1)]
    with reading() as session:
        (incident,) = incidents.open_of(session, row.id)
    assert (incident.code, incident.detail["reason"]) == ("letter.undelivered", "answered 500")
    desk.do(row.ref, "ask", officer)
    assert desk.row(row.ref).status == "closed", "the case goes on without its letter"


def test_what_was_given_up_leaves_again_when_the_administrator_says_so_and_ends_the_incident(officer, receiver):
    head = desk.person("keeper", "sysadmin")
    channels.use([Sms(receiver.url, "")])
    reach(officer, "sms", "13800000000")
    receiver.status = 422
    row = write(officer)
    jobs.run_due(clock.now(), 100)
    assert standing() == [("sms", "failed", 1)], "a wrong number is not tried again by itself"
    receiver.status = 200
    with transaction() as session, pytest.raises(Forbidden):
        dispatches.send_again(session, "sms", officer, clock.now())
    with transaction() as session:
        assert dispatches.send_again(session, "sms", head, clock.now()) == 1
    jobs.run_due(clock.now(), 100)
    assert standing() == [("sms", "sent", 2)]
    with reading() as session:
        assert not incidents.open_of(session, row.id)


def test_while_a_line_is_down_one_letter_finds_out_and_the_others_wait_untried(officer, receiver):
    channels.use([Sms(receiver.url, "")])
    reach(officer, "sms", "13800000000")
    receiver.status = 503
    case = desk.start("tell", officer)
    for _ in range(5):
        write(officer, case)
    jobs.run_due(clock.now(), 100)
    assert len(receiver.heard) == 1
    assert sorted(tries for _, _, tries in standing()) == [0, 0, 0, 0, 1]


def test_attack_101_a_receiver_that_hangs_sends_too_much_or_leads_elsewhere_is_left(receiver, monkeypatch):
    monkeypatch.setattr("ground.channels.http._pool.connection_pool_kw", {"timeout": 0.3, "retries": False})
    channel = Sms(receiver.url, "")
    receiver.answer = b"x" * 1_000_000
    with pytest.raises(Undelivered) as no:
        channel.carry(message("13800000000"))
    assert no.value.reason == "answer_too_long"
    receiver.status = 302
    with pytest.raises(Undelivered) as no:
        channel.carry(message("13800000000"))
    assert no.value.reason == "answered 302"
    assert len(receiver.heard) == 2, "no redirect is followed"
    receiver.hold.clear()
    with pytest.raises(Undelivered) as no:
        channel.carry(message("13800000000"))
    assert "Timeout" in no.value.reason
    assert "no-secret" not in str(no.value)


def test_a_wecom_answer_without_success_is_no_success(receiver):
    channel = WeCom(receiver.url)
    for answer, reason in (
        (b'{"errcode":93000}', "errcode 93000"),
        (b"<html>", "errcode missing"),
        (b"[]", "errcode missing"),
    ):
        receiver.answer = answer
        with pytest.raises(Undelivered) as no:
            channel.carry(message("officer"))
        assert no.value.reason == reason


def test_a_mailbox_that_is_not_there_is_a_lasting_failure_and_a_server_that_is_away_is_not(postbox):
    with pytest.raises(Undelivered) as no:
        Mail(postbox.url, "jidi@example.gov.cn").carry(message("nobody@example.gov.cn"))
    assert (no.value.reason, no.value.lasting) == ("answered 550", True)
    with pytest.raises(Undelivered) as no:
        Mail("smtp://127.0.0.1:1", "jidi@example.gov.cn").carry(message("officer@example.gov.cn"))
    assert not no.value.lasting


def test_no_line_break_of_a_subject_or_a_name_becomes_a_header(postbox):
    odd = "题\r\nBcc: all@example.gov.cn"
    Mail(postbox.url, "jidi@example.gov.cn").carry(message("officer@example.gov.cn", subject=odd, name=odd))
    ((to, content),) = postbox.mails
    mail = email.message_from_bytes(content, policy=policy.default)
    assert to == ["officer@example.gov.cn"]
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("mail", "officer"),
        ("mail", "a@b.cn, c@d.cn"),
        ("mail", "a@b.cn\nBcc: c@d.cn"),
        ("sms", "028-8510"),
        ("sms", "13800000000,13900000000"),
        ("wecom", "@all 所有人"),
        ("outbox", "officer"),
        ("fax", "13800000000"),
    ],
)
def test_an_address_that_a_channel_cannot_use_is_refused(officer, channel, address):
    with pytest.raises(AddressWrong):
        reach(officer, channel, address)


def test_a_test_message_goes_to_ones_own_address_and_says_what_is_wrong(officer, receiver):
    channels.use([Sms(receiver.url, "")])
    with reading() as session, pytest.raises(AddressWrong):
        posting.try_out(session, "sms", officer, "zh")
    reach(officer, "sms", "13800000000")
    with reading() as session:
        assert posting.try_out(session, "sms", officer, "zh") == "13800000000"
    assert receiver.heard[0][1]["text"].startswith("测试消息")
    with reading() as session, pytest.raises(Forbidden):
        posting.try_out(session, "outbox", officer, "zh")
