"""States are asked each year whether their contacts are right, and by a person at any time."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from records import asking, letters
from records.models import Event, Letter
from states import access
from states.history import act
from states.models import Contact, Pass, Practice, State, User
from tests import factories
from tests.conftest import SignedIn
from tests.records.planning import stages_of

S = Letter.Status


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


@pytest.fixture(autouse=True)
def the_site_has_started(settings: object) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)  # type: ignore[attr-defined]


def at(day: str) -> time_machine.travel:
    return time_machine.travel(f"{day}T12:00:00+00:00", tick=False)


def named(state: State, confirmed: str | None, email: str = "", **facts: object) -> Contact:
    """A contact that the portal has known since the day of its confirmation."""
    with at(confirmed or "2026-11-20"):
        return factories.ContactFactory(
            state=state,
            confirmed_on=confirmed and dt.date.fromisoformat(confirmed),
            email=email or f"mfa@{state.pk.lower()}.example",
            **facts,
        )


def plan_on(day: str) -> letters.Planned:
    with at(day):
        on = dt.date.fromisoformat(day)
        return letters.plan(asking.of_contacts(on), on)


def answer(message: object) -> None:
    """The State opens the link of the e-mail and confirms everything."""
    [link] = re.findall(r"\S+(/pass/contacts/\S+)", message.body)  # type: ignore[attr-defined]
    page = Client().get(link)
    data: dict[str, object] = {}
    for form in page.context["confirmation"].forms:
        data |= {f"{form.prefix}-{name}": value or "" for name, value in form.initial.items()}
        data[f"{form.prefix}-answer"] = "right"
    assert "Thank you" in Client().post(link, data).content.decode()


# --- by itself --------------------------------------------------------------------------------


def test_a_confirmation_that_is_a_year_old_brings_a_letter_that_is_held(
    stages: None, released_before: None, laos: State
) -> None:
    named(laos, "2026-12-01")

    plan_on("2027-11-30")
    assert not Letter.objects.exists()

    plan_on("2027-12-01")
    plan_on("2027-12-09")

    letter = Letter.objects.get()
    assert (letter.status, letter.stage_id) == (S.HELD, "contacts-question")
    assert letter.why.endswith("The oldest confirmation is of 1 December 2026.")
    assert "[The link is put in here when the letter leaves.]" in letter.body
    assert not Pass.objects.exists()


def test_states_imported_on_one_day_are_asked_a_year_later_and_wait_for_a_person(
    stages: None, released_before: None, laos: State, peru: State
) -> None:
    for state in (laos, peru):
        named(state, None, from_on=dt.date(2015, 1, 1))

    plan_on("2027-11-19")
    assert not Letter.objects.exists()

    plan_on("2027-11-20")

    assert stages_of(S.HELD) == ["contacts-question"] * 2


def test_one_mailbox_is_asked_that_of_a_function_first(stages: None, laos: State) -> None:
    named(laos, "2026-12-01", "person@lao.example", role_mailbox=False)
    named(laos, "2026-12-01", "mission@lao.example", purpose="general")
    named(laos, "2026-12-01", "clearance@lao.example", purpose="clearance")

    plan_on("2027-12-01")

    assert Letter.objects.get().to == "mission@lao.example"


def test_a_state_without_a_mailbox_is_named_in_the_digest(stages: None, laos: State) -> None:
    named(laos, "2026-12-01", bounced_on=dt.date(2027, 1, 1))

    planned = plan_on("2027-12-01")
    with at("2027-12-02"):
        on = dt.date(2027, 12, 2)
        rows = letters.digest(on, asking.of_contacts(on))

    assert planned.without_contact == ["LAO"]
    assert [(row.what, row.why) for row in rows] == [
        ("Contacts: are they still right?", "No contact for this letter.")
    ]


def test_the_outlook_says_what_comes_and_why(stages: None, laos: State) -> None:
    named(laos, "2026-12-01")

    with at("2027-11-10"):
        rows = letters.outlook(dt.date(2027, 11, 10), of=asking.of_contacts(dt.date(2027, 12, 10)))

    [row] = rows
    assert (row.on.isoformat(), row.to, row.held) == ("2027-12-01", "mfa@lao.example", True)
    assert row.why == (
        "Question about contacts: on the day itself; due on 1 December 2027. "
        "The oldest confirmation is of 1 December 2026."
    )


def test_why_a_letter_waits_is_said_in_the_readers_language(stages: None, laos: State) -> None:
    named(laos, "2026-12-01")
    plan_on("2027-12-01")

    with at("2027-12-01"), translation.override("fr"):
        [row, *_later] = letters.outlook(
            dt.date(2027, 12, 1), of=asking.of_contacts(dt.date(2027, 12, 31))
        )

    assert row.letter is not None
    assert row.why.endswith("La confirmation la plus ancienne date du 1er décembre 2026.")


def test_a_state_that_confirms_is_not_written_to(stages: None, laos: State) -> None:
    mailbox = named(laos, "2026-12-01")
    plan_on("2027-12-01")
    Contact.objects.filter(pk=mailbox.pk).update(confirmed_on=dt.date(2027, 12, 3))

    plan_on("2027-12-04")

    letter = Letter.objects.get()
    assert letter.status == S.OVERTAKEN
    assert Event.objects.about(letter).get().verb == "overtake"
    assert not Pass.objects.exists()


def test_a_contact_that_ends_does_not_bring_a_second_question(free: None, laos: State) -> None:
    oldest = named(laos, "2026-12-01", "left@lao.example", role_mailbox=False)
    named(laos, "2026-12-05")
    plan_on("2027-12-08")
    with at("2027-12-08"):
        letters.drain()
    Contact.objects.filter(pk=oldest.pk).update(until_on=dt.date(2027, 12, 9))

    plan_on("2027-12-10")
    plan_on("2027-12-30")
    assert Letter.objects.count() == 1

    plan_on("2027-12-31")
    assert stages_of(S.QUEUED) == ["contacts-30-after"]


# A letter comes in these weeks of a year, if at all; there each day is walked.
BUSY = ((1, 5), (1, 20)), ((2, 5), (2, 14))


def next_day(day: dt.date, quiet_step: int) -> dt.date:
    """The day on which planning runs next: `quiet_step` days on where nothing is to come."""
    to = day + dt.timedelta(days=quiet_step)
    begins = (dt.date(day.year, *first) for first, _last in BUSY)
    if any(dt.date(day.year, *first) <= day < dt.date(day.year, *last) for first, last in BUSY):
        return day + dt.timedelta(days=1)
    return min([to, *(first for first in begins if day < first < to)])


@pytest.mark.parametrize(
    "quiet_step", [14, pytest.param(1, marks=pytest.mark.soak)], ids=["weeks", "days"]
)
def test_twenty_six_months_of_a_state_that_answers_and_of_one_that_does_not(
    free: None, laos: State, peru: State, quiet_step: int
) -> None:
    named(laos, "2027-01-10")
    named(peru, "2027-01-10", language="es")
    left: list[tuple[str, str, str]] = []
    day = dt.date(2027, 1, 10)
    while day <= dt.date(2029, 3, 10):
        plan_on(day.isoformat())
        with at(day.isoformat()):
            letters.drain()
        for message in mail.outbox:
            if message.recipients() == message.to:
                stage = Letter.objects.get(sent_at__date=day, to=message.to[0]).stage_id or ""
                left.append((day.isoformat(), message.to[0], stage))
                if message.to[0] == "mfa@lao.example":
                    with time_machine.travel(f"{day + dt.timedelta(days=5)}T09:00:00+00:00"):
                        answer(message)
        mail.outbox.clear()
        day = next_day(day, quiet_step)

    assert left == [
        ("2028-01-10", "mfa@lao.example", "contacts-question"),
        ("2028-01-10", "mfa@per.example", "contacts-question"),
        ("2028-02-09", "mfa@per.example", "contacts-30-after"),
        ("2029-01-10", "mfa@per.example", "contacts-question"),
        ("2029-01-15", "mfa@lao.example", "contacts-question"),
        ("2029-02-09", "mfa@per.example", "contacts-30-after"),
    ]
    assert not Letter.objects.exclude(status=S.SENT).exists()
    assert Contact.objects.get(state=laos).confirmed_on == dt.date(2029, 1, 20)


def test_the_dues_of_any_number_of_states_cost_the_same_queries(laos: State, peru: State) -> None:
    named(laos, "2026-12-01")
    today = dt.date(2027, 12, 1)

    with CaptureQueriesContext(connection) as one:
        assert len(list(asking.of_contacts(today))) == 1
    named(peru, "2026-12-01")
    named(factories.StateFactory(iso3="DEU", name_en="Germany"), None)
    with CaptureQueriesContext(connection) as many:
        assert len(list(asking.of_contacts(today))) == 3

    assert len(one) == len(many) == 2


def test_planning_for_any_number_of_states_costs_the_same_queries(
    stages: None, laos: State, peru: State
) -> None:
    named(laos, "2026-12-01")
    plan_on("2027-12-01")
    named(factories.StateFactory(iso3="AUT", name_en="Austria"), "2026-12-01")
    with CaptureQueriesContext(connection) as one:
        assert plan_on("2027-12-01").new == 1
    named(laos, "2027-12-01", "second@lao.example")
    named(peru, "2026-12-02")
    named(factories.StateFactory(iso3="DEU", name_en="Germany"), "2026-12-02")
    named(factories.StateFactory(iso3="LTU", name_en="Lithuania"), "2026-12-02")
    with CaptureQueriesContext(connection) as many:
        assert plan_on("2027-12-02").new == 3

    assert len(one) == len(many)


# --- by hand ----------------------------------------------------------------------------------


def test_a_person_asks_and_the_letter_leaves_with_their_name_on_it(
    stages: None, released_before: None, laos: State, assistant: User
) -> None:
    mailbox = named(laos, "2026-12-01")
    with at("2027-05-03"):
        asking.ask([mailbox], by=assistant)
        letters.drain()

    letter = Letter.objects.get()
    assert (letter.status, letter.asked_by, letter.released_by) == (S.SENT, assistant, assistant)
    assert letter.why == "Asked by hand on 3 May 2027."
    assert {event.verb for event in Event.objects.about(letter)} == {"ask", "release"}
    assert Pass.objects.get().made_by == assistant


def test_asked_by_hand_the_reminder_follows_and_the_year_is_kept(
    free: None, laos: State, assistant: User
) -> None:
    mailbox = named(laos, "2026-12-01")
    with at("2027-05-03"):
        asking.ask([mailbox], by=assistant)
        letters.drain()

    for day in ("2027-05-04", "2027-06-01", "2027-06-02", "2027-06-03", "2027-11-30", "2027-12-01"):
        plan_on(day)
        with at(day):
            letters.drain()

    assert [
        (row.sent_at.date().isoformat(), row.stage_id) for row in Letter.objects.order_by("pk")
    ] == [
        ("2027-05-03", None),
        ("2027-06-02", "contacts-30-after"),
        ("2027-12-01", "contacts-question"),
    ]


def test_asking_by_hand_takes_the_place_of_the_letter_that_waits(
    stages: None, released_before: None, laos: State, assistant: User
) -> None:
    mailbox = named(laos, "2026-12-01")
    plan_on("2027-12-01")

    with at("2027-12-06"):
        asking.ask([mailbox], by=assistant)
        with pytest.raises(ValidationError, match="today already"):
            asking.ask([mailbox], by=assistant)
    plan_on("2027-12-07")

    assert stages_of(S.OVERTAKEN) == ["contacts-question"]
    assert stages_of(S.QUEUED) == [None]
    assert Letter.objects.count() == 2


def test_whoever_may_not_release_leaves_the_letter_held(
    stages: None, released_before: None, laos: State, focal_point: User
) -> None:
    assert not access.may(focal_point, "release_letters")
    mailbox = named(laos, "2026-12-01")

    with at("2027-05-03"):
        done = asking.ask([mailbox], by=focal_point)
    plan_on("2027-05-04")

    letter = Letter.objects.get()
    assert (done.released, done.held) == (0, 1)
    assert (letter.status, letter.asked_by, letter.released_by) == (S.HELD, focal_point, None)


def test_a_letter_to_a_contact_that_has_ended_is_not_released(
    free: None, laos: State, assistant: User, officer: User
) -> None:
    with at("2027-05-03"):
        mailbox = factories.ContactFactory(state=laos, email="mfa@lao.example")
        letter = letters.write(
            key="question/1/mfa@lao.example",
            kind="report-question",
            to=mailbox.email,
            template="contacts-question",
            state=laos,
            contact=mailbox,
            held=True,
        )
        Contact.objects.update(until_on=dt.date(2027, 5, 2))

        done = letters.release([letter], by=officer)

    assert done.done == 0
    assert "mfa@lao.example is no contact any more" in done.reasons[0]
    assert Letter.objects.get().status == S.HELD


def test_what_was_asked_by_hand_is_overtaken_when_the_state_confirms(
    stages: None, released_before: None, laos: State, focal_point: User
) -> None:
    mailbox = named(laos, "2026-12-01")
    with at("2027-05-03"):
        asking.ask([mailbox], by=focal_point)
    Contact.objects.filter(pk=mailbox.pk).update(confirmed_on=dt.date(2027, 5, 4))

    plan_on("2027-05-05")

    assert Letter.objects.get().status == S.OVERTAKEN


def test_a_mailbox_that_does_not_work_and_a_fresh_confirmation_are_not_asked(
    stages: None, released_before: None, laos: State, assistant: User
) -> None:
    bounced = named(laos, "2026-12-01", bounced_on=dt.date(2027, 1, 1))
    with at("2027-05-03"), pytest.raises(ValidationError, match="that works"):
        asking.ask([bounced], by=assistant)

    Contact.objects.update(bounced_on=None, confirmed_on=dt.date(2027, 5, 3))
    with at("2027-05-03"), pytest.raises(ValidationError, match="today"):
        asking.ask([Contact.objects.get()], by=assistant)

    assert not Letter.objects.exists()


def test_states_are_asked_from_their_register(
    released_before: None,
    assistant: User,
    laos: State,
    peru: State,
    today: dt.date,
    an_act: ExitStack,
) -> None:
    factories.ContactFactory(state=laos, email="mfa@example.org", language="fr")
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_state_changelist")
    chosen = {"action": "ask-contacts", "_selected_action": ["LAO", "PER"]}

    page = client.post(url, chosen)
    client.post(url, chosen | {"confirmed": "yes"})
    letters.drain()

    assert "the link goes to mfa@example.org" in page.text
    assert "Peru has no mailbox that works" in page.text
    letter, copy = mail.outbox
    assert letter.to == ["mfa@example.org"]
    assert "Convention sur les armes à sous-munitions" in letter.subject
    assert "/pass/contacts/" in letter.body
    assert "/pass/" not in copy.body
    assert Pass.objects.get().subject == "state/LAO"


def test_one_mailbox_is_asked_from_the_register_of_contacts(
    released_before: None, assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    factories.ContactFactory(state=laos, email="mfa@example.org")
    person = factories.ContactFactory(state=laos, email="person@example.org", role_mailbox=False)
    client = SignedIn(assistant)
    an_act.close()

    client.post(reverse("admin:states_contact_act", args=[person.pk, "ask"]))

    assert Letter.objects.get().to == "person@example.org"


def test_the_page_says_when_nothing_leaves_and_asks_before_the_first_release(
    assistant: User,
    laos: State,
    today: dt.date,
    an_act: ExitStack,
    settings: object,
) -> None:
    settings.LETTERS_START_ON = dt.date(2027, 1, 1)  # type: ignore[attr-defined]
    factories.ContactFactory(state=laos, email="mfa@example.org")
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_state_act", args=["LAO", "ask-contacts"])

    page = client.get(url)
    refused = client.post(url)
    client.post(url, {"first_confirmed": "on"})
    letters.drain()

    assert "No letter leaves this site before 1 January 2027." in page.text
    assert "1 letter to mfa@example.org" in refused.text
    assert refused.status_code == 422
    assert Letter.objects.get().status == S.QUEUED
    assert Practice.on(Practice.Key.FIRST_RELEASE)
    assert mail.outbox == []
    assert not Pass.objects.exists()


def test_the_page_of_any_number_of_states_costs_the_same_queries(
    assistant: User, laos: State, peru: State, today: dt.date, an_act: ExitStack
) -> None:
    states = [laos, peru, factories.StateFactory(iso3="DEU", name_en="Germany")]
    for state in states:
        factories.ContactFactory(state=state)
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_state_changelist")
    costs = []
    for chosen in (["LAO"], ["LAO"], ["LAO", "PER", "DEU"]):
        with CaptureQueriesContext(connection) as seen:
            client.post(url, {"action": "ask-contacts", "_selected_action": chosen})
        costs.append(len(seen))

    assert costs[1] == costs[2]
