"""Signing in: by invitation, with a second factor for the secretariat whatever the settings say."""

import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from states import access
from states.models import Appointment, User
from tests import factories

PASSWORD = "four calm words together"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def known(focal_point):
    return with_password(focal_point)


def with_password(user):
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def with_app(user):
    secret = generate_totp_secret()
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(
        reverse("account_login"), {"login": email, "password": password} | more, follow=False
    )


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_person_signs_in_with_address_and_password(known, client):
    response = sign_in(client, known.email.upper())

    assert response.url == reverse("after-login")
    assert client.get(reverse("account_email")).status_code == 200


def action_of(page):
    """Where the first form of the page goes."""
    return re.search(r'<form method="post"\s+action="([^"]*)"', page.content.decode()).group(1)


def test_the_language_chosen_before_signing_in_is_the_language_after_it(known, client):
    page = client.get("/account/login/?lang=fr", headers={"accept-language": "en"})
    address = action_of(page)

    wrong = client.post(address, {"login": known.email, "password": "guess guess guess"})
    client.post(action_of(wrong), {"login": known.email, "password": PASSWORD})
    owed = client.get(reverse("owe"), headers={"accept-language": "en"})

    assert wrong.headers["Content-Language"] == "fr"
    assert owed.headers["Content-Language"] == "fr"


def test_a_chosen_language_keeps_no_session_of_whoever_signs_out(known, client):
    sign_in(client, known.email)

    gone = client.post("/account/logout/?lang=fr")

    assert gone.cookies[site.SESSION_COOKIE_NAME].value == ""
    assert not Session.objects.exists()


def test_the_language_chosen_before_signing_in_outlives_the_second_factor(officer, client):
    with_password(officer)
    secret = with_app(officer)
    address = action_of(client.get("/account/login/?lang=fr"))

    client.post(address, {"login": officer.email, "password": PASSWORD})
    asked = client.get(reverse("mfa_authenticate"), headers={"accept-language": "en"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    desk = client.get("/admin/", headers={"accept-language": "en"})

    assert asked.headers["Content-Language"] == "fr"
    assert desk.status_code == 200
    assert desk.headers["Content-Language"] == "fr"


def of_french(user):
    user.language = "fr"
    user.save(update_fields=["language"])
    return user


def read_in(client, address):
    return client.get(address, headers={"accept-language": "en"}).headers["Content-Language"]


@pytest.mark.parametrize("address", ["/what-we-owe/", "/admin/", "/documents/UNKNOWN/"])
def test_the_way_to_sign_in_from_a_closed_page_keeps_the_language_chosen(db, client, address):
    sent = client.get(f"{address}?lang=fr", headers={"accept-language": "en"})

    assert sent.url.startswith(reverse("account_login"))
    assert read_in(client, sent.url) == "fr"
    assert action_of(client.get(sent.url)) == "/account/login/?lang=fr"


def test_the_language_chosen_goes_along_to_a_forgotten_password(known, client):
    page = client.get("/account/login/?lang=fr")
    link = re.search(r'href="(/account/password/reset/[^"]*)"', page.text).group(1)
    asking = client.get(link, headers={"accept-language": "en"})
    done = client.post(action_of(asking), {"email": known.email})

    assert asking.headers["Content-Language"] == "fr"
    assert read_in(client, done.url) == "fr"


def test_the_choice_goes_to_no_other_site_and_is_named_once(db, client):
    before = client.get("/what-we-owe/?lang=fr").url

    assert before.count("lang=") == 1
    assert client.get("/states/lao/?lang=fr").url.count("lang=") == 1


def test_whoever_chose_no_language_reads_in_that_of_the_account(known, client):
    of_french(known)

    sign_in(client, known.email)

    assert read_in(client, reverse("owe")) == "fr"
    assert read_in(client, reverse("account_email")) == "fr"


def test_a_language_chosen_on_the_way_outweighs_that_of_the_account(known, client):
    of_french(known)

    client.post(
        action_of(client.get("/account/login/?lang=es")),
        {"login": known.email, "password": PASSWORD},
    )

    assert read_in(client, reverse("owe")) == "es"


def test_a_language_chosen_before_the_second_factor_outweighs_that_of_the_account(officer, client):
    secret = with_app(with_password(of_french(officer)))

    client.post(
        action_of(client.get("/account/login/?lang=es")),
        {"login": officer.email, "password": PASSWORD},
    )
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert read_in(client, "/admin/") == "es"


def test_after_the_second_factor_the_language_is_that_of_the_account(officer, client):
    secret = with_app(with_password(of_french(officer)))

    sign_in(client, officer.email)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert read_in(client, "/admin/") == "fr"


def test_a_language_chosen_later_outweighs_that_of_the_account_until_the_next_choice(known, client):
    of_french(known)
    sign_in(client, known.email)

    client.get(reverse("owe") + "?lang=es")

    assert read_in(client, reverse("owe")) == "es"


def test_who_signs_in_after_somebody_else_reads_in_the_own_language(
    known, other_focal_point, client
):
    of_french(known)
    client.force_login(other_focal_point, backend=BACKEND)

    client.force_login(known, backend=BACKEND)

    assert read_in(client, reverse("owe")) == "fr"


def test_a_colleague_behind_the_same_address_is_not_locked_out(known, other_focal_point, client):
    with_password(other_focal_point)
    for _ in range(15):
        sign_in(client, known.email, "not the password")

    assert sign_in(client, other_focal_point.email).url == reverse("after-login")


def test_whoever_tries_one_account_after_the_other_is_stopped(known, client):
    for number in range(40):
        sign_in(client, f"{number}@example.org", "not the password")

    assert "Too many attempts" in text(sign_in(client, known.email))


def test_a_wrong_password_says_the_same_as_an_unknown_address(known, client):
    of_known = sign_in(client, known.email, "not the password")
    of_unknown = sign_in(client, "nobody@example.org", "not the password")

    sentence = "do not belong together"
    assert sentence in text(of_known)
    assert sentence in text(of_unknown)


def test_the_sixth_wrong_password_is_refused_with_a_sentence_and_so_is_the_right_one(known, client):
    for _attempt in range(5):
        assert "do not belong together" in text(sign_in(client, known.email, "wrong again"))

    sixth = sign_in(client, known.email, "wrong again")
    right = sign_in(client, known.email)

    assert "Wait up to five minutes" in text(sixth)
    assert "Wait up to five minutes" in text(right)


def test_the_sixth_wrong_code_is_refused_with_the_way_that_helps(officer, client):
    with_password(officer)
    with_app(officer)
    sign_in(client, officer.email)

    for _attempt in range(5):
        wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert "This code is not right" in text(wrong)
    sixth = text(client.post(reverse("mfa_authenticate"), {"code": "000000"}))

    assert "Wait up to five minutes" in sixth
    assert "two colleagues of the secretariat can help to sign in" in sixth
    assert "new password" not in sixth


def test_nobody_registers(db, client):
    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})

    assert "opened by invitation" in text(page)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address", ["/account/3rdparty/", "/account/3rdparty/signup/", "/account/social/signup/"]
)
def test_addresses_of_no_use_here_are_closed(db, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/after-login/",
        "/people/invite/",
        "/people/recovery/",
        "/what-we-owe/contacts/",
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/",
        "/states/",
        "/no/such/page/",
    ],
)
def test_the_secretariat_without_a_second_factor_opens_nothing_but_its_set_up(
    officer, client, address
):
    client.force_login(officer, backend=BACKEND)

    response = client.get(address)

    assert response.status_code == 302
    assert response.url == reverse("mfa_activate_totp")


def test_whoever_is_sent_to_the_set_up_can_set_up_and_can_leave(officer, client):
    with_password(officer)
    sign_in(client, officer.email)

    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_door_and_shows_recovery_codes_once(officer, client):
    with_password(officer)
    sign_in(client, officer.email)
    page = client.get(reverse("mfa_activate_totp"))

    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(page.context["form"].secret)})
    first = client.get(done.url)
    second = client.get(done.url)

    assert done.url == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r'class="code">\d{8}<', first.content.decode())) == 10
    assert not re.findall(r'class="code">\d{8}<', second.content.decode())
    assert client.get(reverse("invite")).status_code == 200
    assert mail.outbox[-1].subject == "A second factor was set up"


def test_the_secretariat_signs_in_with_password_and_code(officer, client):
    with_password(officer)
    secret = with_app(officer)

    first = sign_in(client, officer.email)
    between = client.get(reverse("invite"))
    second = client.post(first.url, {"code": code_of(secret)})

    assert first.url == reverse("mfa_authenticate")
    assert between.url.startswith(reverse("account_login"))
    assert second.url == reverse("after-login")
    assert client.get(reverse("invite")).status_code == 200


def test_a_wrong_code_is_refused_with_a_sentence(officer, client):
    with_password(officer)
    with_app(officer)
    stage = sign_in(client, officer.email).url

    response = client.post(stage, {"code": "000000"})

    assert "This code is not right" in text(response)
    assert "_auth_user_id" not in client.session


def test_a_session_without_the_factor_gives_it_before_anything_else(officer, client):
    secret = with_app(officer)
    client.force_login(officer, backend=BACKEND)

    response = client.get(reverse("invite"))
    client.post(response.url, {"code": code_of(secret)})

    assert response.url == f"{reverse('mfa_reauthenticate')}?next=%2Fpeople%2Finvite%2F"
    assert client.get(reverse("invite")).status_code == 200


def test_no_setting_opens_the_door_without_a_second_factor(officer, client, settings):
    settings.DEBUG = settings.DEMO = settings.DEMO_IS_ALLOWED = True
    settings.MFA_TRUST_ENABLED = True
    settings.MFA_REAUTHENTICATION_REQUIRED = False
    settings.MFA_SUPPORTED_TYPES = []
    with_password(officer)

    sign_in(client, officer.email)

    assert client.get("/admin/").url == reverse("mfa_activate_totp")
    assert "states.middleware.SecondFactorMiddleware" in site.MIDDLEWARE


def test_a_person_of_a_state_may_do_without_a_second_factor(known, client):
    sign_in(client, known.email)

    assert client.get(reverse("own-contacts")).status_code == 200


def test_the_last_second_factor_of_the_secretariat_cannot_be_taken_off(officer, focal_point):
    with_app(officer)
    with_app(focal_point)
    adapter = mfa_adapter()

    of_officer = adapter.can_delete_authenticator(Authenticator.objects.get(user=officer))
    of_focal_point = adapter.can_delete_authenticator(Authenticator.objects.get(user=focal_point))

    assert not of_officer
    assert of_focal_point


def test_the_admin_has_no_door_of_its_own(officer, client):
    with_password(officer)

    response = client.post("/admin/login/", {"username": officer.email, "password": PASSWORD})

    assert response.url == f"{reverse('account_login')}?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session


def test_an_appointment_that_ends_takes_access_away_that_day(officer, signed_in):
    with time_machine.travel("2026-11-20 22:30:00+00:00"):
        client = signed_in(officer)
        appointment = Appointment.objects.get(user=officer)
        access.end_appointment(
            appointment, on=appointment.from_on.replace(month=11, day=20), by=None, reason="left"
        )

        assert client.get(reverse("invite")).status_code == 200

    with time_machine.travel("2026-11-20 23:30:00+00:00"):
        assert client.get(reverse("invite")).status_code == 404


def test_secrets_of_second_factors_are_sealed_and_outlive_a_change_of_the_sites_secret(
    officer, settings
):
    secret = with_app(officer)
    stored = Authenticator.objects.get(user=officer).data["secret"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    opened = mfa_adapter().decrypt(stored)
    settings.SECRET_KEY_FALLBACKS = []
    lost = mfa_adapter().decrypt(stored)

    assert secret not in stored
    assert opened == secret
    assert lost != secret
    assert len(lost) == len(secret)


@pytest.mark.parametrize(
    ("who", "name"), [("officer", "admin:index"), ("focal_point", "owe"), ("stranger", "home")]
)
def test_each_begins_where_the_work_is(request, signed_in, who, name):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(reverse("after-login")).url == reverse(name)


def test_the_way_back_leads_nowhere_else(stranger, signed_in):
    client = signed_in(stranger)

    ours = client.get(reverse("after-login"), {"next": "/calendar/"})
    foreign = client.get(reverse("after-login"), {"next": "https://elsewhere.example/"})

    assert ours.url == "/calendar/"
    assert foreign.url == reverse("home")


@pytest.mark.parametrize(
    "wanted", ["nowhere", "states", "2026", "é", "?page=2", "//elsewhere.example"]
)
def test_a_way_back_that_is_no_address_leads_where_the_person_begins(stranger, signed_in, wanted):
    answer = signed_in(stranger).get(reverse("after-login"), {"next": wanted})

    assert answer.url == reverse("home")


def test_a_forgotten_password_is_set_anew_by_letter_and_ends_other_sessions(known, client):
    elsewhere = Client()
    elsewhere.force_login(known, backend=BACKEND)

    client.post(
        reverse("account_reset_password"), {"email": known.email}, headers={"host": "testserver"}
    )
    link = re.search(r"https?://\S+", mail.outbox[-1].body).group()
    form = client.get(link.removeprefix(site.SITE_URL), follow=True)
    client.post(
        form.context["action_url"],
        {"password1": "five other calm words", "password2": "five other calm words"},
    )

    assert link.startswith(site.SITE_URL)
    assert User.objects.get(pk=known.pk).check_password("five other calm words")
    assert elsewhere.get(reverse("account_email")).status_code == 302


def test_asking_for_a_password_answers_alike_for_known_and_unknown(known, client):
    for address in (known.email, "nobody@example.org"):
        response = client.post(reverse("account_reset_password"), {"email": address})

        assert response.url == reverse("account_reset_password_done")

    assert [letter.subject for letter in mail.outbox] == [
        "A new password for the CCM portal",
        "No account with this address",
    ]


def test_another_address_counts_once_it_is_confirmed_and_stands_in_the_history(
    known, client, django_capture_on_commit_callbacks
):
    sign_in(client, known.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "Treaties@mfa.example"})
    link = re.search(r"https?://\S+", mail.outbox[-1].body).group()
    before = User.objects.get(pk=known.pk).email

    client.post(link.removeprefix(site.SITE_URL))

    after = User.objects.get(pk=known.pk)
    assert before == "fp.lao@example.org"
    assert after.email == "treaties@mfa.example"
    assert (
        after.history.latest("pgh_id").pgh_context["reason"] == "Confirmed the new e-mail address"
    )
    assert "was changed from fp.lao@example.org" in mail.outbox[-1].body


def test_pages_of_signing_in_need_no_inline_script_style_or_picture(officer, client):
    with_password(officer)
    pages = [client.get(reverse(name)) for name in ("account_login", "account_reset_password")]
    sign_in(client, officer.email)
    pages += [client.get(reverse(name)) for name in ("mfa_activate_totp", "mfa_add_webauthn")]

    for page in pages:
        html = page.content.decode()
        scripts = re.findall(r"<script[^>]*>", html)
        assert page.status_code == 200
        assert all("src=" in one or "application/json" in one for one in scripts)
        assert not re.search(r'\sstyle="|<style|\son[a-z]+="|javascript:|"data:', html)
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert html.count("<h1") == 1
        assert html.count('class="act"') == 1


def test_the_code_to_scan_stands_in_the_page(officer, client):
    with_password(officer)
    sign_in(client, officer.email)

    html = client.get(reverse("mfa_activate_totp")).content.decode()

    assert re.search(r'<svg viewBox="0 0 \d+ \d+"[^>]* role="img"', html)
    assert re.search(r'd="M4 4h1v1h-1zM5 4h1v1', html)


def test_a_provider_is_offered_only_where_one_is_set(db, client, settings):
    without = client.get(reverse("account_login"))
    settings.SOCIALACCOUNT_PROVIDERS = provider()

    with_one = client.get(reverse("account_login"))

    assert "Sign in with Mission network" not in text(without)
    assert "Sign in with Mission network" in text(with_one)


def test_a_provider_opens_the_account_of_whoever_is_invited_and_of_nobody_else(
    focal_point, settings
):
    settings.SOCIALACCOUNT_PROVIDERS = provider()
    EmailAddress.objects.create(
        user=focal_point, email=focal_point.email, verified=True, primary=True
    )

    invited, response = by_provider(focal_point.email)
    uninvited, closed = by_provider("somebody.else@example.org")
    unsure, also_closed = by_provider(focal_point.email, verified=False)

    assert invited.user == focal_point
    assert response.url == reverse("after-login")
    assert uninvited.user.is_anonymous
    assert "opened by invitation" in text(closed)
    assert unsure.user.is_anonymous
    assert "opened by invitation" in text(also_closed)
    assert not User.objects.filter(email="somebody.else@example.org").exists()


def provider():
    return {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "mission",
                    "name": "Mission network",
                    "client_id": "portal",
                    "secret": "s",
                    "settings": {"server_url": "https://id.mission.example"},
                }
            ]
        }
    }


def by_provider(email, verified=True):
    request = RequestFactory().get("/account/oidc/mission/login/callback/")
    request.user = AnonymousUser()
    SessionMiddleware(lambda _request: None).process_request(request)
    MessageMiddleware(lambda _request: None).process_request(request)
    request.allauth = type("Held", (), {})()
    with context.request_context(request):
        claims = {
            "sub": f"{email} {verified}",
            "email": email,
            "email_verified": verified,
            "name": "From elsewhere",
        }
        login = (
            get_adapter()
            .get_provider(request, "mission")
            .sociallogin_from_response(request, {"userinfo": claims})
        )
        login.state = {}
        return request, complete_social_login(request, login)


def test_an_account_that_is_closed_opens_no_more(known, client):
    known.is_active = False
    known.save()

    response = sign_in(client, known.email)

    assert "_auth_user_id" not in client.session
    assert response.status_code in {200, 302}


def test_a_stranger_is_told_nothing_of_the_pages_for_people(stranger, signed_in):
    client = signed_in(stranger)

    for name in ("invite", "recovery", "own-contacts"):
        assert client.get(reverse(name)).status_code == 404


def test_a_user_who_was_only_made_may_do_nothing(db):
    user = factories.UserFactory()

    assert not access.may(user, "appoint")
