"""Letters: planned once, released by a person where they must be, sent, and never lost in silence.

`plan` turns what falls due into rows; `write` makes a single letter; `release`, `set_aside` and
`settle` are what a person does; `drain` sends what is queued; `outlook` and `digest` tell the desk
what will go out and what did not. The table is the queue: nothing else has to survive.
"""

from records.letters.acts import mark_overtaken, overtake, set_aside, settle
from records.letters.carrying import place_missing
from records.letters.delivery import LEASE, deliver_next, drain, sweep
from records.letters.gate import gate
from records.letters.outlook import Coming, Skipped, digest, outlook
from records.letters.planning import Planned, ask_for_dues, dues, plan, reason
from records.letters.releasing import FirstRelease, Outcome, release
from records.letters.stages import ship_stages
from records.letters.writing import poke, render, write

__all__ = [
    "LEASE",
    "Coming",
    "FirstRelease",
    "Outcome",
    "Planned",
    "Skipped",
    "ask_for_dues",
    "deliver_next",
    "digest",
    "drain",
    "dues",
    "gate",
    "mark_overtaken",
    "outlook",
    "overtake",
    "place_missing",
    "plan",
    "poke",
    "reason",
    "release",
    "render",
    "set_aside",
    "settle",
    "ship_stages",
    "sweep",
    "write",
]
