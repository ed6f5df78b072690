#!/usr/bin/env python3
# -*- coding: utf-8 -*-  # noqa: UP009 (an old Python shall be able to read this file, and say what is missing)
"""Starts every command of this repository, for example: python3 run.py demo."""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "基地需要 Python 3.11、3.12 或 3.13,当前是 %d.%d,请换用其一再试,例如 python3.12 run.py demo。"  # noqa: UP031
        " / Jidi needs Python 3.11, 3.12 or 3.13, and this is %d.%d." % (sys.version_info[:2] * 2)
    )

from workshop.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
