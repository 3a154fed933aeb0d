"""A State confirms, corrects or ends its contacts, by a pass or signed in."""

import datetime as dt

import pytest
from django.urls import reverse

from states import passes
from states.models import Contact, Organisation, PassUse
from tests.factories import ContactFactory

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def mailbox(laos, today):
    return ContactFactory(state=laos, email="treaties@mfa.example", function="Treaty section")


@pytest.fixture
def secretary(laos, today):
    return ContactFactory(
        state=laos,
        purpose="general",
        place="geneva",
        role_mailbox=False,
        name="A. Person",
        email="mission@lao.example",
        bounced_on=dt.date(2026, 10, 2),
    )


def link(subject="state/LAO", mailbox="treaties@mfa.example", **more):
    row, secret = passes.make("contacts", subject, mailbox, by=None, **more)
    return row, reverse("confirm-contacts", args=[secret])


def answers(contact, answer, **changes):
    fields = [
        "form_of_address",
        "name",
        "function",
        "institution",
        "email",
        "telephone",
        "language",
        "may_publish",
    ]
    data = {field: getattr(contact, field) for field in fields} | changes | {"answer": answer}
    return {f"contact-{contact.pk}-{field}": value for field, value in data.items()}


def test_a_state_confirms_all_its_contacts_by_a_pass(mailbox, secretary, client):
    row, url = link()

    response = client.post(url, answers(mailbox, "right") | answers(secretary, "right"))

    mailbox.refresh_from_db()
    assert "Thank you" in response.content.decode()
    assert mailbox.confirmed_on == DAY
    said = mailbox.history.latest("pgh_id").pgh_context
    assert said["actor"] == "portal"
    assert said["reason"] == (
        f"Confirmed by the State through pass {row.pk}, sent to treaties@mfa.example"
    )
    assert PassUse.objects.get().used_pass == row


def test_looking_changes_nothing_and_a_second_use_is_refused(mailbox, client):
    _row, url = link()
    assert client.get(url).status_code == 200
    client.post(url, answers(mailbox, "right"))

    again = client.post(url, answers(mailbox, "left"))

    mailbox.refresh_from_db()
    assert again.status_code == 404
    assert mailbox.until_on is None


def test_a_correction_is_written_and_a_new_address_is_fresh(mailbox, secretary, client):
    _row, url = link()

    client.post(
        url,
        answers(mailbox, "right")
        | answers(secretary, "correct", name="B. Successor", email="second@lao.example"),
    )

    secretary.refresh_from_db()
    assert (secretary.name, secretary.email) == ("B. Successor", "second@lao.example")
    assert secretary.bounced_on is None


def as_opened(client, url):
    """What a browser sends back unless something is written: the fields as the page has them."""
    confirmation = client.get(url).context["confirmation"]
    return {
        field.html_name: field.value() or ""
        for form in confirmation.forms
        for field in form
        if field.name != "answer"
    }


def test_what_a_colleague_corrected_meanwhile_is_not_undone(mailbox, secretary, client):
    """Two have the page open; the second corrects the telephone and not the function."""
    _row, url = link(uses=2)
    page = as_opened(client, url)
    first = {f"contact-{mailbox.pk}-function": "Treaty office"}
    right, correct = {"answer": "right"}, {"answer": "correct"}

    def answered(contact, answer):
        return {f"contact-{contact.pk}-answer": answer["answer"]}

    client.post(url, page | answered(mailbox, correct) | answered(secretary, right) | first)
    late = (
        page
        | answered(mailbox, correct)
        | answered(secretary, right)
        | {f"contact-{mailbox.pk}-telephone": "+856 1"}
    )
    asked_again = client.post(url, late)

    assert "Somebody changed this contact while you had the page open (Function" in (
        asked_again.content.decode()
    )
    mailbox.refresh_from_db()
    assert (mailbox.function, mailbox.telephone) == ("Treaty office", "")
    once_more = {
        field.html_name: field.value() or ""
        for form in asked_again.context["confirmation"].forms
        for field in form
    }
    assert once_more[f"contact-{mailbox.pk}-telephone"] == "+856 1"

    client.post(url, once_more)

    mailbox.refresh_from_db()
    assert (mailbox.function, mailbox.telephone) == ("Treaty office", "+856 1")


def test_what_a_page_says_it_has_seen_breaks_nothing_where_it_is_no_sense(mailbox, client):
    for number, seen in enumerate(("", "{", "[1]", "null", '{"email": 3}', '{"x": {}}')):
        _row, url = link()
        data = answers(mailbox, "right") | {f"contact-{mailbox.pk}-seen": seen}
        assert client.post(url, data).status_code == 200, number


def test_whoever_has_left_stands_no_longer(mailbox, secretary, client):
    _row, url = link()

    client.post(url, answers(mailbox, "right") | answers(secretary, "left", name="typed over"))

    secretary.refresh_from_db()
    assert secretary.until_on == DAY - dt.timedelta(days=1)
    assert secretary.name == "A. Person"
    assert list(Contact.objects.current(DAY)) == [mailbox]


def test_each_contact_needs_an_answer_and_an_unfinished_page_uses_nothing_up(
    mailbox, secretary, client
):
    _row, url = link()

    response = client.post(url, answers(mailbox, "right"))

    assert "Say whether this contact is still right" in response.content.decode()
    mailbox.refresh_from_db()
    assert mailbox.confirmed_on is None
    assert not PassUse.objects.exists()


@pytest.mark.parametrize(
    ("answer", "changes", "sentence"),
    [
        ("right", {"email": "other@mfa.example"}, "Choose “Correct it”"),
        ("correct", {}, "Change what is wrong below"),
        ("correct", {"email": ""}, "Letters need an e-mail address"),
        ("correct", {"email": "no address"}, "valid email address"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused_with_a_sentence(
    mailbox, client, answer, changes, sentence
):
    _row, url = link()

    response = client.post(url, answers(mailbox, answer, **changes))

    assert sentence in response.content.decode()
    assert not PassUse.objects.exists()


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("", "Letters need an e-mail address."), ("no address", "Enter a valid email address.")],
)
def test_a_correction_without_a_good_address_is_told_so_once(mailbox, client, email, sentence):
    _row, url = link()

    page = client.post(url, answers(mailbox, "correct", email=email))

    form = page.context["confirmation"].forms[0]
    assert form.errors == {"email": [sentence]}


def test_a_further_contact_is_named(mailbox, client, laos):
    _row, url = link()
    new = {
        "new-purpose": "clearance",
        "new-place": "capital",
        "new-role_mailbox": "on",
        "new-email": "nra@lao.example",
        "new-language": "en",
    }

    client.post(url, answers(mailbox, "right") | new)

    added = Contact.objects.get(email="nra@lao.example")
    assert added.state == laos
    assert added.confirmed_on == DAY


def test_the_state_sees_what_is_printed_of_it_and_withdraws_its_consent(mailbox, secretary, client):
    Contact.objects.filter(pk=mailbox.pk).update(may_publish=True)
    mailbox.refresh_from_db()
    _row, url = link()

    page = client.get(url).content.decode()
    client.post(url, answers(mailbox, "correct", may_publish=False) | answers(secretary, "right"))

    mailbox.refresh_from_db()
    assert page.count("Printed with the consent of the State.") == 1
    assert page.count("The State agrees to publication") == 3, "two contacts and one not yet named"
    assert mailbox.may_publish is False
    assert mailbox.email == "treaties@mfa.example"


def test_a_contact_is_printed_once_the_state_agrees_and_not_before(mailbox, client):
    _row, url = link()
    further = {
        "new-purpose": "clearance",
        "new-place": "capital",
        "new-email": "clearance@mfa.example",
        "new-language": "fr",
        "new-may_publish": "on",
    }

    client.post(url, answers(mailbox, "right") | further)

    mailbox.refresh_from_db()
    assert mailbox.may_publish is False
    assert Contact.objects.get(email="clearance@mfa.example").may_publish is True


def test_consent_withdrawn_and_still_right_contradict_each_other(mailbox, client):
    Contact.objects.filter(pk=mailbox.pk).update(may_publish=True)
    mailbox.refresh_from_db()
    _row, url = link()

    response = client.post(url, answers(mailbox, "right", may_publish=False))

    mailbox.refresh_from_db()
    assert "Choose “Correct it”" in response.content.decode()
    assert mailbox.may_publish is True


def test_an_organisation_is_not_asked_what_a_page_of_a_state_may_print(db, today, client):
    cmc = Organisation.objects.create(code="cmc", name_en="Cluster Munition Coalition")
    contact = ContactFactory(state=None, organisation=cmc, email="a@org.example")
    _row, url = link(f"contact/{contact.pk}", "a@org.example")

    page = client.get(url).content.decode()

    assert "a@org.example" in page
    assert "agrees to publication" not in page


def test_an_empty_further_contact_is_nothing(mailbox, client):
    _row, url = link()
    lists = {"new-purpose": "clearance", "new-place": "capital", "new-language": "fr"}

    client.post(url, answers(mailbox, "right") | lists)

    assert Contact.objects.count() == 1


FURTHER = {
    "new-purpose": "clearance",
    "new-place": "capital",
    "new-name": "C. Person",
    "new-email": "clearance@mfa.example",
    "new-language": "fr",
}


def test_a_contact_that_is_recorded_already_is_not_recorded_once_more(
    mailbox, focal_point, signed_in
):
    client, url = signed_in(focal_point), reverse("own-contacts")
    pressed = answers(mailbox, "right") | FURTHER
    client.post(url, pressed)

    again = client.post(url, pressed | {"new-email": "Clearance@MFA.example"})
    another = client.post(url, pressed | {"new-name": "D. Person"})

    assert "This contact is recorded already: C. Person (capital)." in again.content.decode()
    assert "Clearance@MFA.example" in again.content.decode()
    # The contact that was named by the first press asks for an answer of its own.
    assert "recorded already" not in another.content.decode()
    assert Contact.objects.filter(purpose="clearance").count() == 1


@pytest.mark.parametrize("changes", [{"until_on": DAY - dt.timedelta(days=1)}, {"name": "X"}])
def test_a_contact_that_ended_or_differs_may_be_named(mailbox, laos, client, changes):
    facts = {"purpose": "clearance", "name": "C. Person", "email": "clearance@mfa.example"}
    ContactFactory(state=laos, **facts | changes)
    _row, url = link()
    others = Contact.objects.current(DAY).exclude(pk=mailbox.pk)
    answered = [answers(one, "right") for one in others]

    client.post(
        url,
        {k: v for one in answered for k, v in one.items()} | answers(mailbox, "right") | FURTHER,
    )

    assert Contact.objects.filter(purpose="clearance").count() == 2


def test_a_further_contact_without_an_address_is_refused(mailbox, client):
    _row, url = link()
    half = {"new-purpose": "clearance", "new-place": "capital", "new-language": "fr"}

    response = client.post(url, answers(mailbox, "right") | half | {"new-name": "C. Person"})

    assert "This field is required" in response.content.decode()
    assert not PassUse.objects.exists()


def test_a_pass_for_one_contact_opens_that_one_alone(mailbox, secretary, client):
    _row, url = link(f"contact/{secretary.pk}")

    page = client.get(url).content.decode()
    client.post(url, answers(secretary, "right") | answers(mailbox, "left"))

    assert "mission@lao.example" in page
    assert "treaties@mfa.example" not in page
    assert "Name one more contact" not in page
    mailbox.refresh_from_db()
    assert mailbox.until_on is None


def test_a_pass_of_another_state_touches_nothing_here(mailbox, peru, client):
    ContactFactory(state=peru, email="peru@mfa.example")
    _row, url = link("state/PER", "peru@mfa.example")

    client.post(url, answers(mailbox, "left"))

    mailbox.refresh_from_db()
    assert mailbox.until_on is None


@pytest.mark.parametrize("subject", ["state/ZZZ", "contact/0", "contact/x", "report/LAO"])
def test_a_pass_that_leads_nowhere_looks_like_any_other(laos, today, client, subject):
    _row, url = link(subject)

    assert client.get(url).status_code == 404


def removed(contact):
    contact.until_on = DAY - dt.timedelta(days=1)
    contact.save()


def corrected(contact):
    contact.email = "successor@mfa.example"
    contact.save()


@pytest.mark.parametrize("happened", [removed, corrected])
def test_the_link_in_a_mailbox_that_is_no_contact_any_more_opens_nothing(
    mailbox, secretary, client, happened
):
    _row, url = link()
    page = client.get(url)
    happened(mailbox)

    answered = client.post(url, answers(mailbox, "right") | answers(secretary, "left"))

    assert page.status_code == 200
    assert client.get(url).status_code == answered.status_code == 404
    secretary.refresh_from_db()
    assert secretary.until_on is None
    assert not PassUse.objects.exists()


def test_a_mailbox_named_anew_in_other_capitals_is_the_same_mailbox(mailbox, laos, client):
    _row, url = link()
    removed(mailbox)
    ContactFactory(state=laos, email="Treaties@MFA.example", purpose="general")

    assert client.get(url).status_code == 200


def test_an_invitation_opens_no_contacts(mailbox, client):
    _row, secret = passes.make("invitation", "state/LAO", "x@example.org", by=None)

    assert client.get(reverse("confirm-contacts", args=[secret])).status_code == 404


def test_a_focal_point_confirms_signed_in_as_themselves(mailbox, focal_point, signed_in):
    client = signed_in(focal_point)

    response = client.post(reverse("own-contacts"), answers(mailbox, "right"))

    said = mailbox.history.latest("pgh_id").pgh_context
    assert response.status_code == 302
    assert said["user"] == focal_point.pk
    assert said["reason"] == "Confirmed by the State, signed in"


def test_a_focal_point_keeps_the_contacts_of_the_own_state_only(
    mailbox, focal_point, other_focal_point, drafter, officer, signed_in
):
    url = reverse("own-contacts")

    assert signed_in(focal_point).get(url).status_code == 200
    assert signed_in(focal_point).get(url, {"state": "PER"}).status_code == 404
    assert signed_in(drafter).get(url).status_code == 404
    assert signed_in(officer).get(url).status_code == 404
    assert "treaties@mfa.example" not in signed_in(other_focal_point).get(url).content.decode()
