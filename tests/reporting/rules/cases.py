"""What a rule is given, for tests: a report on 2025, with the one on 2024 before it."""

import datetime as dt

from reporting.art7_2010 import ART7_2010
from reporting.rules import Before, Facts

LAST = Before(2024, dt.date(2024, 12, 31))


def facts(**given):
    """A report of Lao PDR on 2025 in English, each form of which was answered in 2024 too."""
    usual = {
        "schema": ART7_2010,
        "state": "LAO",
        "language": "en",
        "covers_from": dt.date(2025, 1, 1),
        "covers_to": dt.date(2025, 12, 31),
        "before": {form.key: LAST for form in ART7_2010.forms},
    }
    return Facts(**(usual | given))


def rows(*cells):
    """Rows of a table with ids of their own."""
    return [{"id": f"row{number}", **row} for number, row in enumerate(cells, start=1)]


def said(rule, answers, last=None, /, **given):
    """The sentences of one rule."""
    return [one.text for one in rule(answers, last or {}, facts(**given))]
