"""What a State owes: the next act first, past things folded, nothing late that is not known."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ccm_portal import desk
from records.seams import DeskList
from reporting import days, filing, receipt, sections
from reporting.models import Report
from reporting.owing import owed_by
from reporting.workflow import REPORTS
from states import access
from states.history import act
from states.models import RecordsKept, User
from states.models.rights import Role
from tests import factories
from tests.conftest import appointed
from tests.factories import ReportFactory
from tests.reporting.papers import received

pytestmark = pytest.mark.usefixtures("today")
TODAY = dt.date(2026, 11, 20)


def owed(user):
    (group,) = owed_by(user, TODAY)
    return group


def records_complete_from(day):
    with act(by=None, reason="the ISU has looked"):
        RecordsKept.objects.update_or_create(kind="art7-annual", defaults={"complete_from": day})


def test_the_report_that_fell_due_comes_before_the_one_that_is_coming(laos, focal_point):
    items = owed(focal_point).open

    assert [(item.year, item.act, item.primary) for item in items] == [
        (2025, "begin", True),
        (2026, "begin", False),
    ]


def test_older_years_are_folded_and_not_called_late(laos, focal_point):
    past = owed(focal_point).past

    assert len(past) == 16  # the initial report, and the years 2010 to 2024
    assert {item.tone for item in past} == {"unknown"}
    assert {item.words for item in past} == {"Our records do not yet show this report."}


def test_where_the_records_are_complete_nothing_that_is_missing_is_folded(laos, focal_point):
    records_complete_from(dt.date(2024, 1, 1))

    late = [item.year for item in owed(focal_point).open if item.tone == "late"]

    assert late == [2023, 2024, 2025]


def test_a_finance_contact_sees_the_days_and_no_acts_and_no_draft(laos):
    ReportFactory(state=laos)
    user = appointed(Role.FINANCE_CONTACT, laos, "money@example.org", "Finance, Lao PDR")

    group = owed(user)

    assert not group.may_draft
    assert {item.act for item in group.open} == {""}
    assert all(item.draft is None for item in group.open)


def test_after_hand_in_the_next_act_is_to_send_it(laos, focal_point):
    receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)

    first = owed(focal_point).open[0]

    assert (first.act, first.primary) == ("send", True)
    assert first.words == "handed to the ISU on 20 November 2026"


def test_what_was_handed_in_and_sent_is_folded_away(laos, focal_point):
    report = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)
    days.say_sent(report, TODAY, by=focal_point)

    assert 2025 not in {item.year for item in owed(focal_point).open}


def test_a_met_deadline_is_folded(laos, focal_point, officer):
    report = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)
    days.record_receipt(report, "received_by_unoda", dt.date(2026, 4, 29), by=officer)

    (item,) = [item for item in owed(focal_point).past if item.year == 2025]

    assert item.tone == "settled"


def test_a_state_that_is_not_bound_may_report_voluntarily(db):
    palau = factories.StateFactory(iso3="PLW", iso2="PW", name_en="Palau")
    user = appointed(Role.FOCAL_POINT, palau, "fp@palau.example", "Focal point, Palau")

    assert owed(user).reports_voluntarily
    filing.begin(palau, "voluntary", 2025, by=user)

    assert [item.what for item in owed(user).open] == ["Voluntary report on 2025"]


def test_only_one_act_is_filled_for_someone_who_acts_for_several_states(laos, peru, focal_point):
    access.appoint(
        focal_point,
        Role.FOCAL_POINT,
        peru,
        from_on=dt.date(2026, 1, 1),
        reference="note 2",
        by=None,
    )
    user = User.objects.get(pk=focal_point.pk)

    items = [item for group in owed_by(user, TODAY) for item in group.open]

    assert len(items) == 4
    assert sum(item.primary for item in items) == 1


def test_the_page_costs_the_same_for_one_state_and_for_three(laos, peru, focal_point):
    def queries(user):
        with CaptureQueriesContext(connection) as captured:
            list(owed_by(User.objects.get(pk=user.pk), TODAY))
        return len(captured)

    once = queries(focal_point)
    third = factories.party("DEU", "Germany", "2009-07-08")
    for state in (peru, third):
        access.appoint(
            focal_point,
            Role.FOCAL_POINT,
            state,
            from_on=dt.date(2026, 1, 1),
            reference="note 2",
            by=None,
        )
        ReportFactory(state=state, original=received(state))

    assert queries(focal_point) == once


def rows(user):
    return list(sections.desk(user, TODAY))


def test_the_desk_sees_that_a_draft_exists_and_no_more(laos, officer):
    ReportFactory(state=laos, note="secret")

    (row,) = [row for row in rows(officer) if row.on == DeskList.DRAFTS]

    assert (row.who, row.what, row.url) == (str(laos), "annual report 2025", "")


def test_what_was_handed_in_waits_until_published_and_received(laos, officer, focal_point):
    def waiting():
        return [row.act for row in rows(officer) if row.on == DeskList.WAITING]

    report = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)
    assert waiting() == ["Review", "Record receipt by UNODA"]
    REPORTS.take("publish", report, by=officer)
    assert waiting() == ["Record receipt by UNODA"]
    days.record_receipt(report, "received_by_unoda", TODAY, by=officer)

    assert waiting() == []


def test_a_version_that_was_answered_waits_for_nobody(laos, officer, focal_point):
    first = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)
    second = filing.amend(first, by=focal_point)
    second.original = received(laos, words="second")
    second.save()
    receipt.hand_in(second, by=focal_point)

    waiting = [row.what for row in rows(officer) if row.on == DeskList.WAITING]

    assert waiting == ["annual report 2025, version 2"] * 2


def test_the_desk_calls_late_only_what_records_show(laos, officer):
    assert [row for row in rows(officer) if row.on == DeskList.LATE] == []
    records_complete_from(dt.date(2026, 1, 1))

    (row,) = [row for row in rows(officer) if row.on == DeskList.LATE]

    assert (row.what, row.day) == ("Annual transparency report on 2025", dt.date(2026, 4, 30))


def test_of_a_fictional_state_the_last_two_years_are_known(officer):
    factories.party("XAA", "Arvalia", "2010-05-01", demo=True)

    late = [(row.what, row.demo) for row in rows(officer) if row.on == DeskList.LATE]

    assert late == [
        ("Annual transparency report on 2024", True),
        ("Annual transparency report on 2025", True),
    ]


def test_the_day_of_next_spring_is_in_sight_in_november(laos, peru, officer):
    factories.party("XAA", "Arvalia", "2010-05-01", demo=True)

    coming = [
        (row.who, row.what, row.day, row.demo) for row in rows(officer) if row.on == DeskList.COMING
    ]

    on_2026, day = "Annual transparency report on 2026", dt.date(2027, 4, 30)
    assert sorted(coming) == [
        ("2 States", on_2026, day, False),
        ("Arvalia", on_2026, day, True),
    ]


def test_reports_that_many_states_owe_on_one_day_are_one_line(laos, peru, officer):
    coming = [
        row for row in sections.desk(officer, dt.date(2027, 3, 1)) if row.on == DeskList.COMING
    ]

    assert [(row.who, row.day) for row in coming] == [("2 States", dt.date(2027, 4, 30))]


def test_the_desk_is_the_secretariats(focal_point, stranger):
    assert desk.rows(focal_point, TODAY) == desk.rows(stranger, TODAY) == []


def test_a_states_page_shows_what_was_published_by_the_day(laos, officer, focal_point):
    report = receipt.hand_in(ReportFactory(state=laos, original=received(laos)), by=focal_point)

    def shown(on):
        (section,) = sections.of_state(laos, focal_point, on)
        return section.context["reports"]

    assert shown(TODAY) == []
    REPORTS.take("publish", report, by=officer, on=TODAY)

    assert shown(TODAY) == [Report.objects.get()]
    assert shown(TODAY - dt.timedelta(days=1)) == []
