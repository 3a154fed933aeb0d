"""The desk: three lists in their order, counts in the title, one act on each line."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ccm_portal import desk
from records.models import Letter
from records.seams import DeskList
from reporting.models import Report
from states import access, registry, sections
from states.models import Obligation, RecordsKept, State, User
from tests import factories
from tests.conftest import SignedIn

TODAY = dt.date(2026, 11, 20)


def lines(user: User, name: DeskList) -> list[tuple[str, str]]:
    """Who and what, on one list."""
    return [(row.who, row.what) for row in desk.rows(user, TODAY) if row.on == name]


def clearance(state: State, due_on: dt.date) -> Obligation:
    """An Article 4 obligation with that deadline."""
    obligation = registry.open_obligation(
        state, "art4", known_on=dt.date(2012, 1, 1), clock_from=dt.date(2011, 1, 1)
    )
    obligation.deadlines.update(due_on=due_on, by_rule_on=due_on)
    return obligation


def test_what_is_not_known_is_not_late(assistant: User, laos: State, today: dt.date) -> None:
    clearance(laos, dt.date(2026, 8, 1))

    before = lines(assistant, DeskList.LATE)
    RecordsKept.objects.create(
        kind="art4", complete_from=dt.date(2020, 1, 1), decisions_known_until=TODAY
    )

    assert before == []
    assert lines(assistant, DeskList.LATE) == [
        (str(laos), "Clearance of contaminated areas, Article 4(1)(a)")
    ]


def test_what_a_fictional_state_left_undone_is_late(assistant: User, today: dt.date) -> None:
    arvalia = factories.party("XAA", "Arvalia", "2010-05-01", demo=True)
    clearance(arvalia, dt.date(2026, 8, 1))

    late = [row for row in sections.deadlines(assistant, TODAY) if row.on == DeskList.LATE]

    assert [(row.who, row.demo) for row in late] == [("Arvalia", True)]


def test_a_deadline_of_the_coming_year_is_coming(
    assistant: User, laos: State, today: dt.date
) -> None:
    clearance(laos, dt.date(2027, 8, 1))

    assert (str(laos), "Clearance of contaminated areas, Article 4(1)(a)") in lines(
        assistant, DeskList.COMING
    )


def test_counts_stand_in_the_title_and_lists_in_their_order(
    assistant: User, laos: State, today: dt.date
) -> None:
    clearance(laos, dt.date(2027, 8, 1))

    page = SignedIn(assistant).get(reverse("admin:index"))

    coming = page.context["counts"]["coming"]
    assert coming >= 1
    assert f"<title>Desk: 0 waiting, 0 late, {coming} coming" in page.text.replace("\n", "")
    assert [one["slug"] for one in page.context["desk"]] == [
        "waiting",
        "late",
        "coming",
        "letters",
        "drafts",
    ]


def test_letters_stand_on_the_desk_with_what_they_need(
    assistant: User, laos: State, today: dt.date
) -> None:
    contact = factories.ContactFactory(state=laos, bounced_on=dt.date(2026, 11, 2))
    for number, status in enumerate(["held", "held", "doubtful", "failed"]):
        Letter.objects.create(
            key=f"k{number}",
            kind="art7-annual",
            state=laos,
            contact=contact,
            to=contact.email,
            subject=f"Letter {number}",
            body="x",
            status=status,
        )

    found = lines(assistant, DeskList.LETTERS)

    assert ("2 letters", "held: Annual transparency report") in found
    assert (str(laos), "Letter 2") in found
    assert (str(laos), "Letter 3") in found
    assert (str(laos), f"letters to {contact.email} came back") in found
    assert ("1 contact", "not confirmed for a year") in found


def test_a_state_that_has_named_nobody_stands_on_the_desk(
    assistant: User, laos: State, peru: State, today: dt.date
) -> None:
    factories.ContactFactory(state=peru)

    assert (str(laos), "no contact for a letter") in lines(assistant, DeskList.LETTERS)
    assert (str(peru), "no contact for a letter") not in lines(assistant, DeskList.LETTERS)


def test_many_states_that_have_named_nobody_are_one_line_that_leads_to_them(
    assistant: User, today: dt.date
) -> None:
    parties = [factories.party(f"Z{x}Z", f"State {x}", "2010-05-01") for x in "ABCDEFGHIJ"]
    factories.ContactFactory(state=parties[0])
    factories.ContactFactory(state=parties[1], bounced_on=TODAY)

    [row] = [row for row in desk.rows(assistant, TODAY) if row.what == "no contact for a letter"]
    page = SignedIn(assistant).get(row.url)

    assert row.who == "9 States"
    assert {state.pk for state in page.context["cl"].result_list} == {
        state.pk for state in parties[1:]
    }


def test_a_draft_is_on_the_desk_without_a_way_in(
    assistant: User, laos: State, today: dt.date
) -> None:
    draft = factories.ReportFactory(state=laos, touched_at=timezone.now())

    [row] = [row for row in desk.rows(assistant, TODAY) if row.on == DeskList.DRAFTS]

    assert (row.who, row.url) == (str(laos), "")
    assert Report.objects.visible_to(assistant).filter(pk=draft.pk).count() == 0


def test_a_list_of_which_the_person_may_read_nothing_is_not_on_their_desk(
    laos: State, today: dt.date
) -> None:
    factories.ReportFactory(state=laos, touched_at=timezone.now())
    person = factories.UserFactory()
    access.appoint(
        person, "finance-officer", None, from_on=dt.date(2026, 1, 1), reference="x", by=None
    )
    user = User.objects.get(pk=person.pk)

    page = SignedIn(user).get(reverse("admin:index"))

    assert page.status_code == 200
    assert page.context["desk"] == []
    assert desk.rows(user, TODAY) == []
    assert "<title>Desk ·" in page.text.replace("\n", "")
    assert "No State has a draft here." not in page.text
    assert "Nothing waits for us." not in page.text
    assert "stands on the desks of those who act on it" in page.text
    refused = SignedIn(user).get(reverse("admin:outlook"))
    assert refused.status_code == 403
    # From there is a way on.
    assert f'href="{reverse("admin:index")}"' in refused.text


def test_the_outlook_says_what_would_go_out_to_whom_and_why(
    assistant: User, laos: State, today: dt.date
) -> None:
    factories.ContactFactory(state=laos, email="mfa@example.org")
    Letter.objects.create(
        key="k",
        kind="art7-annual",
        state=laos,
        to="mfa@example.org",
        subject="Reminder",
        body="x",
        why="Stage “annual-1-march”",
        status="held",
    )

    page = SignedIn(assistant).get(reverse("admin:outlook"))

    assert "mfa@example.org" in page.text
    assert "Stage “annual-1-march”" in page.text


def test_the_desk_asks_the_same_number_of_questions_for_more_rows(
    assistant: User, laos: State, peru: State, today: dt.date
) -> None:
    client = SignedIn(assistant)
    url = reverse("admin:index")
    clearance(laos, dt.date(2027, 8, 1))
    client.get(url)

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    clearance(peru, dt.date(2027, 9, 1))
    for state in (laos, peru):
        factories.ReportFactory(state=state)
    with CaptureQueriesContext(connection) as more:
        client.get(url)

    assert len(more) == len(one)


def test_each_day_on_which_something_falls_due_explains_itself_on_the_desk(
    assistant: User, laos: State, peru: State, today: dt.date
) -> None:
    clearance(laos, dt.date(2027, 8, 1))

    coming = [row for row in desk.rows(assistant, TODAY) if row.on == DeskList.COMING]
    page = SignedIn(assistant).get(reverse("admin:index"))

    assert [row.steps[-1].article for row in coming] == ["7(2)", "4(1)(a)"]
    # What two States owe on one day follows from the rule alone, not from either's instrument.
    assert len(coming[0].steps) == 1
    assert page.text.count("Why this date?") == 2
