"""The demo's story: 46 bases with names and figures, the persons who act, filled forms. «演示数据,非真实业务»."""

from bases.demo.answers import answers
from bases.demo.laying import lay, stand_in
from bases.demo.papers import lay_papers
from bases.demo.registers import lay_registers
from bases.demo.story import Card, cards

__all__ = ["Card", "answers", "cards", "lay", "lay_papers", "lay_registers", "stand_in"]
