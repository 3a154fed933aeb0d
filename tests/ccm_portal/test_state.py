"""A State's page: status and duties as at the day, explained; nothing doubtful, no reproach."""

import datetime as dt
from pathlib import Path
from typing import Any

import page as checker
import pypdfium2
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries
from weasyprint import HTML

from states import registry
from states.models import Contact, FormerName, ObligationEvent, State, TreatyAction
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LAOS = "/states/LAO/"
# State, actions, former names; deadlines, events; the sections of the reports and of the measures;
# its early reports.
COLD = 11


def clearance(state: State, *extensions: dt.date) -> None:
    """An Article 4 obligation, extended to each of the days."""
    obligation = registry.open_obligation(
        state, "art4", known_on=dt.date(2010, 8, 1), clock_from=dt.date(2010, 8, 1)
    )
    for position, to in enumerate(extensions, start=1):
        last = obligation.deadlines.latest("position", "pk")
        decided_on = dt.date(2018 + position, 9, 5)
        last.extend(to=to, basis=f"{8 + position}MSP", decided_on=decided_on, source="Decision")
        ObligationEvent.objects.create(
            state=state,
            article=4,
            obligation=obligation,
            position=position,
            kind="extension",
            new_deadline=to,
            decided_at=f"{8 + position}MSP",
            happened_on=decided_on,
            source="Decision",
            confidence="high",
        )


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_eleven_queries_as_at_a_day_for_any_number_of_rows(
    client: Client,
    laos: State,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clearance(laos, *[dt.date(2024 + 2 * step, 8, 1) for step in range(number)])
    for step in range(number):
        FormerName.objects.create(
            state=laos, name_en=f"Name {step}", until_on=dt.date(1975 + step, 1, 1)
        )

    with django_assert_num_queries(COLD):
        page = client.get(LAOS, {"as_at": "2026-11-19"})

    assert page.status_code == 200


def test_today_costs_one_query_more_for_the_contacts(
    client: Client, laos: State, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(COLD + 1):
        client.get(LAOS)


def test_the_page_says_status_and_name_as_at_the_day(client: Client, laos: State) -> None:
    FormerName.objects.create(
        state=laos, name_en="Kingdom of Laos", name_fr="-", name_es="-", until_on="2009-12-31"
    )

    then = client.get(LAOS, {"as_at": "2009-06-01"}).content.decode()
    now = client.get(LAOS).content.decode()

    assert "Instrument deposited, not yet in force" in then
    assert "enters into force on 1 August 2010" in then
    assert "<h1>Kingdom of Laos</h1>" in then
    assert "State Party" in now
    assert "since 1 August 2010" in now


def test_every_deadline_explains_itself(client: Client, laos: State) -> None:
    clearance(laos, dt.date(2025, 8, 1), dt.date(2030, 8, 1))

    text = client.get(LAOS).content.decode()

    assert "18 March 2009" in text
    assert "Contaminated areas are to be cleared within ten years: by 1 August 2020." in text
    assert "9MSP extended the deadline to 1 August 2025" in text
    assert "10MSP extended the deadline to 1 August 2030" in text
    assert text.count("Why this date?") == 3


def test_an_extension_is_not_known_before_it_was_decided(client: Client, laos: State) -> None:
    clearance(laos, dt.date(2025, 8, 1))

    before = client.get(LAOS, {"as_at": "2019-09-04"}).content.decode()
    after = client.get(LAOS, {"as_at": "2019-09-05"}).content.decode()

    assert "1 August 2025" not in before
    assert "1 August 2020" in before
    assert "1 August 2025" in after


def test_what_is_fulfilled_is_said_with_as_much_of_the_day_as_is_known(
    client: Client, laos: State
) -> None:
    clearance(laos, dt.date(2025, 8, 1))
    laos.obligations.filter(kind="art4").update(
        fulfilled_on=dt.date(2023, 6, 30), fulfilled_precision="month"
    )

    then = client.get(LAOS, {"as_at": "2023-06-29"}).content.decode()
    now = client.get(LAOS).content.decode()

    assert "Declared fulfilled" not in then
    assert "Declared fulfilled: June 2023" in now


def test_rows_of_low_confidence_are_never_seen(client: Client, laos: State) -> None:
    ObligationEvent.objects.create(
        state=laos,
        article=3,
        position=1,
        kind="completion",
        happened_on=dt.date(2015, 3, 2),
        source="A memory",
        confidence="low",
    )

    for path in (LAOS, "/states/LAO.json"):
        assert "A memory" not in client.get(path).content.decode()


def test_a_passed_day_with_unknown_decisions_says_that_they_are_not_recorded(
    client: Client, laos: State
) -> None:
    clearance(laos, dt.date(2025, 8, 1))
    ObligationEvent.objects.create(
        state=laos,
        article=4,
        obligation=laos.obligations.get(kind="art4"),
        position=9,
        kind="extension_request",
        decided_at="13MSP",
        happened_on=dt.date(2025, 9, 19),
        source="Agenda",
        confidence="high",
    )

    text = client.get(LAOS).content.decode()

    assert "Later decisions are not recorded here." in text


def test_contacts_are_printed_with_the_states_consent_only(client: Client, laos: State) -> None:
    factories.ContactFactory(state=laos, email="open@example.org", may_publish=True)
    factories.ContactFactory(state=laos, email="closed@example.org")
    factories.ContactFactory(
        state=laos, email="past@example.org", may_publish=True, until_on=dt.date(2025, 1, 1)
    )

    now = client.get(LAOS).content.decode()
    then = client.get(LAOS, {"as_at": "2024-12-31"}).content.decode()

    assert "open@example.org" in now
    assert "closed@example.org" not in now
    assert "example.org" not in then
    assert Contact.objects.count() == 3


def test_small_letters_are_led_to_the_permanent_address(client: Client, laos: State) -> None:
    answer = client.get("/states/lao/", {"lang": "fr"})

    assert answer.status_code == 301
    assert answer["Location"] == "/states/LAO/?lang=fr"


def test_an_unknown_code_is_answered_by_a_sentence(client: Client) -> None:
    answer = client.get("/states/ZZZ/")

    assert answer.status_code == 404
    assert "is not the code of a State here" in answer.content.decode()


def test_a_state_that_did_nothing_has_a_page_too(client: Client) -> None:
    factories.StateFactory(iso3="FIN", name_en="Finland")

    text = client.get("/states/FIN/").content.decode()

    assert "State not party" in text
    assert "No obligation is recorded" in text


def test_the_life_of_a_former_party_ends_with_its_withdrawal(client: Client) -> None:
    state = factories.party("LTU", "Lithuania", "2011-03-24")
    TreatyAction.objects.create(state=state, kind="withdrawal", done_on=dt.date(2024, 9, 6))

    text = client.get("/states/LTU/").content.decode()

    assert "Former State Party" in text
    assert "withdrawal in effect since 6 March 2025" in text
    assert "30 April 2027" not in text


def test_the_same_facts_are_data(client: Client, laos: State) -> None:
    clearance(laos, dt.date(2030, 8, 1))

    data = client.get("/states/LAO.json", {"as_at": "2026-11-19"}).json()

    assert (data["as_at"], data["status"], data["in_force_on"]) == (
        "2026-11-19",
        "party",
        "2010-08-01",
    )
    clearing = next(row for row in data["deadlines"] if row["kind"] == "art4")
    assert (clearing["due_on"], clearing["by_rule_on"]) == ("2030-08-01", "2020-08-01")
    assert "9MSP extended the deadline to 1 August 2030" in clearing["explanation"]


def test_an_extension_moves_the_entry_of_the_feed_and_keeps_its_name(
    client: Client, laos: State
) -> None:
    clearance(laos, dt.date(2025, 8, 1))
    first = feed(client, "/states/LAO/deadlines.ics?as_at=2020-01-01")
    laos.obligations.get(kind="art4").deadlines.latest("position", "pk").extend(
        to=dt.date(2030, 8, 1), basis="12MSP", decided_on=dt.date(2024, 9, 13)
    )

    second = feed(client, "/states/LAO/deadlines.ics?as_at=2025-01-01")

    (uid,) = [uid for uid in first if "art4" in uid]
    assert first[uid]["DTSTART"].dt == dt.date(2025, 8, 1)
    assert second[uid]["DTSTART"].dt == dt.date(2030, 8, 1)
    assert second[uid]["SEQUENCE"] == first[uid]["SEQUENCE"] + 1
    assert second[uid]["DTSTAMP"].dt.date() == dt.date(2024, 9, 13)


def feed(client: Client, path: str) -> dict[str, Calendar]:
    """The entries of a feed by their UID."""
    events = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    return {str(event["UID"]): event for event in events}


def test_the_feed_speaks_the_readers_language(client: Client, laos: State) -> None:
    laos.name_fr = "République démocratique populaire lao"
    laos.save()

    (event,) = feed(client, "/states/LAO/deadlines.ics?lang=fr").values()

    assert event["SUMMARY"].startswith("République démocratique populaire lao")
    assert event["SUMMARY"].params["LANGUAGE"] == "fr"
    assert event["URL"].endswith("/states/LAO/?lang=fr#why-art7-annual-72-2026")
    assert event["DTSTART"].params["VALUE"] == "DATE"


def test_the_profile_is_a_paper_of_two_pages_for_its_day(client: Client, laos: State) -> None:
    clearance(laos, dt.date(2025, 8, 1), dt.date(2030, 8, 1))
    path = reverse("state-profile", args=["LAO"])

    first = client.get(path, {"as_at": "2026-11-19"})
    paper = pypdfium2.PdfDocument(first.content)
    words = " ".join(page.get_textpage().get_text_bounded() for page in paper)

    assert first["Content-Type"] == "application/pdf"
    assert len(paper) == 2
    assert "PROFILE-LAO-2026-11-19" in words
    assert "As at 19 November 2026" in words
    assert "1 August 2030" in words
    # Nothing of a print is kept that its hash could be compared with.
    assert "SHA-256" not in words
    assert "/states/LAO/?as_at=2026-11-19" in words
    assert client.get(path, {"as_at": "2026-11-19"}).content == first.content
    for profile in (checker.ValidationProfile.PDF_A_3A, checker.ValidationProfile.PDF_UA_1):
        assert checker.validate_pdf_bytes(first.content, profile=profile).failures == []


def test_a_profile_that_was_kept_does_not_outlive_its_style_sheet(
    client: Client, laos: State, tmp_path: Path, settings: Any
) -> None:
    path = reverse("state-profile", args=["LAO"])
    before = client.get(path, {"as_at": "2026-11-19"}).content
    (tmp_path / "paper.css").write_text("@page { size: A5 landscape }", encoding="utf-8")
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]

    after = client.get(path, {"as_at": "2026-11-19"}).content

    assert pypdfium2.PdfDocument(before)[0].get_width() < 600  # A4, in points
    assert pypdfium2.PdfDocument(after)[0].get_height() < 600


def test_the_profile_keeps_the_parts_of_a_contact_apart(client: Client, laos: State) -> None:
    factories.ContactFactory(
        state=laos,
        form_of_address="Ms",
        name="A. Person",
        function="Treaty section",
        institution="",
        email="treaties@mfa.example",
        telephone="+856 21 1",
        may_publish=True,
    )
    made = client.get(reverse("state-profile", args=["LAO"])).content

    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made))

    printed = "Ms A. Person, Treaty section, treaties@mfa.example, +856 21 1"
    assert printed in " ".join(text.split())


def test_the_profile_explains_each_of_its_dates_past_ones_as_well(
    client: Client, laos: State
) -> None:
    made = client.get(reverse("state-profile", args=["LAO"])).content

    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made))

    assert "180 days after entry into force: 28 January 2011" in " ".join(text.split())


def test_no_step_of_the_profile_breaks_after_its_first_word() -> None:
    rest = "extended the deadline to 1 August 2025 (decided by 4 September 2019; the exact day"
    steps = [
        {"text": f"9MSP {rest} {'i' * length} is assumed).", "article": "4(5)"}
        for length in range(60)
    ]
    facts = {"status_words": "State Party", "contacts": [], "state": {"pk": "LAO"}}
    around = {"treaty": [], "duties": [], "years": "", "sources": [], "site": "https://example.org"}
    asked = {"shared": steps, "explained": True, "facts_fill_a_page": False, "facts": facts}
    body = render_to_string("ccm_portal/profile.html", around | asked)
    style = (Path(settings.BASE_DIR) / "static" / "paper.css").read_text(encoding="utf-8")

    made = HTML(string=f"<html lang=en><style>{style}</style>{body}").write_pdf()

    text = "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made))
    assert text.count("9MSP extended") == len(steps)


def test_who_signed_and_deposited_on_one_day_signed_first(client: Client) -> None:
    state = factories.party("VAT", "Holy See", "2008-12-03")
    TreatyAction.objects.create(state=state, kind="signature", done_on="2008-12-03")

    said = [fact["term"] for fact in client.get("/states/VAT/").context["treaty"]]

    assert said.index("Signed") < said.index("Deposited its instrument of ratification")


def test_the_page_can_be_cached_for_everybody(client: Client, laos: State) -> None:
    page = client.get(LAOS)

    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")
    assert "csrf" not in page.content.decode()
