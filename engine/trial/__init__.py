"""Diagrams tried without a house: the real engine, a movable clock, and a script that says what is done and expected.

A script is one JSON file, `jidi try FILE.bpmn… --steps FILE.json`, and the same file stands in `workflows/*/tests/`.
It is a list of steps, or an object around it:

    {"name": "…",                       what the run shows, for people
     "at": "2026-03-02T09:00:00+08:00", where the clock begins; a Monday morning in Shanghai if it does not say
     "gives": {"panel.draw": {"experts": [21, 22, 23]}},   what each registered step gives back; nothing if not named
     "steps": [STEP, …]}

STEP is an object with one act, or expectations, or both (the act comes first):

    {"start": "process", "data": {…}}   begin an instance: of this process, or true for the only one; `at` names one of
                                        several start events. A script that does not begin with it starts the only one
    {"complete": "task", "data": {…}, "nth": 0}   do the open task of this element; of several, the nth from 0
                                        (a receive task is one, too: as if its message had come)
    {"message": "name", "data": {…}, "correlation": {"order": 7}}   one receiver gets it, or it is kept for the first
    {"signal": "name", "data": {…}}     everybody who waits for it hears it
    {"advance_seconds": 3600}           the clock goes on; what falls due fires at its own moment, in order
    {"advance_to": "timer"}             the clock goes on until this timer has fired
    {"set": {"amount": 7}}              correct values of the instance, as a supervisor may

    "tasks": ["a", "b", "b"]            exactly these user tasks are open
    "waiting": true                     it has not ended; or a list: exactly these elements wait for an event (those at
                                        the edge of an activity or of a scope may be left out)
    "ended": true                       everything has ended; or the id of the end event that was reached last
    "passed": ["a", "gateway"]          these elements were met, in this order, among others
    "data": {"x": 1}                    without an act: these values stand
    "expect_error": true                the files are refused, or the act stops with an incident; or the code of it

A field of a form that stands beside the diagram is asked for as the form says; where there is no form, every
value is a plain scalar. A service task without a registered step and a send task pass by themselves, unless the script
completes them.
"""

from engine.trial.amending import amended
from engine.trial.files import Files, compiled
from engine.trial.play import Heard, act, play, refused
from engine.trial.script import Script, ScriptRefused, read
from engine.trial.standing import (
    TABLES,
    Proof,
    Standing,
    Stop,
    files_of,
    meetable,
    proof,
    proofs,
    stand,
    unfired,
    unmet,
    untaken,
)

__all__ = [
    "TABLES",
    "Files",
    "Heard",
    "Proof",
    "Script",
    "ScriptRefused",
    "Standing",
    "Stop",
    "act",
    "amended",
    "compiled",
    "files_of",
    "meetable",
    "play",
    "proof",
    "proofs",
    "read",
    "refused",
    "stand",
    "unfired",
    "unmet",
    "untaken",
]
