"""Where a State stands under Article 9 follows from its measures, and is never a reproach."""

import datetime as dt

import pytest

from reporting.measures import sections, shipping, standing, words
from reporting.models import MeasureGroup, MeasureNote
from states.models.actors import Confidence
from tests.reporting.measures.test_drawing import ACT, ORDER, form_a
from tests.reporting.publishing import published

pytestmark = pytest.mark.usefixtures("today")
BILL = {"id": "bill0001", "kind": "in-preparation", "title": "Bill 7"}


@pytest.fixture
def groups(db):
    """The statuses that ship with the portal."""
    shipping.ship_groups()
    return list(standing.groups())


def statuses(state, on, groups):
    lines = standing.lines(on, state).get(state.pk, [])
    return [group.key for group in standing.statuses(lines, groups)]


def note(state, **facts):
    return MeasureNote.objects.create(state=state, **{"source": "Gazette 7"} | facts)


def test_statuses_follow_from_the_measures_and_overlap(laos, focal_point, officer, today, groups):
    published(laos, focal_point, officer, **form_a(ACT, ORDER))

    assert statuses(laos, today, groups) == ["legislation", "penal-sanctions", "other-measures"]


def test_a_state_without_a_report_has_no_status_and_nothing_is_said_against_it(
    laos, focal_point, today, groups, officer
):
    assert statuses(laos, today, groups) == []
    (section,) = sections.of_state(laos, officer, today)
    assert section.context == {"measures": [], "statuses": []}


def test_a_bill_counts_only_while_the_newest_report_names_it(
    laos, focal_point, officer, today, groups
):
    published(laos, focal_point, officer, 2024, **form_a(BILL))
    assert statuses(laos, today, groups) == ["in-progress"]

    published(laos, focal_point, officer, 2025, **form_a(ACT))
    assert statuses(laos, today, groups) == ["legislation", "penal-sanctions"]
    shown = [words.shown(line) for line in standing.lines(today)["LAO"]]
    assert [one.title for one in shown] == ["ກົດໝາຍ", "Bill 7"]
    assert "not in the latest report" in shown[1].facts


def test_a_note_is_signed_and_dated_and_leaves_what_the_state_said(
    laos, focal_point, officer, today, groups
):
    published(laos, focal_point, officer, **form_a({**ACT, "penal": False}))
    note(
        laos,
        about="law00001",
        title_en="Act on Cluster Munitions",
        penal=True,
        bans_investment=True,
        noted_on=dt.date(2026, 11, 2),
        source="Official Gazette 45, article 9",
    )

    (line,) = standing.lines(today)["LAO"]
    shown = words.shown(line)

    assert line.reported.penal is False
    assert (shown.title, shown.title_en) == ("ກົດໝາຍ", "")
    assert "without penal sanctions" in shown.facts
    assert shown.said == "as reported by the State"
    assert shown.note == (
        "ISU note, 2 November 2026: Title in English: Act on Cluster Munitions; "
        "penal sanctions: yes; forbids investment: yes. "
        "Source: Official Gazette 45, article 9. Signed: Implementation Support Unit."
    )
    # The State's "no" counts; what it was not asked, the note says.
    assert statuses(laos, today, groups) == ["legislation", "investment"]


def test_a_note_counts_where_the_state_reported_nothing_and_never_with_low_confidence(
    laos, focal_point, officer, today, groups
):
    published(laos, focal_point, officer, **form_a({**ACT, "penal": None}))
    row = note(laos, about="law00001", penal=True, noted_on=today)

    assert statuses(laos, today, groups) == ["legislation", "penal-sanctions"]
    row.confidence = Confidence.LOW
    row.save()
    assert statuses(laos, today, groups) == ["legislation"]


def test_a_note_alone_is_a_measure_of_its_own_from_its_day_on(laos, today, groups):
    note(laos, kind="existing-law", title="Penal code", noted_on=dt.date(2026, 11, 2))

    assert statuses(laos, dt.date(2026, 11, 1), groups) == []
    assert statuses(laos, today, groups) == ["existing-law"]
    assert words.whose(standing.lines(today)["LAO"][0]) == "ISU note"


def test_what_is_of_low_confidence_is_never_shown_as_fact(laos, today, groups):
    note(laos, kind="law", title="Rumour", confidence=Confidence.LOW)

    assert standing.lines(today) == {}


def test_a_later_report_leaves_the_note_with_its_row(laos, focal_point, officer, today):
    published(laos, focal_point, officer, 2024, **form_a(ACT))
    note(laos, about="law00001", title_en="Act")
    published(laos, focal_point, officer, 2025, **form_a({**ACT, "citation": "Gazette 46"}))

    (line,) = standing.lines(today)["LAO"]
    assert (line.title_en, line.citation) == ("Act", "Gazette 46")


def test_statuses_that_staff_changed_or_took_away_are_shipped_once(db):
    assert shipping.ship_groups() == len(shipping.shipped())
    MeasureGroup.objects.filter(pk="legislation").update(name_en="Law passed")
    MeasureGroup.objects.get(pk="investment").delete()

    assert shipping.ship_groups() == 0
    assert MeasureGroup.objects.get(pk="legislation").name_en == "Law passed"
    assert not MeasureGroup.objects.filter(pk="investment").exists()


def test_every_status_that_ships_is_to_be_confirmed_and_has_its_rule_in_words(groups):
    assert all(group.to_be_confirmed for group in groups)
    said = {group.key: words.rule(group) for group in groups}
    assert said["in-progress"] == (
        "A measure of one of these kinds: law in preparation, that the newest report still names"
    )
    assert said["investment"] == (
        "A measure of any kind, of which the ISU has noted that it forbids investment"
    )
