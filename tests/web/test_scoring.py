"""An expert's score sheet of Article 10 in the browser: what it says, what it takes, what it wants explained."""

import re

import pytest
from sqlalchemy import select

from bases import register
from engine import cases
from engine.submissions import Submission
from ground import files, people
from ground.database import reading
from tests.bases import moves
from tests.bases.panels import Review
from tests.web.reviewing import SCORES, Reviewer

# Of each criterion: what is too high and too low to stand without a word, and what does without.
BOUNDS = {
    "c1": ("22.5", "14.5", "15"),
    "c2": ("13.5", "8.5", "9"),
    "c3": ("22.5", "14.5", "15"),
    "c4": ("13.5", "8.5", "9"),
    "c5": ("18", "11.5", "12"),
}


@pytest.fixture
def experts(office, tmp_path) -> list[Reviewer]:
    """Two of the five who sit, each with their own sheet open."""
    files.keep_in(tmp_path / "files")
    with reading() as session:
        base = moves.base(session, "B042")
    facts = {"subject": register.subject(base.id), "region": base.county, "organ": base.organ_id, "title": base.name}
    review = Review(cases.start("expert_review", by=people.SYSTEM, key="review", **facts, data={}).ref).to_the_scores()
    return [opened(Reviewer(office, login)) for login in review.seats()[:2]]


def opened(expert: Reviewer) -> Reviewer:
    """Their only task, from their list."""
    return expert.go(next(link.get("href") for link in expert.go("/tasks").all("tbody a.main")))


@pytest.mark.performs("R-10.1 to R-10.5")
def test_a_score_at_ninety_percent_or_below_sixty_is_refused_without_a_comment(experts):
    """Half points only, criterion by criterion; what lies between stands without a word, and five make a hundred."""
    one, other = experts
    helps = {name: one.page.get_element_by_id(f"h-{name}").text_content() for name in BOUNDS}
    assert sum(int(re.findall(r"满分(\d+)分", words)[0]) for words in helps.values()) == 100
    for place, (name, (high, low, _free)) in zip("一二三四五", BOUNDS.items(), strict=True):
        for points in (high, low):
            one.press(**{**SCORES, name: points})
            assert (one.answer.status_code, one.value(name)) == (422, points)
            (line,) = one.wrong()
            assert line.startswith(f"（{place}）")
            assert "评分说明" in line
        one.press(**{**SCORES, name: f"{SCORES[name]}.3"})
        assert (one.answer.status_code, len(one.wrong())) == (422, 1)

    one.press(**{**SCORES, **{name: free for name, (_high, _low, free) in BOUNDS.items()}})
    assert one.path == "/tasks"
    explained = {f"{name}_comment": "理由。" for name in BOUNDS}
    other.press(**{**SCORES, **{name: high for name, (high, _low, _free) in BOUNDS.items()}, **explained})
    with reading() as session:
        sheets = session.execute(select(Submission.answers).where(Submission.form == "score-sheet")).scalars().all()
    assert [sheet["total"] for sheet in sheets] == ["60.0", "90.0"]
