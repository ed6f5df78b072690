"""The ways in which a decision table is refused, on loading and on deciding."""

from ground.errors import Refused


class TableRefused(Refused):
    """This file is no table that we decide right; `reason`, `element` and `line` say why and where."""

    code = "table.refused"
    status = 422


class BadCell(TableRefused):
    """This cell is not in the part of FEEL that tables may use."""

    code = "table.cell"


class Overlap(TableRefused):
    """Two rules match the same values, and the policy is UNIQUE."""

    code = "table.overlap"


class Disagreement(TableRefused):
    """Two rules match the same values, the policy is ANY, and they do not say the same."""

    code = "table.disagreement"


class NoRule(Refused):
    """No rule matches these values, and the table has no default."""

    code = "table.no_rule"


class WrongValue(Refused):
    """A value of another type, or outside of those that the input allows."""

    code = "table.value"


class WrongResult(Refused):
    """A rule gives a value of another type, or one that the output does not allow."""

    code = "table.result"
