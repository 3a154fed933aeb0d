"""The registers of actors and law in the admin: reasons, acts, history in words."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from states import access, explanation, passes, registry
from states.history import act
from states.models import Contact, Deadline, Pass, Practice, SavedFilter, State, TreatyAction, User
from states.models.rights import Role
from tests import factories
from tests.conftest import SignedIn, appointed

STATE = ("iso2", "m49", "name_en", "name_fr", "name_es", "regional_group", "confidence")


@pytest.fixture(autouse=True)
def an_act() -> Iterator[ExitStack]:
    """Rows are arranged with a reason; a test closes it before it posts, as no request has one."""
    with ExitStack() as stack:
        stack.enter_context(act(by=None, reason="arranged by a test"))
        yield stack


def change(row: object, name: str = "change", *args: object) -> str:
    """An address of the row in the admin."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[row.pk, *args])


def answers(state: State, **other: str) -> dict[str, str]:
    """What the form of a State sends."""
    return {name: getattr(state, name) for name in STATE} | other


def test_a_change_without_a_reason_is_refused(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(change(laos), answers(laos, name_en="Laos"))

    assert answer.status_code == 200
    assert "reason" in answer.context["adminform"].errors
    assert State.objects.get(pk="LAO").name_en != "Laos"


def test_a_change_is_kept_with_who_and_why_and_read_in_words(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(change(laos), answers(laos, name_en="Laos", reason="Note 5/2026"))
    history = client.get(change(laos, "history")).text

    assert answer.status_code == 302
    assert State.objects.get(pk="LAO").name_en == "Laos"
    newest = laos.history.order_by("-pgh_id").first()
    assert newest.pgh_context["actor"] == "ISU assistant"
    assert newest.pgh_context["reason"] == "Note 5/2026"
    assert "Name in English" in history
    assert "Note 5/2026" in history
    assert "ISU assistant" in history


def test_the_reason_of_an_act_is_not_taken_for_the_reason_of_a_day(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = Deadline.objects.get(obligation__state=laos, year=2024)
    row.due_on, row.reason = dt.date(2025, 5, 31), "Published so"
    row.save()
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(row))
    answer = client.post(
        change(row), {"confidence": "high", "note": "Seen by the ISU", "reason": "Note 5/2026"}
    )

    row.refresh_from_db()
    assert "Published so" in page.text
    assert answer.status_code == 302
    assert (row.note, row.reason) == ("Seen by the ISU", "Published so")


def seen(client: SignedIn, row: object) -> dict[str, str]:
    """What the page of the row carries of what it showed."""
    return {"seen": client.get(change(row)).context["adminform"].form["seen"].value()}


def test_nobody_saves_unawares_over_what_a_colleague_saved_meanwhile(
    assistant: User, officer: User, laos: State, an_act: ExitStack
) -> None:
    first, second = SignedIn(assistant), SignedIn(officer)
    an_act.close()
    mine = answers(laos, un_member="on", note="Mine", reason="Note 6") | seen(second, laos)
    theirs = answers(
        laos, un_member="on", note="Theirs", regional_group="Asia-Pacific", reason="Note 5"
    )
    first.post(change(laos), theirs | seen(first, laos))

    told = second.post(change(laos), mine)
    laos.refresh_from_db()
    kept = laos.note
    form = told.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    again = second.post(change(laos), sent)

    assert (told.status_code, kept) == (200, "Theirs")
    assert form.errors.keys() == {"__all__", "note", "regional_group"}
    assert "changed to “Theirs” meanwhile. Saving once more keeps" in form.errors["note"][0]
    assert "“Asia-Pacific Group” meanwhile; you had left" in form.errors["regional_group"][0]
    assert sent["note"] == "Mine"
    assert again.status_code == 302
    laos.refresh_from_db()
    assert (laos.note, laos.regional_group) == ("Mine", "Asia-Pacific")


def test_a_page_that_nobody_overtook_is_saved_at_once(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    data = answers(laos, note="Two\r\nlines", un_member="on", reason="Note 6")
    client.post(change(laos), data | seen(client, laos))

    answer = client.post(change(laos), data | {"note": "One line"} | seen(client, laos))

    assert answer.status_code == 302


def test_deadlines_follow_a_treaty_action_as_soon_as_it_is_saved(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="VUT", name_en="Vanuatu")
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        reverse("admin:states_treatyaction_add"),
        {
            "state": "VUT",
            "kind": "accession",
            "done_on": "2025-09-04",
            "confidence": "high",
            "reason": "C.N.1.2025",
        },
    )

    assert answer.status_code == 302
    assert TreatyAction.objects.get().takes_effect_on == dt.date(2026, 3, 1)
    initial = Deadline.objects.get(obligation__kind="art7-initial")
    assert initial.due_on == dt.date(2026, 8, 28)


def test_an_extension_is_recorded_on_the_deadline(
    assistant: User, today: dt.date, an_act: ExitStack
) -> None:
    row = factories.DeadlineFactory(
        obligation__kind="art4", obligation__clause="4(1)(a)", year=None, due_on=dt.date(2026, 8, 1)
    )
    client = SignedIn(assistant)
    an_act.close()
    facts = {
        "to": "2030-08-01",
        "basis": "14MSP, 19(a)",
        "decided_on": "2026-09-17",
        "symbol": "CCM/MSP/2026/12",
        "reason": "Final report",
    }

    early = client.post(change(row, "act", "extend"), facts | {"to": "2026-07-01"})
    before = client.post(change(row, "act", "extend"), facts | {"decided_on": "2010-07-31"})
    done = client.post(change(row, "act", "extend"), facts)
    arrived = client.get(done.url)
    again = client.get(change(row))

    assert early.status_code == 422
    assert "is not later than the present deadline" in early.text
    assert "stands since 1 July 2015 only: no meeting extended it before." in before.text
    assert done.status_code == 302
    new = Deadline.objects.get(supersedes=row)
    assert done.url == change(new)
    assert "The deadline is now 1 August 2030." in arrived.text
    replaced = "Another deadline took the place of this one"
    assert (replaced in again.text, replaced in arrived.text) == (True, False)
    assert (new.due_on, new.basis) == (dt.date(2030, 8, 1), "14MSP, 19(a)")
    assert new.history.get().pgh_context["reason"] == "Final report"
    assert "Record an extension" not in [str(one["label"]) for one in again.context["open_acts"]]


def art4(state: State) -> Deadline:
    """Its deadline for clearance, 1 August 2020."""
    obligation = registry.open_obligation(
        state, "art4", known_on=dt.date(2010, 8, 1), clock_from=dt.date(2010, 8, 1)
    )
    return obligation.deadlines.get()


def test_no_meeting_extends_the_day_of_a_report(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = Deadline.objects.get(obligation__state=laos, year=2026)
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(row))
    refused = client.post(
        change(row, "act", "extend"),
        {"to": "2027-08-01", "basis": "14MSP", "decided_on": "2026-11-19", "reason": "Report"},
    )

    assert "Record an extension" not in [str(one["label"]) for one in page.context["open_acts"]]
    assert "Only Articles 3 and 4 know extensions" in refused.text
    assert not Deadline.objects.filter(supersedes=row).exists()


def test_another_day_for_an_extended_deadline_keeps_the_decision_and_says_why(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = art4(laos).extend(to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2026, 11, 19))
    client = SignedIn(assistant)
    an_act.close()

    done = client.post(
        change(row, "act", "override"),
        {"due_on": "2030-08-01", "reason": "The final report gives this day"},
    )

    row.refresh_from_db()
    new = Deadline.objects.get(supersedes=row)
    assert done.status_code == 302
    assert (row.due_on, new.due_on) == (dt.date(2030, 2, 1), dt.date(2030, 8, 1))
    assert list(Deadline.objects.standing(today).filter(obligation=row.obligation)) == [new]
    said = explanation.in_words(explanation.why(new, today))
    assert "14MSP extended the deadline to 1 February 2030" in said
    assert "The day that stands is 1 August 2030: The final report gives this day" in said
    assert "The final report gives this day" in client.get(laos.get_absolute_url()).text


def test_a_day_set_twice_by_hand_keeps_the_first_and_both_reasons(
    laos: State, today: dt.date
) -> None:
    row = Deadline.objects.get(obligation__state=laos, year=2026)
    row.set_day(dt.date(2027, 5, 31), reason="the first letter")
    row.refresh_from_db()

    new = row.set_day(dt.date(2027, 6, 30), reason="the second letter")

    said = explanation.in_words(explanation.why(new, today))
    assert "31 May 2027: the first letter" in said
    assert "30 June 2027: the second letter" in said
    with pytest.raises(ValidationError, match="took the place of this one"):
        row.set_day(dt.date(2027, 7, 30), reason="from an old page")
    with pytest.raises(ValidationError, match="on this day already"):
        new.set_day(new.due_on, reason="the second letter")


def test_a_day_other_than_the_rule_gives_needs_its_reason(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = Deadline.objects.get(obligation__state=laos, year=2024)
    client = SignedIn(assistant)
    an_act.close()

    silent = client.post(change(row, "act", "override"), {"due_on": "2025-05-31"})
    client.post(change(row, "act", "override"), {"due_on": "2025-05-31", "reason": "Published so"})

    row.refresh_from_db()
    assert silent.status_code == 422
    assert (row.due_on, row.reason) == (dt.date(2025, 5, 31), "Published so")


def test_an_article_4_obligation_is_added_on_evidence(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    client.post(
        change(laos, "act", "open-obligation"),
        {
            "kind": "art4",
            "clause": "4(1)(a)",
            "clock_from": "2010-08-01",
            "known_on": "2011-01-31",
            "origin": "A7-2010-LAO-01",
            "reason": "Initial report",
        },
    )

    deadline = Deadline.objects.get(obligation__kind="art4")
    assert deadline.due_on == dt.date(2020, 8, 1)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"clock_from": "2010-08-02"}, "runs from entry into force, 1 August 2010."),
        ({"clock_from": "2099-01-01"}, "runs from entry into force, 1 August 2010."),
        ({"clause": "4(1)(b)", "clock_from": "2010-07-31"}, "hostilities after entry into force"),
        ({"clause": "4(1)(b)", "clock_from": "2027-01-01"}, "This day has not come yet."),
        ({"known_on": "2027-01-01"}, "This day has not come yet."),
        ({"kind": "art3", "clause": "3(2)", "reopens": "met"}, "stands in another article."),
        ({}, "This State already has this obligation."),
    ],
)
def test_an_obligation_that_the_law_cannot_give_is_refused_with_its_sentence(
    facts: dict[str, str],
    said: str,
    assistant: User,
    laos: State,
    an_act: ExitStack,
    today: dt.date,
) -> None:
    met = art4(laos).obligation
    met.fulfilled_on = dt.date(2019, 5, 1)
    met.save()
    client = SignedIn(assistant)
    an_act.close()
    data = {
        "kind": "art4",
        "clause": "4(1)(a)",
        "clock_from": "2010-08-01",
        "known_on": "2011-01-31",
        "origin": "A7-2010-LAO-01",
        "reason": "Initial report",
    } | facts
    if "reopens" in facts:
        data["reopens"] = str(met.pk)

    answer = client.post(change(laos, "act", "open-obligation"), data)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert Deadline.objects.filter(obligation__kind__in=["art3", "art4"]).count() == 1


@pytest.mark.parametrize(
    ("on", "precision", "status"),
    [
        ("2026-11-21", "day", 200),
        ("2026-12-31", "month", 200),
        ("2027-12-31", "year", 200),
        ("2026-11-20", "day", 302),
        ("2026-11-30", "month", 302),
        ("2026-12-31", "year", 302),
    ],
)
def test_nothing_is_fulfilled_on_a_day_to_come(
    on: str,
    precision: str,
    status: int,
    assistant: User,
    laos: State,
    an_act: ExitStack,
    today: dt.date,
) -> None:
    row = art4(laos).obligation
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        change(row),
        {
            "fulfilled_on": on,
            "fulfilled_precision": precision,
            "confidence": "high",
            "reason": "Declaration",
        },
    )

    assert answer.status_code == status
    assert ("This day has not come yet." in answer.text) is (status == 200)


def test_a_withdrawal_takes_effect_six_months_later(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    soon = client.post(
        change(laos, "act", "withdraw"),
        {
            "done_on": "2026-11-02",
            "takes_effect_on": "2026-12-01",
            "effect_reason": "x",
            "reason": "C.N.",
        },
    )
    client.post(change(laos, "act", "withdraw"), {"done_on": "2026-11-02", "reason": "C.N."})

    assert "Article 20(3): not before 2 May 2027" in soon.text
    assert TreatyAction.objects.get(kind="withdrawal").takes_effect_on == dt.date(2027, 5, 2)


def test_contacts_are_ended_together_with_one_reason(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    rows = [factories.ContactFactory(state=laos) for _number in range(3)]
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_contact_changelist")
    chosen = {"action": "end", "_selected_action": [row.pk for row in rows]}

    asked = client.post(url, chosen)
    done = client.post(
        url, chosen | {"confirmed": "yes", "on": "2026-11-19", "reason": "New mission"}
    )

    assert "3 rows" in asked.text
    assert done.status_code == 302
    assert not Contact.objects.current(dt.date(2026, 11, 20)).exists()
    assert Contact.objects.count() == 3


def test_a_corrected_address_has_not_come_back(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    row = factories.ContactFactory(state=laos, bounced_on=dt.date(2026, 4, 1))
    client = SignedIn(assistant)
    an_act.close()

    client.post(
        change(row),
        {
            "state": "LAO",
            "purpose": "article-7",
            "place": "capital",
            "language": "fr",
            "email": "new@example.org",
            "reason": "They rang",
        },
    )

    row.refresh_from_db()
    assert (row.email, row.bounced_on) == ("new@example.org", None)


def test_an_assistant_does_not_end_the_directors_appointment(
    assistant: User, director: User, focal_point: User, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    answers = {"on": "2026-11-20", "reason": "left"}

    refused = client.post(change(director.appointments.get(), "act", "end"), answers)
    done = client.post(change(focal_point.appointments.get(), "act", "end"), answers)

    assert refused.status_code == 422
    assert "Only the Director ends this appointment." in refused.text
    assert director.appointments.get().until_on is None
    assert done.status_code == 302
    assert focal_point.appointments.get().until_on == dt.date(2026, 11, 20)


def test_an_appointment_is_ended_at_once_by_those_who_may_end_it(
    assistant: User, director: User, focal_point: User, today: dt.date, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    row, reason = focal_point.appointments.get(), {"reason": "The mission rang"}

    silent = client.post(change(row, "act", "end-at-once"), {"reason": ""})
    refused = client.post(change(director.appointments.get(), "act", "end-at-once"), reason)
    done = client.post(change(row, "act", "end-at-once"), reason)
    again = client.post(change(row, "act", "end"), reason | {"on": "2027-01-01"})

    assert (silent.status_code, refused.status_code) == (422, 422)
    assert "Only the Director ends this appointment." in refused.text
    assert done.status_code == 302
    assert not access.own_states(focal_point)
    assert "This appointment has ended already." in again.text


@pytest.mark.parametrize("typed", ["2026-11-10", "10 November 2026", "10 Nov 2026", "10.11.2026"])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_day_is_typed_year_first_or_day_first(typed: str, language: str) -> None:
    if language != "en" and "Nov" in typed:
        typed = "10/11/2026"
    with translation.override(language):
        assert forms.DateField(localize=True).clean(typed) == dt.date(2026, 11, 10)
        at = forms.DateTimeField(localize=True).clean(f"{typed} 14:30")
        assert (at.month, at.day, at.hour) == (11, 10, 14)


@pytest.mark.parametrize("typed", ["10/11/2026", "11/10/26", "Nov 10, 2026", "10/25/2026"])
def test_no_day_is_read_month_first(
    typed: str, assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(
        reverse("admin:states_formername_add"), {"state": "LAO", "until_on": typed}
    )

    assert "Write the day as 2026-11-30: year, month, day." in answer.text


@pytest.mark.parametrize("year", ["0206", "1899", "2100", "9999"])
def test_a_day_that_nobody_can_mean_is_refused_in_acts_and_in_forms(
    year: str, assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = art4(laos)
    client = SignedIn(assistant)
    an_act.close()
    said = "Choose a day from 1 January 1900 to 31 December 2099"

    act = client.post(
        change(row, "act", "override"), {"due_on": f"{year}-12-31", "reason": "Published so"}
    )
    form = client.post(
        reverse("admin:states_formername_add"), {"state": "LAO", "until_on": f"{year}-12-31"}
    )

    assert said in act.text
    assert said in form.text
    assert not Deadline.objects.filter(supersedes=row).exists()
    assert client.get(laos.get_absolute_url()).status_code == 200


def test_a_deadline_is_not_set_before_its_obligation_begins(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = art4(laos)
    client = SignedIn(assistant)
    an_act.close()

    refused = client.post(
        change(row, "act", "override"), {"due_on": "2010-07-31", "reason": "Published so"}
    )

    row.refresh_from_db()
    assert "The obligation begins on 1 August 2010: it cannot fall due before." in refused.text
    assert row.due_on == dt.date(2020, 8, 1)


def test_a_pass_is_revoked_by_a_button(assistant: User, an_act: ExitStack) -> None:
    row, secret = passes.make("contacts", "contact/1", "a@example.org", by=None)
    client = SignedIn(assistant)
    an_act.close()

    client.post(change(row, "act", "revoke"))

    assert Pass.objects.get().revoked_by == assistant
    assert passes.find(secret, "contacts") is None


def test_what_another_person_has_done_already_is_not_done_again_from_an_old_page(
    assistant: User, officer: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    contact = factories.ContactFactory(state=laos)
    row, _secret = passes.make("contacts", "state/LAO", contact.email, by=None)
    first, second = SignedIn(assistant), SignedIn(officer)
    an_act.close()
    ended = {"on": "2026-11-02", "reason": "Note 5/2026"}
    left = {"done_on": "2026-11-02", "reason": "Note 6/2026"}
    first.post(change(contact, "act", "end"), ended)
    first.post(change(row, "act", "revoke"))
    first.post(change(laos, "act", "withdraw"), left)

    told = [
        second.post(change(contact, "act", "end"), ended | {"on": "2026-11-20"}),
        second.post(change(contact, "act", "confirm"), ended),
        second.post(change(row, "act", "revoke")),
        second.post(change(laos, "act", "withdraw"), left | {"done_on": "2026-11-03"}),
    ]

    assert [answer.status_code for answer in told] == [422] * 4
    assert "This contact has ended already." in told[0].text
    contact.refresh_from_db()
    assert (contact.until_on, contact.confirmed_on) == (dt.date(2026, 11, 2), None)
    assert Pass.objects.get().revoked_by == assistant
    assert TreatyAction.objects.filter(kind="withdrawal").count() == 1


def test_a_deadline_that_was_extended_meanwhile_is_not_set_from_an_old_page(
    officer: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = factories.DeadlineFactory(
        obligation__state=laos, obligation__kind="art4", obligation__clause="4(1)(a)", year=None
    )
    row.extend(to=dt.date(2030, 4, 30), basis="14MSP", decided_on=dt.date(2026, 11, 19))
    client = SignedIn(officer)
    an_act.close()

    told = client.post(change(row, "act", "override"), {"due_on": "2026-05-01", "reason": "typing"})

    assert told.status_code == 422
    row.refresh_from_db()
    assert row.due_on == dt.date(2026, 4, 30)


@pytest.mark.parametrize(
    ("register", "column"), [("states_user", "password"), ("states_pass", "digest")]
)
def test_no_list_is_filtered_by_what_proves_who_somebody_is(
    assistant: User, register: str, column: str
) -> None:
    address = reverse(f"admin:{register}_changelist")

    asked = SignedIn(assistant).get(address, {f"{column}__startswith": "a"})

    assert asked.status_code == 400


def test_only_the_director_changes_a_practice(
    assistant: User, director: User, an_act: ExitStack
) -> None:
    url = reverse("admin:states_practice_add")
    data = {"key": "met-in-public", "value": "yes", "reason": "Decided on Monday"}
    of_assistant, of_director = SignedIn(assistant), SignedIn(director)
    an_act.close()

    refused = of_assistant.post(url, data)
    nonsense = of_director.post(url, data | {"value": "received_by_isu"})
    which = of_director.post(url, data | {"key": "receipt-that-counts"})
    done = of_director.post(url, data)

    assert refused.status_code == 403
    assert nonsense.status_code == 200
    assert "Choose one of: yes, no." in nonsense.text
    assert "Choose one of: the day on which the ISU received it, the day on" in which.text
    assert done.status_code == 302
    assert Practice.on("met-in-public")


def test_a_filter_is_saved_under_a_name_for_its_owner_only(
    assistant: User, officer: User, an_act: ExitStack
) -> None:
    client, other = SignedIn(assistant), SignedIn(officer)
    an_act.close()
    address = "/admin/states/state/?status=party"
    save = reverse("admin:save_filter")

    client.post(save, {"name": "Parties", "address": address})
    abroad = client.post(save, {"name": "Bad", "address": "https://example.org/admin/"})
    row = SavedFilter.objects.get()
    strange = other.post(reverse("admin:forget_filter", args=[row.pk]))

    assert (row.name, row.address, row.user) == ("Parties", address, assistant)
    assert abroad.status_code == 403
    assert strange.status_code == 404
    assert "Parties" in client.get(reverse("admin:index")).text
    assert "Parties" not in other.get(reverse("admin:index")).text


@pytest.mark.parametrize("name", ["", "  ", "n" * 81])
def test_a_filter_without_a_fitting_name_is_asked_for_one(
    assistant: User, an_act: ExitStack, name: str
) -> None:
    client = SignedIn(assistant)
    an_act.close()
    address = "/admin/states/state/?status=party"

    told = client.post(
        reverse("admin:save_filter"), {"name": name, "address": address}, follow=True
    )

    assert "Give the filter a name of 1 to 80 characters" in told.text
    assert told.redirect_chain[-1][0] == address
    assert not SavedFilter.objects.exists()


def test_states_are_filtered_by_their_status_today(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    factories.StateFactory(iso3="DEU", name_en="Germany")
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(reverse("admin:states_state_changelist"), {"status": "not-party"})

    assert [row.pk for row in page.context["cl"].result_list] == ["DEU"]


def test_a_day_in_the_registers_leads_to_the_sum_that_gives_it(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    row = art4(laos)
    extended = row.extend(to=dt.date(2026, 6, 30), basis="9MSP", decided_on=dt.date(2019, 9, 4))
    client = SignedIn(assistant)
    an_act.close()

    for page in (reverse("admin:states_deadline_changelist"), change(laos)):
        assert f'href="{change(extended)}#part-why"' in client.get(page).text
    for one in (row, extended):
        assert 'id="part-why"' in client.get(change(one)).text


def test_deadlines_are_filtered_by_whether_an_extension_replaced_them(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    row = art4(laos)
    row.extend(to=dt.date(2026, 6, 30), basis="9MSP", decided_on=dt.date(2019, 9, 4))
    client = SignedIn(assistant)
    an_act.close()
    url = reverse("admin:states_deadline_changelist")

    replaced = client.get(url, {"replaced": "yes"}).context["cl"].result_list
    others = client.get(url, {"replaced": "no"}).context["cl"].result_list

    assert [one.pk for one in replaced] == [row.pk]
    assert row.pk not in {one.pk for one in others}


def test_a_pass_says_whom_it_is_about(assistant: User, laos: State, an_act: ExitStack) -> None:
    for number in range(3):
        person = factories.UserFactory(name=f"Desk officer {number}")
        row, _secret = passes.make("invitation", f"user/{person.pk}", person.email, by=None)
    passes.make("contacts", "state/LAO", "mission@lao.example", by=None)
    client = SignedIn(assistant)
    an_act.close()

    listed = client.get(reverse("admin:states_pass_changelist")).text
    read = client.get(change(row)).text

    for number in range(3):
        assert f"Desk officer {number}" in listed
    assert laos.name_en in listed.replace("&#x27;", "'")
    assert "Desk officer 2" in read
    assert "user/" not in listed + read


def test_headings_name_days_in_words(assistant: User, laos: State, an_act: ExitStack) -> None:
    action = laos.actions.first()
    deadline = Deadline.objects.filter(obligation__state=laos).order_by("pk").first()
    client = SignedIn(assistant)
    an_act.close()

    for row, on in ((action, "18 March 2009"), (deadline, "")):
        heading = client.get(change(row)).text.partition("<h1>")[2].partition("</h1>")[0]
        assert on in heading
        assert not re.search(r"\d{4}-\d{2}-\d{2}", heading)


def test_days_are_asked_by_the_browser_and_no_field_of_them_speaks_of_time_zones(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(reverse("admin:states_treatyaction_add")).text

    assert 'type="date" name="done_on"' in page
    assert "vDateField" not in page
    assert "DateTimeShortcuts" not in page


def test_the_form_of_a_practice_tells_what_is_chosen_from_the_choice(
    director: User, an_act: ExitStack
) -> None:
    row = Practice.objects.create(key="met-in-public", value="no")
    client = SignedIn(director)
    an_act.close()

    new = client.get(reverse("admin:states_practice_add")).text
    old = client.get(change(row)).text

    for page in (new, old):
        labels = re.findall(r"<label[^>]*>\s*([^<:]+):?\s*</label>", page)
        assert labels.count("Choice") == 1
        assert labels.count("Practice") == 1


def test_a_name_that_no_page_has_room_for_is_refused_with_a_sentence(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    answer = client.post(change(laos), answers(laos, name_en="N" * 600, reason="a test"))

    assert answer.status_code == 200
    assert "This name has 600 letters, and a page has room for 120" in answer.text
    assert "N" * 600 in answer.text
    assert State.objects.get(pk="LAO").name_en == laos.name_en


def test_an_empty_list_says_what_would_stand_there_and_a_filtered_one_that_nothing_answers(
    assistant: User, laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(assistant)
    an_act.close()

    documents = client.get("/admin/records/document/").text
    stages = client.get("/admin/records/stage/").text
    sought = client.get("/admin/records/document/", {"q": "nothing"}).text

    assert "such as the receipts of reports" in documents
    assert "Nothing is recorded here yet." in stages
    assert "Nothing here answers the search and the filters." in sought


def test_what_is_closed_to_one_of_the_secretariat_does_not_send_them_to_the_isu(
    laos: State, an_act: ExitStack
) -> None:
    client = SignedIn(appointed(Role.FINANCE_OFFICER, None, "money@example.org", "Finance"))
    an_act.close()

    answer = client.get(reverse("admin:states_user_changelist"))

    assert answer.status_code == 403
    assert "the Director appoints you to it" in answer.text
    assert "write to the Implementation Support Unit" not in answer.text


def test_a_mistaken_extension_is_taken_back_with_a_reason_and_leaves_every_page(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    row = art4(laos).extend(to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2026, 11, 19))
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(row))
    silent = client.post(change(row, "act", "take-back"), {"reason": ""})
    told = client.post(change(row, "act", "take-back"), {"reason": "It is Peru's"}, follow=True)

    assert "Take it back" in [str(one["label"]) for one in page.context["open_acts"]]
    assert silent.status_code == 422
    assert not Deadline.objects.filter(pk=row.pk).exists()
    assert "The deadline is now 1 August 2020." in told.text
    assert "14MSP" not in client.get(laos.get_absolute_url()).text
    assert "14MSP" not in client.get("/api/v1/deadlines?state=LAO&kind=art4&history=1").text
    state = client.get(change(laos)).text
    assert "It is Peru's" in html.unescape(state)
    assert "1 February 2030" in state


def test_a_mistaken_obligation_is_taken_back_and_the_page_of_the_state_says_so(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    obligation = art4(laos).obligation
    report = laos.obligations.get(kind="art7-annual")
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(obligation))
    other = client.get(change(report))
    asked = client.get(change(obligation, "act", "take-back"))
    told = client.post(
        change(obligation, "act", "take-back"), {"reason": "Another State"}, follow=True
    )

    assert "Take it back" in [str(one["label"]) for one in page.context["open_acts"]]
    assert "Take it back" not in [str(one["label"]) for one in other.context["open_acts"]]
    assert "1 August 2020" in asked.text
    assert told.redirect_chain[-1][0] == change(laos)
    assert "Another State" in told.text
    assert not laos.obligations.filter(kind="art4").exists()


def test_a_day_that_the_rule_gives_cannot_be_taken_back(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    rule = Deadline.objects.get(obligation__state=laos, year=2026)
    client = SignedIn(assistant)
    an_act.close()

    page = client.get(change(rule))

    assert "Take it back" not in [str(one["label"]) for one in page.context["open_acts"]]


def test_any_number_of_mistakes_costs_the_page_of_the_state_the_same_queries(
    assistant: User, laos: State, today: dt.date, an_act: ExitStack
) -> None:
    root = art4(laos)
    client = SignedIn(assistant)

    def mistake() -> None:
        root.extend(
            to=dt.date(2030, 2, 1), basis="14MSP", decided_on=dt.date(2026, 11, 19)
        ).take_back()

    def asked() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(change(laos)).text
        return len(queries), page.count("14MSP")

    mistake()
    client.get(change(laos))
    one = asked()
    mistake()
    mistake()
    three = asked()

    assert one[0] == three[0]
    assert (one[1], three[1]) == (1, 3)
