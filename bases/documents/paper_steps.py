"""What a diagram may call of a signature on paper: `signature.confirm` keeps it once two persons stand behind it."""

from datetime import date
from typing import Any

from bases.documents import signature
from engine.steps import Move, step


@step("signature.confirm", returns=("outcome",))
def confirm(move: Move) -> dict[str, Any]:
    """Keep what was entered, confirmed by whoever sent the second form; the outcome is that of the paper."""
    entered, confirmed = move.submissions("enter"), move.submissions("confirm")
    if not entered or not confirmed or entered[-1].by is None:
        raise signature.Unconfirmed(case=move.case.ref)
    given = entered[-1].answers
    kept = signature.Entered(
        outcome=given["decision"],
        words=given["words"],
        signer=given["signer"],
        signed_on=date.fromisoformat(given["signed_on"]),
        scan=given["scan"],
        page=int(given["page"]),
        by=entered[-1].by,
    )
    place = move.place("confirm")
    ref = signature.confirm(move.session, move.case.id, place, kept, confirmed[-1].by, move.now)
    move.record("signature.confirmed", signature=ref, signed_on=given["signed_on"], page=kept.page)
    return {"outcome": kept.outcome}
