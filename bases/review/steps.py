"""What a diagram may call of a review: `panel.draw` and `scores.close`."""

from typing import Any

from bases import register
from bases.review import panel, scores
from engine.steps import Move, step
from ground.errors import Missing


@step("panel.draw", returns=("experts",))
def draw(move: Move) -> dict[str, Any]:
    """Draw the experts for this case; the line in the history holds the commitment and no names."""
    base = register.of_subject(move.session, move.case.subject)
    drawn = panel.draw_for(move.session, base, move.case.id, move.by.person, move.now)
    move.record(
        "panel.drawn",
        panel=drawn.panel,
        round=drawn.round,
        size=len(drawn.experts),
        pool=drawn.pool,
        excluded=drawn.excluded,
        hash=drawn.hash,
    )
    return {"experts": drawn.experts}


@step("scores.close", returns=("average", "spread", "valid"))
def close(move: Move) -> dict[str, Any]:
    """Open the seal: keep every sheet of the panel and say what they come to."""
    panels = panel.of_case(move.session, move.case.id)
    if not panels:
        raise Missing(panel=move.case.ref)
    drawn = panels[-1]
    newest = {sent.by: sent for sent in move.submissions("score")}
    sheets = [
        scores.sheet(person, newest[person].answers)
        for person in panel.seats(move.session, drawn.id)
        if person in newest
    ]
    result = scores.outcome(sheets)
    scores.keep(move.session, drawn.id, sheets)
    move.record(
        "scores.closed",
        panel=drawn.id,
        average=f"{result.average}",
        spread=f"{result.spread}",
        valid=result.valid,
    )
    # A number in an expression is read as the Decimal it prints as, so two places stay two places.
    return {"average": float(result.average), "spread": float(result.spread), "valid": result.valid}
