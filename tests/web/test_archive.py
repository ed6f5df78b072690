"""N-10: a closed case is filed away as one package by whom it may be, and an altered one is found out; N-8 beside."""

import io
import re
import zipfile
from datetime import date

import orjson
import pytest
from sqlalchemy import select

from bases import demo
from bases.verdicts import archive, archive_proof
from engine import cases, history
from engine.cases import Case
from ground import clock, files, grants, organs, people
from ground.database import reading, transaction
from ground.errors import Missing
from ground.files import packages
from ground.files.packages import Entry
from tasks import timers
from tests.bases import issuing, moves
from tests.bases.issuing import Issuing
from tests.stories.test_designation import Story, on_paper
from tests.web import support
from tests.web.reviewing import PDF, Reviewer
from web import commands

HREF = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.fixture
def house(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    return office


@pytest.fixture
def story(house, stopped_clock) -> Story:
    """An application that was decided on paper, and is closed."""
    one = Story("liu.min", "B042")
    one.to_the_notice()
    stopped_clock[0] = clock.start_of(date(2026, 12, 1))
    timers.fire_due(clock.now())
    on_paper(one, "designate", "approve")
    return one


@pytest.fixture
def running(house) -> Issuing:
    """A document that is not issued yet."""
    issuing.staff()
    return Issuing().numbered()


@pytest.fixture
def closed(running) -> Issuing:
    """The same, issued; its case is closed."""
    running.do("clerk", "seal", issuing.SEALED)
    running.do("clerk", "issue", issuing.ISSUED)
    return running


def filed(house, login: str, ref: str) -> bytes:
    """The package as the button gives it."""
    page = Reviewer(house, login).go(f"/cases/{ref}")
    (button,) = page.all(f"form[action=/cases/{ref}/archive]")
    assert button.text_content().strip() == "归档"
    page.send(button.get("action"))
    with page.answer as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        return answer.get_data()


def opened(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def lines(ref: str) -> list:
    with reading() as session:
        return list(history.read(session, session.scalar(select(Case.id).where(Case.ref == ref))))


def verify(path, *more: str) -> int:
    return commands.main(["archive", "verify", str(path), *more])


def test_n_10_a_closed_case_is_one_file_with_all_that_its_maker_may_read(house, story, tmp_path, capsys):
    """Forms, opinions, letters, scans of 线下签批 and the history; the command passes, and names what is altered."""
    body = filed(house, "liang.bo", story.case)
    found = opened(body)
    holds_the_case(found)
    stays_inside(found)

    line = lines(story.case)[-1]
    path = tmp_path / "case.zip"
    path.write_bytes(body)
    assert (line.kind, line.detail["entries"]) == ("case.archived", len(found) - 1)
    assert verify(path, "--digest", line.detail["digest"]) == 0
    said = capsys.readouterr().out
    assert f"{len(found) - 1} 个文件 entries" in said
    assert f"{len(lines(story.case)) - 1} 行 lines" in said

    path.write_bytes(body.replace("拟同意。".encode(), "不同意。".encode()))
    assert verify(path) == 1
    altered = capsys.readouterr().err
    assert sum("altered: papers/" in each for each in altered.splitlines()) >= 2

    path.write_bytes(filed(house, "luo.wen", story.case))
    leaves_out_what_a_clerk_may_not_read(path)
    links_lead_to_the_head(story.case)


def holds_the_case(found: dict[str, bytes]) -> None:
    sent = [name for name in found if name.startswith("papers/") and name.endswith(".html")]
    assert len(sent) == len([name for name in found if name.startswith("papers/") and name.endswith(".json")]) > 20
    told = found["case.html"].decode()
    for words in ("办结“所在地主管部门审核签批”", "杨丽", "宜商〔2026〕12号", "线下签批，扫描件第2页", "认定"):
        assert words in told
    (opinion,) = [found[name].decode() for name in sent if "所在地主管部门审核签批" in name]
    assert "拟同意。" in opinion
    (signature,) = orjson.loads(found["signatures.json"])
    assert (signature["words"], signature["page"], signature["confirmed_by"]) == ("同意。", 2, "罗文")
    assert found[signature["scan"]].startswith(b"%PDF")
    assert [found[each["scan"]][:4] for each in orjson.loads(found["letters.json"])] == [b"%PDF"]
    assert orjson.loads(found["case.json"])["withheld"] == {"papers": 0, "lines": 0}


def stays_inside(found: dict[str, bytes]) -> None:
    """Every link in its pages leads to something in the package."""
    for name, body in found.items():
        if name.endswith(".html"):
            for link in HREF.findall(body.decode()):
                place = link.removeprefix("../") if "/" in name else link
                assert place in found, (name, link)


def leaves_out_what_a_clerk_may_not_read(path) -> None:
    """An office clerk reads no score sheets: their lines are links, and nothing of them stands anywhere."""
    found = opened(path.read_bytes())
    withheld = orjson.loads(found["case.json"])["withheld"]
    assert min(withheld.values()) > 0
    chain = orjson.loads(found["chain.json"])["lines"]
    bare = [each for each in chain if "kind" not in each]
    assert len(bare) == withheld["lines"]
    assert {frozenset(each) for each in bare} == {frozenset({"seq", "alg", "prev", "hash"})}
    whole = [each for each in chain if "kind" in each]
    assert not [each for each in whole if "score" in str(each["element"]) and each["kind"] == "task.completed"]
    assert "材料翔实。" not in b"".join(each for name, each in found.items() if name[:6] != "files/").decode()
    proof = archive_proof.prove(path)
    assert (proof.holds, proof.lines, proof.whole) == (True, len(chain), len(whole))


def links_lead_to_the_head(ref: str) -> None:
    """A line is whole in somebody's chain only where it is told to them whole; else it is a link."""
    with reading() as session:
        row = session.execute(select(Case).where(Case.ref == ref)).one()
        for login in ("liu.min", "luo.wen", "liang.bo"):
            by = moves.actor(session, login, clock.now())
            told = {line.seq: line for line in cases.story(session, ref, by)}
            chain = cases.chain(session, ref, by)
            assert history.broken(row.id, chain, history.Head(row.seq, row.head)) is None
            for link in (each for each in chain if each.fact):
                assert not told[link.seq].withheld
                assert told[link.seq].detail == link.fact.detail


def test_n_10_filed_again_it_is_the_same_package_and_one_line_of_history(house, closed, stopped_clock):
    first = filed(house, "chen.jing", closed.case)
    stopped_clock[0] += clock.DAY
    assert filed(house, "chen.jing", closed.case) == first
    assert [each.kind for each in lines(closed.case)].count("case.archived") == 1
    assert filed(house, "liang.bo", closed.case) != first
    assert filed(house, "chen.jing", closed.case) == first
    assert [each.kind for each in lines(closed.case)].count("case.archived") == 2
    with reading() as session:
        row = session.execute(select(Case).where(Case.ref == closed.case)).one()
        assert history.verify(session, row.id, history.Head(row.seq, row.head)) is None


def test_n_10_the_history_says_who_filed_it_and_with_which_digest_in_both_languages(house, closed):
    filed(house, "luo.wen", closed.case)
    digest = lines(closed.case)[-1].detail["digest"]
    page = Reviewer(house, "du.wen").go(f"/cases/{closed.case}")
    assert f"归档包校验码（SHA-256）{digest}" in page.text
    page.client.set_cookie("jidi-language", "en")
    assert f"SHA-256 of the package {digest}" in page.go(page.path).text


@pytest.mark.parametrize("login", ["chen.jing", "liang.bo"])
def test_n_10_an_open_case_is_refused_by_name_and_offers_no_button(house, running, login):
    before = len(lines(running.case))
    page = Reviewer(house, login).go(f"/cases/{running.case}")
    assert not page.all(f"form[action=/cases/{running.case}/archive]")
    page.send(f"/cases/{running.case}/archive")
    assert page.answer.status_code == 409
    assert "还没有办结" in page.text
    with pytest.raises(archive.StillOpen):
        make(running.case, login)
    assert len(lines(running.case)) == before


def make(ref: str, login: str, act=archive.make):
    by = issuing.person(login)
    with files.scratch("zip") as place:
        return act(ref, lambda _session, _holding: {}, place, by, clock.now())


def test_n_8_an_auditor_takes_the_package_and_leaves_no_trace(house, closed, tmp_path):
    """N-8: cannot act; the file is the whole case, and the case is as it was."""
    before = lines(closed.case)
    page = Reviewer(house, "du.wen").go(f"/cases/{closed.case}")
    assert not page.all("main form[method=post]")
    (link,) = [each for each in page.all("a") if each.get("href") == f"/cases/{closed.case}/archive.zip"]
    path = tmp_path / "case.zip"
    with page.client.get(link.get("href")) as taken:
        path.write_bytes(taken.get_data())
    assert archive_proof.prove(path).holds
    assert orjson.loads(opened(path.read_bytes())["case.json"])["withheld"] == {"papers": 0, "lines": 0}
    assert page.send(f"/cases/{closed.case}/archive").answer.status_code == 403
    with pytest.raises(archive.NotArchivist):
        make(closed.case, "du.wen")
    assert lines(closed.case) == before


@pytest.mark.parametrize("login", ["liu.min", "zhou.ping", "gao.yuan", "li.guohua"])
def test_n_10_nobody_else_files_or_takes_it(house, closed, login):
    page = Reviewer(house, login)
    assert page.client.get(f"/cases/{closed.case}/archive.zip").status_code == 403
    assert page.send(f"/cases/{closed.case}/archive").answer.status_code == 403
    for act in (archive.make, archive.take):
        with pytest.raises((archive.NotArchivist, Missing)):
            make(closed.case, login, act)


def test_n_10_the_same_role_elsewhere_than_at_the_department_is_not_enough(house, closed):
    with transaction() as session:
        person = people.add_person(session, "far.away", "某人", "Somebody")
        grants.give(session, person, "prov_office", organs.body(session, "sc-finance").id, clock.today())
    client = support.browser(house)
    support.sign_in(client, "far.away")
    assert client.get(f"/cases/{closed.case}/archive.zip").status_code == 404


def test_n_10_documents_are_in_it_as_they_went_out_with_their_receipts(house, closed, tmp_path):
    found = opened(filed(house, "luo.wen", closed.case))
    (stem,) = {name.rpartition(".")[0] for name in found if name.startswith("documents/")}
    assert "川商贸发〔2026〕15号" in stem
    assert found[f"{stem}.pdf"] == PDF
    with zipfile.ZipFile(io.BytesIO(found[f"{stem}.docx"])) as word:
        assert "组织申报2026年度" in word.read("word/document.xml").decode()
    stands = orjson.loads(found[f"{stem}.json"])
    assert (stands["number"], stands["issued_on"], stands["state"]) == ("川商贸发〔2026〕15号", "2026-11-23", "issued")
    assert len(stands["receipts"]) == 21
    path = tmp_path / "case.zip"
    path.write_bytes(filed(house, "luo.wen", closed.case))
    assert verify(path) == 0


def test_n_10_a_stored_file_that_was_altered_on_the_disk_is_not_filed_away(house, closed):
    with reading() as session:
        row = moves.actor(session, "liang.bo", clock.now())
        holding = archive.look(session, closed.case, row, clock.now())
    files.path_of(next(iter(holding.files.values())).sha256).write_bytes(b"other")
    before = len(lines(closed.case))
    page = Reviewer(house, "liang.bo").send(f"/cases/{closed.case}/archive")
    assert page.answer.status_code == 500
    assert "原文件缺失或者已被改动" in page.text
    assert len(lines(closed.case)) == before


def forged(folder, body: bytes, **changed: bytes):
    """A package with a true manifest over other words: what whoever holds only the file could make."""
    path, found = folder / "forged.zip", opened(body)
    manifest = orjson.loads(found.pop("manifest.json"))
    entries = [Entry(name, changed.get(name.removesuffix(".json"), was)) for name, was in found.items()]
    packages.write(path, entries, clock.now(), manifest["facts"])
    return path


def test_n_10_history_told_otherwise_under_a_true_manifest_is_found_out(house, closed, tmp_path, capsys):
    body = filed(house, "liang.bo", closed.case)
    digest = lines(closed.case)[-1].detail["digest"]
    chain = orjson.loads(opened(body)["chain.json"])

    chain["lines"][4]["by"] = 1
    assert verify(forged(tmp_path, body, chain=orjson.dumps(chain))) == 1
    assert "chain.json 第5行 line 5: altered" in capsys.readouterr().err

    del chain["lines"][4]
    assert verify(forged(tmp_path, body, chain=orjson.dumps(chain))) == 1
    assert "line 5: gap" in capsys.readouterr().err

    chain = orjson.loads(opened(body)["chain.json"])
    chain["lines"].pop()
    assert verify(forged(tmp_path, body, chain=orjson.dumps(chain))) == 1
    assert ": tail" in capsys.readouterr().err

    papers = forged(tmp_path, body, letters=b"[{}]")
    assert verify(papers) == 0
    assert "未给出校验码" in capsys.readouterr().out
    assert verify(papers, "--digest", digest) == 1
    assert "not the package that was recorded" in capsys.readouterr().err


@pytest.mark.parametrize(
    "chain",
    [
        b"",
        b"[]",
        b'{"case": 1, "seq": 0, "head": "x"}',
        b'{"case": 1, "seq": 1, "head": "x", "lines": [1]}',
        b'{"case": 1, "seq": 1, "head": "x", "lines": [{"seq": 1, "alg": [], "prev": "", "hash": ""}]}',
        b'{"case": 1, "seq": 1, "head": "x", "lines": [{"seq": 1, "alg": "shake_128", "prev": "' + b"0" * 64 + b'", '
        b'"hash": "", "kind": "a", "at": 1, "by": null, "element": null, "detail": {}}]}',
        b'{"case": 1, "seq": 1, "head": "x", "lines": [{"seq": 1, "alg": "sha256", "prev": "' + b"0" * 64 + b'", '
        b'"hash": "", "kind": "a", "at": 1e300, "by": null, "element": null, "detail": {}}]}',
    ],
)
def test_a_chain_of_any_other_shape_is_altered_and_never_a_trace(tmp_path, capsys, chain):
    path = tmp_path / "x.zip"
    packages.write(path, [Entry("chain.json", chain)] if chain else [], clock.now(), {"number": "\x1b[2Jx"})
    assert verify(path) == 1
    assert "chain.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["/nowhere/case.zip"], ["."], ["README.md"]], ids=["not there", "a folder", "no package"]
)
def test_what_is_no_package_is_said_with_two(words, capsys):
    assert commands.main(["archive", "verify", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("jidi archive: ")
    assert "Traceback" not in said


def test_a_digest_that_is_none_is_refused_with_the_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        verify(tmp_path / "x.zip", "--digest", "xyz")
    assert ended.value.code == 2
    assert "64 hexadecimal digits" in capsys.readouterr().err


def test_a_name_that_moves_the_cursor_does_not_reach_the_terminal(tmp_path, capsys):
    path = tmp_path / "x.zip"
    chain = {"case": 1, "seq": 0, "head": history.FIRST, "lines": []}
    packages.write(path, [Entry("chain.json", orjson.dumps(chain))], clock.now(), {"number": "\x1b[2Jx"})
    assert verify(path) == 0
    assert "\x1b" not in capsys.readouterr().out
