"""Workbooks for tests: the form of the annex exported, changed as people and others would change it."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from bases.demo import answers
from bases.filing import checks, printed, workbook
from engine import forms

ROOT = Path(__file__).parents[2]
FORM = forms.load((ROOT / "workflows/designation-case/forms/information.json").read_bytes())
PLACES = {"511500": "宜宾市", "511527": "筠连县"}
YEAR = 2025
CHECKS = checks.information  # imported, it has registered the checks that the form names


def edition(**changes: Any) -> printed.Edition:
    """Junlian's form as it is printed, with these answers changed."""
    return printed.Edition(FORM, {**answers("B042"), **changes}, YEAR, PLACES, version=2, code="K7QX-2MDA-V5TJ")


def exported(**changes: Any) -> bytes:
    """The workbook of that form."""
    return workbook.xlsx(edition(**changes))


def edited(body: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody has worked on it in Excel."""
    book = load_workbook(io.BytesIO(body))
    change(book)
    last = io.BytesIO()
    book.save(last)
    return last.getvalue()


def repacked(body: bytes, parts: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes] | None = None) -> bytes:
    """The package with some of its parts rewritten and others added."""
    last = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as made, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as other:
        for name in made.namelist():
            other.writestr(name, parts.get(name, bytes)(made.read(name)))
        for name, text in (more or {}).items():
            other.writestr(name, text)
    return last.getvalue()
