"""A form after the end of a session, or with the token of an earlier one, loses nothing."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reporting import filing
from reporting.models import Report
from states import posting
from states.models import State, User
from tests.conftest import SignedIn
from tests.factories import ContactFactory

pytestmark = pytest.mark.usefixtures("today")
PASSWORD = "four calm words together"
HERE = "http://testserver"
YEAR = ["LAO", "annual", 2025]
DRAFT = "/what-we-owe/LAO/annual/2025/"


@pytest.fixture
def draft(laos: State, focal_point: User) -> Report:
    """Lao PDR's draft on 2025."""
    focal_point.set_password(PASSWORD)
    focal_point.save()
    focal_point.emailaddress_set.create(email=focal_point.email, verified=True, primary=True)
    return filing.begin(laos, "annual", 2025, by=focal_point)


def answers(draft: Report) -> dict[str, str]:
    """What a person types on the draft's page."""
    return {
        "covers_from": "2025-01-01",
        "covers_to": "2025-12-31",
        "language": "en",
        "touched": draft.touched_at.isoformat(),
        "note": "Two hours of work,\r\nand a “quotation”.",
    }


def hidden(page: Any) -> list[dict[str, str]]:
    """The hidden fields of each form on the page, with its address."""
    found = []
    for action, inside in re.findall(
        r'<form method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page.text, re.DOTALL
    ):
        fields = {"action": html.unescape(action)}
        for tag in re.findall(r'<input type="hidden"[^>]*>', inside):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag, re.DOTALL)
            assert name
            fields[name.group(1)] = html.unescape(value.group(1)) if value else ""
        found.append(fields)
    return found


def press(client: Client, form: dict[str, str], **more: str) -> Any:
    """Sends a form of a page, as a browser would."""
    data = {name: value for name, value in form.items() if name != "action"} | more
    return client.post(form["action"], data, headers={"origin": HERE})


def forms_of(page: Any, action: str) -> dict[str, str]:
    """The form of the page that goes to the address."""
    return next(form for form in hidden(page) if form["action"] == action)


def test_what_was_typed_when_the_session_ended_is_handed_in_after_signing_in(
    draft: Report, focal_point: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    token = forms_of(client.get("/account/login/"), "/account/login/")["csrfmiddlewaretoken"]

    ended = client.post(
        DRAFT, answers(draft) | {"csrfmiddlewaretoken": token}, headers={"origin": HERE}
    )
    assert ended.status_code == 403
    assert "Your session has ended" in ended.text
    assert "no-store" in ended.headers["Cache-Control"]
    entered = press(
        client,
        forms_of(ended, "/account/login/"),
        login=focal_point.email,
        password=PASSWORD,
    )
    again = client.get(entered.url)
    done = press(client, forms_of(again, DRAFT))

    assert done.url == DRAFT
    draft.refresh_from_db()
    assert draft.note == "Two hours of work,\r\nand a “quotation”."


def test_a_wrong_password_in_between_loses_nothing_and_keeps_nothing_here(
    draft: Report, focal_point: User
) -> None:
    client = Client()
    ended = client.post(DRAFT, answers(draft))

    wrong = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password="guess guess"
    )
    kept_for_a_stranger = posting.KEPT in client.session
    entered = press(
        client, forms_of(wrong, "/account/login/"), login=focal_point.email, password=PASSWORD
    )

    assert not kept_for_a_stranger
    assert "What you typed is kept on this page." in wrong.text
    assert "What you typed is kept" not in Client().get("/account/login/").text
    assert entered.url == reverse("typed-again")
    assert "Two hours of work" in client.get(entered.url).text


def test_the_language_read_in_outlives_the_session(draft: Report, focal_point: User) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(focal_point, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/what-we-owe/?lang=fr")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(minutes=1))

    ended = client.post(DRAFT, answers(draft))
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    sent = client.get("/what-we-owe/")
    entered = press(
        client,
        forms_of(ended, "/account/login/?lang=fr"),
        login=focal_point.email,
        password=PASSWORD,
    )

    assert ended.headers["Content-Language"] == "fr"
    assert sent.url == "/account/login/?next=/what-we-owe/&lang=fr"
    assert client.get(entered.url).headers["Content-Language"] == "fr"


def test_the_language_asked_for_when_the_session_has_ended_is_kept(
    draft: Report, focal_point: User
) -> None:
    ended = Client().post(f"{DRAFT}?lang=es", answers(draft))

    assert ended.headers["Content-Language"] == "es"
    assert forms_of(ended, "/account/login/?lang=es")["typed"]


def test_what_one_person_typed_is_never_shown_to_the_next_on_the_same_browser(
    draft: Report, focal_point: User, drafter: User
) -> None:
    drafter.set_password(PASSWORD)
    drafter.save()
    drafter.emailaddress_set.create(email=drafter.email, verified=True, primary=True)
    TOTP.activate(focal_point, generate_totp_secret())
    client = Client()
    ended = client.post(DRAFT, answers(draft))
    half = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password=PASSWORD
    )
    session = client.session
    kept = session[posting.KEPT]
    # The step at which the first person stopped runs out by itself.
    del session["account_login"]
    session.save()

    client.post("/account/login/", {"login": drafter.email, "password": PASSWORD})
    shown = client.get(reverse("typed-again"), follow=True)

    assert half.url == reverse("mfa_authenticate")
    assert kept[0] == focal_point.pk
    assert client.session["_auth_user_id"] == str(drafter.pk)
    assert posting.KEPT not in client.session
    assert "Two hours of work" not in shown.text


def test_what_is_kept_for_one_person_is_gone_when_another_enters_in_any_way(
    draft: Report, focal_point: User, drafter: User
) -> None:
    client = Client()
    client.get("/account/login/")
    session = client.session
    typed = posting.Typed(DRAFT, [("note", "Two hours of work")])
    session[posting.KEPT] = [focal_point.pk, typed.written]
    session.save()

    client.force_login(drafter, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert posting.KEPT not in client.session


def test_who_signs_in_after_the_end_of_anothers_session_is_told_so(
    draft: Report, focal_point: User, drafter: User
) -> None:
    told = []
    for who in (focal_point, drafter):
        client = SignedIn(who)
        Session.objects.update(expire_date=draft.touched_at - dt.timedelta(days=1))
        ended = client.post(DRAFT, answers(draft))
        entered = press(
            client,
            forms_of(ended, "/account/login/?lang=en"),
            login=focal_point.email,
            password=PASSWORD,
        )
        told.append("was another person’s" in client.get(entered.url).text)

    assert told == [False, True]


def test_what_was_sent_after_signing_in_is_kept_no_longer(draft: Report, focal_point: User) -> None:
    client = Client()
    ended = client.post(DRAFT, answers(draft))
    entered = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password=PASSWORD
    )
    again = client.get(entered.url)
    client.get(entered.url)
    before = posting.KEPT in client.session

    press(client, forms_of(again, DRAFT))

    assert before
    assert posting.KEPT not in client.session
    assert client.get(entered.url).status_code == 302


def test_whoever_signs_in_in_another_tab_presses_on_in_this_one(
    draft: Report, focal_point: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    token = forms_of(client.get("/account/login/"), "/account/login/")["csrfmiddlewaretoken"]
    ended = client.post(
        DRAFT, answers(draft) | {"csrfmiddlewaretoken": token}, headers={"origin": HERE}
    )
    other = forms_of(client.get("/account/login/"), "/account/login/")
    press(client, other, login=focal_point.email, password=PASSWORD)

    on = press(client, forms_of(ended, DRAFT))
    assert "This form was not taken" in on.text
    done = press(client, forms_of(on, DRAFT))

    assert done.url == DRAFT
    draft.refresh_from_db()
    assert draft.note.startswith("Two hours of work")


def test_a_file_is_not_kept_and_the_page_says_so(draft: Report) -> None:
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.7 words of the report")

    ended = Client().post(DRAFT, answers(draft) | {"file": file})

    assert "A file cannot be kept: choose it again afterwards." in ended.text
    assert "words of the report" not in ended.text


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("report-hand-in", f"{DRAFT}check/"),
        ("report-discard", DRAFT),
        ("report-invite", DRAFT),
        ("report-begin", "/what-we-owe/"),
        ("report-sent", "/what-we-owe/"),
    ],
)
def test_one_lands_on_the_page_that_has_the_form_and_never_on_a_blank_one(
    draft: Report, focal_point: User, address: str, page: str
) -> None:
    url = reverse(address, args=YEAR if address not in {"report-begin", "report-sent"} else [])

    pressed = Client().post(url)
    opened = SignedIn(focal_point).get(url)

    assert pressed.url == f"/account/login/?next={page}"
    assert opened.url == page


def test_handing_in_is_never_pressed_from_elsewhere_but_on_the_page_that_shows_the_draft(
    draft: Report, focal_point: User
) -> None:
    client = Client()
    ended = client.post(f"{DRAFT}hand-in/", {"touched": "earlier"})

    entered = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password=PASSWORD
    )

    assert [form["action"] for form in hidden(ended)] == ["/account/login/"]
    assert entered.url == f"{DRAFT}check/"


def test_what_staff_typed_for_an_act_is_shown_and_the_act_is_done_on_its_own_page(
    laos: State, officer: User
) -> None:
    client = SignedIn(officer)
    client.handler.enforce_csrf_checks = True
    recovery = reverse("recovery-settle", args=[1])

    page = client.post(recovery, {"reason": "Spoke to her", "agree": "1"}, headers={"origin": HERE})

    assert page.status_code == 403
    assert "Spoke to her" in page.text
    assert recovery not in [form["action"] for form in hidden(page)]
    assert f'href="{reverse("recovery")}"' in page.text


def test_what_a_page_carried_for_itself_is_not_shown_as_typed_but_sent_once_more(
    draft: Report, focal_point: User
) -> None:
    contact = ContactFactory(state=draft.state, function="Treaty section")
    address = f"{reverse('own-contacts')}?state=LAO"
    page = SignedIn(focal_point).get(address)
    form = page.context["confirmation"].forms[0]
    typed = {field.html_name: field.value() or "" for field in form}
    typed |= {f"contact-{contact.pk}-answer": "correct", f"contact-{contact.pk}-name": "A. Person"}

    client = Client()
    ended = client.post(address, typed)
    entered = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password=PASSWORD
    )
    again = client.get(entered.url)

    shown = re.findall(r"<blockquote>\s*(.*?)\s*</blockquote>", html.unescape(again.text))
    assert "A. Person" in shown
    assert not [text for text in shown if "{" in text]
    assert forms_of(again, address)[f"contact-{contact.pk}-seen"].startswith("{")


def test_the_press_names_who_presses_and_what_it_does(draft: Report, focal_point: User) -> None:
    client = Client()
    ended = client.post(DRAFT, answers(draft))
    entered = press(
        client, forms_of(ended, "/account/login/"), login=focal_point.email, password=PASSWORD
    )

    page = html.unescape(client.get(entered.url).text)

    assert f"You are signed in as {focal_point} ({focal_point.email})." in page
    assert f"Save this draft: {draft}</button>" in page
    assert "If you did not type it yourself" in page


def test_a_form_of_an_earlier_session_says_what_happened_in_the_readers_language(
    draft: Report, focal_point: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point, backend="allauth.account.auth_backends.AuthenticationBackend")

    given_back = client.post(DRAFT, answers(draft), headers={"origin": HERE})
    done = press(client, forms_of(given_back, DRAFT))

    assert given_back.status_code == 403
    assert "This form was not taken" in given_back.text
    assert 'lang="en"' in given_back.text
    assert done.url == DRAFT


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
def test_a_form_from_elsewhere_is_never_given_back(
    draft: Report, focal_point: User, origin: str | None
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(focal_point, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.post(DRAFT, answers(draft), headers={"origin": origin} if origin else {})

    assert page.status_code == 403
    assert "Two hours" not in page.text
    assert 'method="post"' not in page.text


def test_no_form_from_elsewhere_is_given_back_without_a_session_either(draft: Report) -> None:
    client = Client(enforce_csrf_checks=True)

    page = client.post(DRAFT, answers(draft), headers={"origin": "https://elsewhere.example"})

    assert page.status_code == 403
    assert "Two hours" not in page.text


def test_no_password_is_ever_given_back(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    for address in ("/account/login/", "/pass/invitation/unknown/"):
        page = client.post(
            address,
            {"login": "fp.lao@example.org", "password": PASSWORD, "again": PASSWORD},
            headers={"origin": HERE},
        )
        assert page.status_code == 403
        assert PASSWORD not in page.text


@pytest.mark.parametrize("address", ["/", "/pass/contacts/unknown/"])
def test_a_page_for_everybody_gives_nothing_back(db: None, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    carried = '{"address": "/", "file": 0, "fields": [["note", "words of a stranger"]]}'
    file = SimpleUploadedFile("words.txt", b"words of a stranger")

    page = client.post(
        address,
        {"typed": carried, "note": "words of a stranger", "file": file},
        headers={"origin": HERE},
    )

    assert page.status_code == 403
    assert "stranger" not in page.text


@pytest.mark.parametrize(
    "held", [{"note": "x" * 300_000}, {"note": ["ab"] * (posting.MOST_FIELDS + 1)}]
)
def test_a_form_that_held_too_much_is_not_written_out_and_the_page_says_what_to_do(
    draft: Report, focal_point: User, held: dict[str, Any]
) -> None:
    stale = Client(enforce_csrf_checks=True)
    stale.force_login(focal_point, backend="allauth.account.auth_backends.AuthenticationBackend")

    ended = Client().post(DRAFT, held)
    refused = stale.post(DRAFT, held, headers={"origin": HERE})

    for page in (ended, refused):
        assert page.status_code == 403
        assert "Go back in your browser and copy what you typed" in page.text
        assert 'name="note"' not in page.text
        assert len(page.content) < 20_000
    assert "in a new tab" in ended.text


@pytest.mark.parametrize(
    "carried",
    [
        "[" * 150_000,
        '{"address": "/", "file": 0, "fields": [["note", "\\ud800"]]}',
        '{"address": "/", "file": 0, "fields": ["ab"' + ',"ab"' * 600 + "]}",
        "x" * 300_000,
    ],
)
def test_what_the_sign_in_form_cannot_carry_is_answered_as_unreadable(
    db: None, carried: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    answers = {"login": "nobody@example.org", "password": "guess guess", "typed": carried}

    refused = strict.post("/account/login/", answers, headers={"origin": HERE})
    wrong = Client().post("/account/login/", answers)

    assert refused.status_code == 403
    assert wrong.status_code == 200
    for page in (refused, wrong):
        assert len(page.content) < 20_000


def test_what_is_carried_through_signing_in_goes_nowhere_else() -> None:
    for text in ("", "[]", "{}", '{"address": "https://elsewhere.example/", "fields": []}', "1"):
        assert posting.Typed.read(text) is None
    assert posting.Typed.read('{"address": "//elsewhere.example", "fields": [], "file": 0}') is None


def test_a_text_too_long_for_the_sign_in_form_waits_in_its_own_tab(
    draft: Report, focal_point: User
) -> None:
    client = Client()
    long = "a word\r\n" * 22_000

    ended = client.post(DRAFT, answers(draft) | {"note": long})

    assert "/account/login/" not in [form["action"] for form in hidden(ended)]
    assert "Leave it open while you sign in" in ended.text
    assert forms_of(ended, DRAFT)["note"] == long
