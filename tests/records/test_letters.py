"""Letters before they leave: planned once, overtaken, brought back, foreseen, passed over."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from records import letters
from records.models import Event, Letter, Stage
from records.models.events import record
from reporting import dues
from states import registry
from states.models import Contact, Deadline, RecordsKept, State, User
from tests import factories
from tests.records.planning import plan_on, stages_of

S = Letter.Status


@pytest.fixture(autouse=True)
def the_site_has_started(settings: object) -> None:
    settings.LETTERS_START_ON = dt.date(2026, 1, 1)  # type: ignore[attr-defined]


def complete_records(day: str = "2026-01-01") -> None:
    RecordsKept.objects.update_or_create(
        kind="art7-annual", defaults={"complete_from": dt.date.fromisoformat(day)}
    )


def test_planning_any_number_of_times_makes_one_letter(stages: None, mailbox: Contact) -> None:
    plan_on("2027-03-01")
    plan_on("2027-03-01")
    plan_on("2027-03-02")

    letter = Letter.objects.get()
    assert letter.status == S.HELD
    assert letter.to == "art7@mofa.example.org"
    assert letter.key == f"due/art7-annual/LAO/2026/2027-04-30/annual-1-march/{mailbox.pk}"


def test_a_week_without_a_worker_costs_one_letter_and_not_four(
    stages: None, mailbox: Contact
) -> None:
    plan_on("2027-04-29")

    assert stages_of(S.HELD) == ["annual-29-april"]


def test_a_night_without_a_worker_costs_nothing(stages: None, mailbox: Contact) -> None:
    plan_on("2027-02-28")
    plan_on("2027-03-02")

    assert stages_of(S.HELD) == ["annual-1-march"]


def test_a_new_contact_hears_where_things_stand(
    stages: None, mailbox: Contact, laos: State
) -> None:
    plan_on("2027-04-16")
    factories.ContactFactory(state=laos, email="new@mofa.example.org")

    plan_on("2027-04-20")

    assert stages_of(S.HELD) == ["annual-15-april", "annual-15-april"]


def test_a_newer_letter_takes_the_place_of_an_unsent_one(stages: None, mailbox: Contact) -> None:
    plan_on("2027-03-01")

    plan_on("2027-04-01")

    assert stages_of(S.OVERTAKEN) == ["annual-1-march"]
    assert stages_of(S.HELD) == ["annual-1-april"]


def test_a_letter_of_the_past_is_not_written_after_the_due_day(
    stages: None, mailbox: Contact
) -> None:
    plan_on("2027-04-29")

    plan_on("2027-05-02")

    assert stages_of(S.OVERTAKEN) == ["annual-29-april"]
    assert not Letter.objects.exclude(status=S.OVERTAKEN).exists()


def test_a_report_handed_in_overtakes_its_letters(
    stages: None, mailbox: Contact, laos: State, focal_point: User
) -> None:
    plan_on("2027-03-01")
    factories.ReportFactory(
        state=laos,
        year=2026,
        covers_from="2026-01-01",
        covers_to="2026-12-31",
        sent_by_state_said=True,
    )

    plan_on("2027-03-02")

    letter = Letter.objects.get()
    assert letter.status == S.OVERTAKEN
    assert Event.objects.about(letter).get().verb == "overtake"


def test_a_letter_comes_back_when_its_due_does(stages: None, mailbox: Contact, laos: State) -> None:
    plan_on("2027-03-01")
    Deadline.objects.filter(year=2026).update(met_on=dt.date(2027, 3, 1))
    plan_on("2027-03-02")
    Deadline.objects.filter(year=2026).update(met_on=None)

    plan_on("2027-03-03")

    letter = Letter.objects.get()
    assert letter.status == S.HELD
    assert {event.verb for event in Event.objects.about(letter)} == {"overtake", "come-back"}


def test_what_a_person_set_aside_does_not_come_back(
    stages: None, mailbox: Contact, assistant: User
) -> None:
    plan_on("2027-03-01")
    letters.set_aside(Letter.objects.get(), by=assistant, note="The Minister was told in person")

    plan_on("2027-03-02")

    assert Letter.objects.get().status == S.OVERTAKEN


def test_a_moved_day_starts_its_own_letters(stages: None, mailbox: Contact, laos: State) -> None:
    plan_on("2027-03-01")
    root = Deadline.objects.get(year=2026)
    root.set_day(dt.date(2027, 5, 31), reason="The Presidency's letter of 1 March")

    plan_on("2027-03-02")

    assert stages_of(S.OVERTAKEN) == ["annual-1-march"]
    fresh = Letter.objects.get(status=S.HELD)
    assert "/2027-05-31/" in fresh.key


def test_recipients_are_the_first_purpose_that_the_state_has_named(
    stages: None, laos: State
) -> None:
    factories.ContactFactory(state=laos, purpose="general", email="mission@example.org")
    plan_on("2027-03-01")
    assert Letter.objects.get().to == "mission@example.org"

    factories.ContactFactory(state=laos, email="art7@example.org")
    plan_on("2027-03-02")

    assert Letter.objects.get(status=S.HELD).to == "art7@example.org"
    assert Letter.objects.get(status=S.OVERTAKEN).to == "mission@example.org"


def test_one_mailbox_named_twice_is_written_to_once(stages: None, laos: State) -> None:
    factories.ContactFactory(state=laos, email="Art7@example.org", role_mailbox=False)
    function = factories.ContactFactory(state=laos, email="art7@example.org", role_mailbox=True)

    plan_on("2027-03-01")

    assert Letter.objects.get().contact == function


def test_contacts_that_bounced_or_ended_are_not_written_to(stages: None, laos: State) -> None:
    factories.ContactFactory(state=laos, bounced_on=dt.date(2026, 5, 1))
    factories.ContactFactory(state=laos, until_on=dt.date(2026, 5, 1))

    planned = plan_on("2027-03-01")

    assert not Letter.objects.exists()
    assert planned.without_contact == ["LAO"]


def test_a_corrected_address_reaches_the_letter_that_waits(stages: None, mailbox: Contact) -> None:
    plan_on("2027-03-01")
    Contact.objects.filter(pk=mailbox.pk).update(email="right@example.org", language="fr")

    plan_on("2027-03-02")

    letter = Letter.objects.get()
    assert (letter.to, letter.language) == ("right@example.org", "fr")


def test_a_fact_that_was_corrected_reaches_the_letter_that_waits(
    stages: None, mailbox: Contact, laos: State
) -> None:
    plan_on("2027-03-01")
    before = Letter.objects.get()
    plan_on("2027-03-02")
    assert not Event.objects.about(before).filter(verb="rewrite").exists()
    laos.actions.update(done_on=dt.date(2009, 2, 17))

    plan_on("2027-03-02")

    letter = Letter.objects.get()
    assert "18 March 2009" in before.body
    assert "17 February 2009" in letter.body
    assert Event.objects.about(letter).filter(verb="rewrite", note="body").count() == 1


def test_what_a_person_wrote_stays_whatever_is_corrected(
    stages: None, mailbox: Contact, laos: State, officer: User
) -> None:
    plan_on("2027-03-01")
    Letter.objects.update(body="In my own words.")
    record("edit", Letter.objects.get(), by=officer, note="clearer")
    laos.actions.update(done_on=dt.date(2009, 2, 17))

    plan_on("2027-03-02")

    assert Letter.objects.get().body == "In my own words."


def test_a_letter_is_not_released_with_what_was_true_when_it_was_planned(
    stages: None, mailbox: Contact, laos: State, officer: User
) -> None:
    plan_on("2027-03-01")
    laos.actions.update(done_on=dt.date(2009, 2, 17))

    with time_machine.travel("2027-03-01T13:00:00+00:00", tick=False):
        outcome = letters.release(Letter.objects.all(), by=officer, first_confirmed=True)
        letter = Letter.objects.get()
        assert (outcome.done, letter.status) == (0, S.HELD)
        assert "was written anew" in outcome.reasons[0]
        assert "17 February 2009" in letter.body
        again = letters.release(Letter.objects.all(), by=officer, first_confirmed=True)

    assert again.done == 1


def test_a_released_letter_whose_fact_is_corrected_before_it_leaves_is_read_again(
    stages: None, mailbox: Contact, laos: State, officer: User
) -> None:
    plan_on("2027-03-01")
    with time_machine.travel("2027-03-01T13:00:00+00:00", tick=False):
        letters.release(Letter.objects.all(), by=officer, first_confirmed=True)
    plan_on("2027-03-02")
    assert Letter.objects.get().status == S.QUEUED
    laos.actions.update(done_on=dt.date(2009, 2, 17))

    plan_on("2027-03-02")

    letter = Letter.objects.get()
    assert (letter.status, letter.queued_at, letter.released_by) == (S.HELD, None, None)
    assert "17 February 2009" in letter.body
    rewritten = Event.objects.about(letter).get(verb="rewrite")
    assert (rewritten.was, rewritten.now) == (S.QUEUED, S.HELD)


def test_what_is_not_known_is_not_reminded_of(stages: None, mailbox: Contact) -> None:
    plan_on("2027-06-02")

    assert not Letter.objects.exists()
    with time_machine.travel("2027-06-02T12:00:00+00:00", tick=False):
        skipped = letters.digest(dt.date(2027, 6, 2))
    assert {(row.state.pk, row.why) for row in skipped if row.state} >= {
        ("LAO", "Not known to the portal: its records do not cover it.")
    }


def test_a_letter_after_the_day_begins_with_our_records(stages: None, mailbox: Contact) -> None:
    complete_records("2027-01-01")

    plan_on("2027-06-02")

    letter = Letter.objects.get()
    first, *_rest = letter.body.split("\n\n")
    assert letter.stage_id == "annual-1-june"
    assert first.startswith("Our records do not yet show the annual transparency report")
    assert "30 April 2027" in first


@pytest.mark.parametrize(
    "slug",
    [
        "annual-10-january",
        "annual-1-march",
        "annual-1-june",
        "initial-entry-into-force",
        "initial-30-before",
        "initial-monthly-after",
    ],
)
def test_every_letter_says_what_by_when_why_where_and_to_whom(
    slug: str, stages: None, settings: object
) -> None:
    stage = Stage.objects.get(pk=slug)
    subject, body = letters.render(
        stage.template,
        "en",
        {"state_name": "Peru", "year": 2026, "due_day": "30 April 2027", "why": "Because."},
    )

    for wanted in (
        "Article 7",
        "Peru",
        "30 April 2027",
        "Why this day: Because.",
        "http://localhost:8000/what-we-owe/",
        "info@cmconvention.org",
        "Secretary-General of the United Nations",
        "ccm@un.org",
    ):
        assert wanted in body
    assert "\n" not in subject
    assert "overdue" not in (subject + body).lower()
    assert "late" not in (subject + body).lower().replace("translate", "").split()


def test_an_initial_report_is_asked_for_from_the_first_day_and_monthly_after(
    stages: None, db: None
) -> None:
    vanuatu = factories.party("VUT", "Vanuatu", "2026-03-10")
    factories.ContactFactory(state=vanuatu)
    RecordsKept.objects.create(kind="art7-initial", complete_from=dt.date(2026, 1, 1))
    in_force, due = dt.date(2026, 9, 1), dt.date(2027, 2, 28)
    seen = []
    for on in (
        in_force,
        due - dt.timedelta(days=90),
        due - dt.timedelta(days=7),
        due + dt.timedelta(days=31),
        due + dt.timedelta(days=60),
    ):
        plan_on(on.isoformat())
        letter = Letter.objects.get(status=S.HELD, kind="art7-initial")
        seen.append(letter.key.split("/", 4)[4].rsplit("/", 1)[0])

    assert seen == [
        "initial-entry-into-force",
        "initial-90-before",
        "initial-7-before",
        "initial-monthly-after",
        "initial-monthly-after/1",
    ]


def test_what_the_desk_sees_of_the_next_thirty_days(
    stages: None, mailbox: Contact, today: dt.date
) -> None:
    plan_on("2027-03-01")
    with time_machine.travel("2027-03-20T12:00:00+00:00", tick=False):
        rows = letters.outlook(dt.date(2027, 3, 20))

    assert [(row.on.isoformat(), row.to, row.letter is not None) for row in rows] == [
        ("2027-03-20", "art7@mofa.example.org", True),
        ("2027-04-01", "art7@mofa.example.org", False),
        ("2027-04-15", "art7@mofa.example.org", False),
    ]
    assert rows[1].why == "Annual transparency report: 1 April; due on 30 April 2027."
    # One that waits and one that will come explain their day in the same steps.
    assert "30 April 2027" in " ".join(step.text for step in rows[0].steps)
    assert rows[0].steps == rows[1].steps


def test_the_digest_says_which_letters_were_passed_over(stages: None, mailbox: Contact) -> None:
    plan_on("2027-04-29")

    with time_machine.travel("2027-04-29T12:00:00+00:00", tick=False):
        rows = letters.digest(dt.date(2027, 4, 29))

    assert [(row.on.isoformat(), row.why) for row in rows] == [
        ("2027-04-15", "Passed over: the letter of 29 April 2027 says where things stand."),
        ("2027-04-01", "Passed over: the letter of 29 April 2027 says where things stand."),
    ]


@pytest.mark.django_db(transaction=True)
def test_planning_eight_times_at_once_makes_one_letter() -> None:
    laos = factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
    factories.ContactFactory(state=laos)
    letters.ship_stages()
    on = dt.date(2027, 3, 1)
    registry.bring_up_to_date(on)
    barrier = threading.Barrier(8)
    failures: list[Exception] = []

    def work() -> None:
        try:
            barrier.wait()
            letters.plan(dues.of_reports(on), on)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Letter.objects.count() == 1
