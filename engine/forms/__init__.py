"""Forms: one JSON file becomes a description to render and a schema to read with.

The file, `workflows/<process>/forms/<key>.json`, with the Chinese in place (its English stands in `texts/en.json`).
Any key that is not named here is refused, so a slip of the pen is found when the form is published.

    {"title": "信息表", "help": "…", "clause": "附件",
     "readers": ["prov_officer"],   only these roles, and the author, may read what was sent; else all who see the case
     "sealed": true,                only the author reads it before the last open wait of its element has closed
     "admits": {"expert": "accept"}, whoever holds this role, and knows of the case only because it asks them by name,
                                    reads its papers after having sent this form with this outcome, and not before
     "checks": ["information"],     registered checks over the whole form, @check("information")
     "prefill": "information",      registered first values, @prefill("information")
     "remarks": "information",      registered remarks at its fields once it was sent back, @remarks("information")
     "bulk": ["outcome"],           the fields that may be given to many tasks at once (批量办理); none: case by case
     "locks": true,                 sent back for named fields (退回前序环节), the others stay as they were sent
     "scalars": ["outcome"],        the only answers that enter the engine's data: a diagram reads nothing else
     "sections": [{"title": "…", "help": "…", "clause": "…", "show_when": "…", "fields": [FIELD, …]}, …]}

FIELD, for every type:

    name             a-z, 0-9 and _, beginning with a letter; once in a form (a column: once in its rows); a note needs
                     none. Not: explanations, year, before, case, na, true, false, null
    type, label      label may be missing for a note and inside `of`
    help, unit, clause, indicator    shown; `indicator` (I01a …) says which item of the measures it is
    required         true: must be filled where it is shown
    fixed            true: the first values (`prefill`) say it and nobody types it. It is shown as text; what is sent
                     must be what the first values say then. A column: so in every row, which is known by its first
                     fixed column; no rows can be added. Rows: all of them, no more and no fewer. Not: list, years,
                     file, files, choices, hs_codes
    show_when        an expression over other fields: shown only while it is true. What is hidden is not demanded, and
                     what was typed there is dropped. What cannot be worked out yet (a field still empty) counts as not
                     true. In a column: over the columns of the same row
    not_applicable   true: the answer may be "n/a" («不适用»). From HTML: the value n/a under the field's own name, or,
                     for years, list and rows, under `<name>.na`; a single year may be n/a by itself

Types, their own keys (with what they are when missing), and what an answer is in JSON:

    text      min, max (200), pattern (RE2, of the whole)      "…"          one line
    prose     min, max (5000)                                  "…"          several lines
    integer   min (0), max (999999999999), count_of            12
    decimal   min (0), max (99999999999999), places (2)        "123.4500"   always with all its places
    half      min (0), max (needed), comment_field,            "8.5"        half points
              comment_at: from `high` of max on, or below `low` of it, the field that comment_field names must be
              filled; {"high": 0.9, "low": 0.6}
    date      min, max (a date, or "today")                    "2026-11-23"
    flag                                                       true, false; from HTML "true", "false"
    choice    options, as ("decision", "radio", "select")      "return"
              or, in place of options, choices_from: registered choices that the case knows, @choices("panel.members")
    choices   options, min, max (how many)                     ["a", "b"] in the order of the options
              options: [{"code": "return", "label": "退回修改", "help": "…"}, …]
    region    level ("county" or "city")                       "510703"
    hs_codes  max (50)                                         ["8703", "870323"]; from HTML with , ; 、 or spaces
    phone, email                                               "…"
    file                                                       "7k2m9x4c1bqe", the ref of a stored file
    files     max_files (10), as ("files", "camera": a phone   [ref, …]
              opens its camera for it)
    rows      columns [FIELD, …], min_rows (0), max_rows (200) [{column: answer}, …]; empty rows are left out
    list      columns, min_rows, max_rows                      {"count": 2, "rows": [{…}, {…}]}, 数量与清单; V21 unless
                                                               the count is that of the rows
    years     of: a FIELD without name, label, clause,         {"y3": …, "y2": …, "y1": …}: 上三年, 上两年, 上年
              indicator, required, show_when, not_applicable;
              first_optional (y3 need not be filled), count_of
    computed  formula: an expression over names of this form;  "12.34" or null; never typed
              places (2). As `of` of years the names of other
              years rows are that year's values, and before.x
              is x in the year before
    note                                                       no answer; label and help are shown as text

Columns may be of any type but rows, list, years, note, file, files and choices (a cell has one input); a row of years
is of text, prose, integer, decimal, half, date, flag, choice, choices, computed or list. count_of names a rows field:
the number (of years: that of y1) must be that of its rows, else V21. In expressions integers, decimals, half points
and computed values are numbers, dates dates; what is empty or n/a is null; `year` is the reporting year, the one that
上年 stands for.

From HTML, names are paths: `gross_output.y1`, `enterprises.0.name`, `platforms.y1.count`, `platforms.y1.rows.0.name`; a
name that comes several times makes a list (choices, files). `explanations.V12` explains every warning V12 of the form,
`explanations.V12.sales.y2` the one at that place; answers keep them as {"V12": {"sales.y2": "…"}}. The same paths stand
in problems.
"""

from engine.forms import fixed, locked
from engine.forms.choosing import offered
from engine.forms.definition import Form, load
from engine.forms.fields import Field, Option, Section
from engine.forms.keys import BadForm
from engine.forms.nesting import BadName, TooManyParts, nested
from engine.forms.reading import Read, read
from engine.forms.registry import (
    FormContext,
    Problem,
    Remark,
    UnknownCheck,
    begins_anew,
    check,
    choices,
    prefill,
    prefilled,
    registered,
    registered_choices,
    registered_prefills,
    registered_remarks,
    remarked,
    remarks,
)

__all__ = [
    "BadForm",
    "BadName",
    "Field",
    "Form",
    "FormContext",
    "Option",
    "Problem",
    "Read",
    "Remark",
    "Section",
    "TooManyParts",
    "UnknownCheck",
    "begins_anew",
    "check",
    "choices",
    "fixed",
    "load",
    "locked",
    "nested",
    "offered",
    "prefill",
    "prefilled",
    "read",
    "registered",
    "registered_choices",
    "registered_prefills",
    "registered_remarks",
    "remarked",
    "remarks",
]
