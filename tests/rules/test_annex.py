"""The annex's plain fields, as the service that takes the form reads them."""

from pathlib import Path

import pytest

from bases.demo import answers
from bases.filing import information
from engine import forms
from engine.forms import FormContext

FORM = Path(__file__).parents[2] / "workflows/designation-case/forms/information.json"
REF = "7k2m9x4c1bqe"


def errors(**instead: str) -> list[str]:
    given = answers("B042") | dict.fromkeys(information.PAPERS, REF) | instead
    read = forms.read(forms.load(FORM.read_bytes()), given, FormContext(year=2025))
    return [problem.path for problem in read.errors]


@pytest.mark.parametrize("field", ["contact", "address"])
def test_who_to_ask_and_where_to_write_to_are_required(field):
    """F-1.2, F-1.4: without the contact or the address the form is not taken."""
    assert errors() == []
    assert errors(**{field: ""}) == [field]


def test_f_1_4_a_postcode_has_six_digits():
    assert errors(postcode="610000") == []
    assert errors(postcode="61000a") == ["postcode"]


@pytest.mark.parametrize(("length", "refused"), [(3000, []), (3001, ["chain"])])
def test_f_2_4_the_chain_is_described_in_at_most_three_thousand_characters(length, refused):
    assert errors(chain="链" * length) == refused
    assert errors(chain="") == ["chain"]
