"""The desk of analysis: figures that open what is behind them, the diagram with its numbers, the log, who may look."""

import csv
import io
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import orjson
import pytest
from lxml import html

from bases.cooperation import issue
from ground import clock
from ground.database import transaction
from tasks import analysis_rows, event_log
from tests.bases import cooperating as desk
from tests.web import support

XES = "{http://www.xes-standard.org/}"


def signed_in(office, login):
    client = support.browser(office)
    support.sign_in(client, login)
    return client


def reckon():
    with transaction() as session:
        analysis_rows.reckon_all(session, clock.now())


@pytest.fixture
def lying(office, stopped_clock):
    """A difficulty of Yibin's base that its filler left lying for three weeks; its number."""
    assert office
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    desk.task(ref, "register")
    stopped_clock[0] += timedelta(days=21)
    reckon()
    return desk.case(ref).number


@pytest.fixture
def supervisor(office, lying):
    assert lying  # the clock has gone on before anybody signs in
    return signed_in(office, "liang.bo")


def test_an_empty_house_says_that_there_is_nothing_to_count(office):
    supervisor = signed_in(office, "liang.bo")
    assert "还没有可以统计的办件" in supervisor.get("/analysis").text
    assert "还没有可以统计的办件" in supervisor.get("/analysis/diagram").text


def test_each_figure_opens_its_rows_and_the_file_holds_the_same(supervisor, lying):
    page = html.fromstring(supervisor.get("/analysis").text)
    opened = [link for link in page.xpath("//a/@href") if link.startswith("/analysis/cases?")]
    assert opened
    for address in dict.fromkeys(opened):
        shown = supervisor.get(address)
        assert shown.status_code == 200, address
        assert lying in shown.text, address
        filed = supervisor.get(address.replace("/analysis/cases?", "/analysis/cases.csv?"))
        assert lying in filed.get_data().decode(), address


def test_what_lies_past_its_day_is_counted_by_the_kind_of_its_limit(supervisor, lying):
    assert lying
    page = supervisor.get("/analysis").text
    assert "系统默认时限" in page
    assert "0.0%" in page


def test_addresses_that_make_no_sense_narrow_nothing_and_break_nothing(supervisor, lying):
    assert lying
    for query in (
        "?version=99999999999999&city=x&since=2026-13&until=';--",
        "?process=%00%27&element=%3Cscript%3E",
        "?span=century&heat=sun&after=-1",
    ):
        for path in ("/analysis", "/analysis/diagram"):
            answer = supervisor.get(path + query)
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text
    assert supervisor.get("/analysis/cases?what=everything").status_code == 404
    assert supervisor.get("/analysis/cases.exe?what=cases").status_code == 404
    assert supervisor.get("/analysis/log.pdf").status_code == 404
    assert supervisor.get("/analysis/nothing/versions/1/diagram.bpmn").status_code == 404


def test_the_diagram_shows_what_stands_where_also_as_a_table(supervisor, lying):
    shown = supervisor.get("/analysis/diagram?process=enterprise-issue")
    page = html.fromstring(shown.text)
    badges = orjson.loads(str(page.xpath("//@data-badges")[0]))
    (standing,) = [each for each in badges.values() if each["text"]]
    assert (standing["text"], standing["heat"]) == ("1", 5)
    assert page.xpath("//aside//td")[0].text_content().strip() == "1"
    assert lying in supervisor.get(standing["url"]).text
    drawing = supervisor.get(page.xpath("//@data-diagram")[0])
    assert b"bpmn:process" in drawing.data
    assert supervisor.get("/analysis/diagram?process=enterprise-issue&heat=waiting").status_code == 200


def test_english_pages_are_english(office, lying):
    assert lying
    client = signed_in(office, "liang.bo")
    client.set_cookie("jidi-language", "en")
    page = html.fromstring(client.get("/analysis").text)
    assert "How processes went" in page.text_content()


def test_a_city_counts_its_own_cases_and_cannot_ask_for_others(office, lying):
    client = signed_in(office, "tan.bin")
    assert lying in client.get("/analysis/cases?what=cases&process=enterprise-issue").text
    assert lying not in client.get("/analysis/cases?what=cases&process=enterprise-issue&city=5101").text
    assert not html.fromstring(client.get("/analysis").text).xpath("//select[@name='city']")


def test_a_process_owner_reads_figures_and_no_cases(office, lying):
    client = signed_in(office, "qin.lan")
    page = html.fromstring(client.get("/analysis?process=enterprise-issue").text)
    assert page.xpath("//ul[@class='figures']//b")[0].text_content().strip() == "1"
    assert not [link for link in page.xpath("//a/@href") if link.startswith("/analysis/cases")]
    assert lying not in client.get("/analysis/cases?what=cases&process=enterprise-issue").text
    assert lying not in client.get("/analysis/log.csv?process=enterprise-issue").text
    assert client.get("/analysis/diagram?process=enterprise-issue").status_code == 200


def test_who_answers_for_nobody_else_does_not_look(office, lying):
    assert lying
    for login in ("zhou.ping", desk.FILLER, "hu.jing"):
        for path in ("/analysis", "/analysis/diagram", "/analysis/log.xes", "/analysis/cases?what=cases"):
            assert signed_in(office, login).get(path).status_code == 403
    assert support.browser(office).get("/analysis").status_code in {302, 303, 401}


def test_the_log_is_xes_that_a_strict_reader_takes(supervisor, lying):
    answer = supervisor.get("/analysis/log.xes?process=enterprise-issue")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    log = ET.fromstring(answer.data)  # noqa: S314  our own file
    assert log.tag == f"{XES}log"
    assert log.get("xes.version") == "2.0"
    order = [each.tag.removeprefix(XES) for each in log]
    ranks = {"extension": 0, "global": 1, "classifier": 2, "string": 3, "trace": 4}
    assert [ranks[tag] for tag in order] == sorted(ranks[tag] for tag in order)
    prefixes = {each.get("prefix") for each in log.iter(f"{XES}extension")}
    globals_ = {each.get("scope"): {key.get("key") for key in each} for each in log.iter(f"{XES}global")}
    assert globals_ == {"trace": {"concept:name"}, "event": {"concept:name", "time:timestamp", "lifecycle:transition"}}
    (trace,) = log.iter(f"{XES}trace")
    assert lying in {each.get("value") for each in trace}
    events = list(trace.iter(f"{XES}event"))
    assert len(events) >= 2
    for event in events:
        keys = {each.get("key"): each.get("value") for each in event}
        assert globals_["event"] <= set(keys)
        assert all(keys.values())
        assert {key.partition(":")[0] for key in keys if ":" in key} <= prefixes
        assert keys["lifecycle:transition"] in {"schedule", "start", "reassign", "complete"}
        assert datetime.fromisoformat(keys["time:timestamp"]).utcoffset() == timedelta(hours=8)


def test_nobody_is_named_to_whom_they_do_not_work_for(supervisor, lying):
    assert lying
    filler = desk.person(desk.FILLER).name
    for kind in ("csv", "xes"):
        log = supervisor.get(f"/analysis/log.{kind}?process=enterprise-issue").get_data().decode()
        assert filler not in log
        assert "P-" in log


def test_a_title_that_a_spreadsheet_would_run_stays_text(supervisor, lying, monkeypatch):
    assert lying
    made = event_log._trace

    def evil(*given: object) -> event_log.Trace:
        return event_log.Trace(**{**vars(made(*given)), "title": '=cmd|"/c calc"!A1'})

    monkeypatch.setattr(event_log, "_trace", evil)
    body = supervisor.get("/analysis/log.csv?process=enterprise-issue").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert rows
    assert {row["title"][0] for row in rows} == {"'"}
    assert {row["case"] for row in rows} == {lying}
