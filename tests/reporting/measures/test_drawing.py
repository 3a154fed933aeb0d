"""Measures are drawn out of Form A of what is published, and can be made anew at any time."""

import datetime as dt

import pytest
from django.core.management import call_command

from ccm_portal.management.commands.set_up import set_up
from records import uploads
from reporting import receipt
from reporting.measures import drawing, standing
from reporting.models import Attachment, Measure
from reporting.workflow import REPORTS
from states.models.generation import generations
from tests.reporting.papers import received
from tests.reporting.publishing import drafted, handed_in, published

pytestmark = pytest.mark.usefixtures("today")
ACT = {
    "id": "law00001",
    "kind": "law",
    "title": "ກົດໝາຍ",
    "citation": "Official Gazette 45",
    "effective_on": "2011-03-01",
    "penal": True,
    "remark": "Article 3",
}
ORDER = {"id": "dir00001", "kind": "directive", "title": "Order to the forces"}


def form_a(*rows):
    return {"measures": {"measures": list(rows)}}


def facts():
    fields = ("report", "position", "row", "kind", "title", "citation", "effective_on", "penal")
    return list(Measure.objects.order_by("report", "position", "pk").values_list(*fields, "remark"))


def titles(on, state):
    return [line.title for line in standing.lines(on, state).get(state.pk, [])]


def test_nothing_of_a_draft_or_of_what_was_handed_in_is_drawn(laos, focal_point, today):
    drafted(laos, focal_point, 2024, **form_a(ACT))
    handed_in(laos, focal_point, 2025, **form_a(ACT))

    assert drawing.rebuild() == 0
    assert drawing.draw_missing() == 0
    assert not Measure.objects.exists()
    assert standing.lines(today) == {}


def test_publication_draws_them_and_making_them_anew_gives_the_same(laos, focal_point, officer):
    report = published(laos, focal_point, officer, **form_a(ACT, ORDER))
    made = facts()

    assert made == [
        (report.pk, 0, "law00001", "law", "ກົດໝາຍ", "Official Gazette 45", dt.date(2011, 3, 1),
         True, "Article 3"),
        (report.pk, 1, "dir00001", "directive", "Order to the forces", "", None, None, ""),
    ]  # fmt: skip
    Measure.objects.all().delete()
    assert drawing.rebuild() == 1
    assert facts() == made


def test_making_them_anew_mends_what_is_wrong_and_touches_nothing_else(
    laos, focal_point, officer, capsys
):
    published(laos, focal_point, officer, 2024, **form_a(ACT))
    published(laos, focal_point, officer, 2025, **form_a(ACT, ORDER))
    made, before = facts(), generations()

    call_command("rebuild_measures")
    assert generations() == before
    Measure.objects.filter(row="dir00001").update(title="Forged")
    call_command("rebuild_measures")

    assert facts() == made
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["0", "1"]


def test_a_site_that_had_reports_before_draws_from_them_once(laos, focal_point, officer, today):
    published(laos, focal_point, officer, **form_a(ACT))
    Measure.objects.all().delete()

    first, second = set_up(), set_up()

    assert first["reports whose measures were drawn"] == 1
    assert second["reports whose measures were drawn"] == 0
    assert titles(today, laos) == ["ກົດໝາຍ"]


def test_a_later_report_that_carries_a_row_is_its_source(laos, focal_point, officer, today):
    published(laos, focal_point, officer, 2024, **form_a(ACT, ORDER))
    newest = published(laos, focal_point, officer, 2025, **form_a({**ACT, "title": "Act 12"}))

    lines = standing.lines(today)["LAO"]

    assert (lines[0].title, lines[0].report, lines[0].in_latest) == ("Act 12", newest, True)
    assert [(line.title, line.in_latest) for line in lines[1:]] == [("Order to the forces", False)]
    assert lines[1].report.year == 2024


def test_a_report_that_came_as_a_file_alone_makes_no_measure_old(laos, focal_point, officer, today):
    published(laos, focal_point, officer, 2024, **form_a(ACT))
    published(laos, focal_point, officer, 2025)

    assert [line.in_latest for line in standing.lines(today)["LAO"]] == [True]


def test_what_a_correction_of_the_same_report_leaves_out_is_gone(laos, focal_point, officer, today):
    published(laos, focal_point, officer, 2025, **form_a(ACT, ORDER))
    published(laos, focal_point, officer, 2025, **form_a(ORDER))

    assert titles(today, laos) == ["Order to the forces"]


def test_a_report_counts_from_the_day_of_its_publication(laos, focal_point, officer, today):
    row = handed_in(laos, focal_point, **form_a(ACT))
    REPORTS.take("publish", row, by=officer, on=today)

    assert titles(today - dt.timedelta(days=1), laos) == []
    assert titles(today, laos) == ["ກົດໝາຍ"]


def test_a_number_shows_no_file_that_did_not_come_with_the_form(
    laos, peru, focal_point, officer, stranger
):
    own, others = received(laos, words="own"), received(peru, words="others")
    draft = drafted(
        laos,
        focal_point,
        **form_a({**ACT, "text": own.pk}, {**ORDER, "text": others.pk}),
    )
    Attachment.objects.create(report=draft, form="measures", upload=own)
    REPORTS.take("publish", receipt.hand_in(draft, by=focal_point), by=officer)

    assert list(Measure.objects.order_by("position", "pk").values_list("text", flat=True)) == [
        own.pk,
        None,
    ]
    assert uploads.may_read(own, stranger)
    assert not uploads.may_read(others, stranger)
