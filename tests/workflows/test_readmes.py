"""What the READMEs and the pages of docs/ tell is what there is."""

import re
from pathlib import Path

import pytest

from engine.spiff import diagrams
from tests.workflows.folders import ROOT, diagram, folders

HOUSE = ROOT.parent
PAGES = [HOUSE / "README.md", HOUSE / "README.zh-CN.md", *(HOUSE / "docs").glob("*.md"), *ROOT.glob("*/README.md")]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)#\s]+)")
ROW = re.compile(
    r"^\| `(\w+)` \| [^|]+ \| `(\w+)` \| `([^`]+)` \| ([\w-]+) \| `(?:deadline\.)?([\w.]+)` \| ([^ |]+) \|$",
    re.MULTILINE,
)

# Where the day is worked out from a date that a form says: by which parameter that date begins.
RECKONED = {
    "report": "visit_report",
    "fill_supplement": "supplement",
    "fill_period": "stat.due_day",
    "final_report": "rectification",
    "apply": "rectification",
    "state": "statement",
    **dict.fromkeys(("prepare", "city_opinion", "rank"), "recommendation"),
    **dict.fromkeys(("holder_answer", "city_answer", "department_answer"), "supervise.order_answer"),
    **dict.fromkeys(("city_act", "organ_act", "department_act"), "meeting_action"),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOUSE).as_posix())
def test_every_link_leads_somewhere(page: Path):
    links = LINK.findall(page.read_text("utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_folder_s_readme_tells_every_task_as_it_is_drawn(folder: Path):
    drawn = {
        (each.id, each.role, _scope(each), each.form, each.deadline or RECKONED[each.id], each.clause)
        for each in diagram(folder).elements.values()
        if each.kind == "user"
    }
    assert set(ROW.findall((folder / "README.md").read_text("utf-8"))) == drawn


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_folder_s_readme_tells_every_step_and_every_end(folder: Path):
    text = (folder / "README.md").read_text("utf-8")
    told = set(re.findall(r"`([\w.-]+)`", text))
    steps = {each.step for each in diagram(folder).elements.values() if each.step}
    ends = {
        each.id
        for each in diagram(folder).elements.values()
        if each.kind == "end" and not each.id.endswith("_reminded")
    }
    assert steps | ends <= told


def _scope(each: diagrams.Element) -> str:
    return f"{each.scope}({each.argument.source})" if each.argument else str(each.scope)
