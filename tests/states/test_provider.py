"""Sign-in through an organisation's own OIDC provider: the whole exchange with a real one."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from states.models import User
from tests.states.provider import CLIENT_ID, CLIENT_SECRET
from tests.states.test_sign_in import code_of, text, with_app
from tools.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
# Whether the provider has verified the address.
PEOPLE = {
    "fp.lao@example.org": True,
    "officer@example.org": True,
    "somebody.else@example.org": True,
    "fp.per@example.org": False,
}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider at which the people of `PEOPLE` are known."""
    port = free_port("127.0.0.1")
    folder = str(tmp_path_factory.mktemp("provider"))
    command = [sys.executable, "-m", "tests.states.provider", str(port), folder]
    command += ["http://testserver", json.dumps(PEOPLE)]
    with (
        open(f"{folder}/log", "w+", encoding="utf-8") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        started = process.stdout.readline() == "ready\n"
        log.seek(0)
        assert started, log.read()
        yield f"http://127.0.0.1:{port}/o"
        process.terminate()


@pytest.fixture
def offered(provider: str, settings) -> None:
    """The portal offers this provider; what it asks of it is as everywhere."""
    app = {
        "provider_id": "mission",
        "name": "Mission network",
        "client_id": CLIENT_ID,
        "secret": CLIENT_SECRET,
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": site.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    }


def verified(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sent_to_the_provider(client: Client) -> str:
    """The address to which the portal's button leads."""
    answer = client.post(reverse("openid_connect_login", args=["mission"]))
    assert answer.status_code == 302
    return answer["Location"]


def sent_back(address: str, email: str) -> str:
    """Where the provider sends the browser of this person."""
    answer = requests.get(address, headers={"X-Person": email}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def sign_in(client: Client, email: str):
    """The portal's answer to a browser that has come back."""
    return client.get(sent_back(sent_to_the_provider(client), email))


def with_parameters(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return urlunsplit(parts._replace(query=urlencode(asked)))


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_person_who_is_known_here_is_signed_in(offered, focal_point, client):
    verified(focal_point)

    answer = sign_in(client, focal_point.email)

    assert answer.url == reverse("after-login")
    assert signed_in_as(client) == str(focal_point.pk)
    assert client.get("/what-we-owe/").status_code == 200
    assert SocialAccount.objects.get().user == focal_point


def test_the_language_chosen_before_the_provider_or_else_the_account_is_read_in(
    offered, focal_point, client
):
    verified(focal_point)
    focal_point.language = "fr"
    focal_point.save(update_fields=["language"])
    login = client.get("/account/login/?lang=es").text
    action = re.search(r'action="(/account/oidc/[^"]*)"', login)
    assert action is not None

    began = client.post(html.unescape(action.group(1)))
    client.get(sent_back(began.url, focal_point.email))
    chosen = client.get("/what-we-owe/").headers["Content-Language"]
    client.logout()
    sign_in(client, focal_point.email)

    assert chosen == "es"
    assert client.get("/what-we-owe/").headers["Content-Language"] == "fr"


def test_the_portal_asks_for_a_code_under_pkce_and_for_no_more_than_it_needs(
    offered, provider, client, db
):
    asked = {
        name: values[0]
        for name, values in parse_qs(urlsplit(sent_to_the_provider(client)).query).items()
    }

    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == "http://testserver/account/oidc/mission/login/callback/"
    assert asked["state"]


def test_a_code_that_was_asked_for_elsewhere_opens_nothing(offered, focal_point, client):
    verified(focal_point)
    address = with_parameters(sent_to_the_provider(client), code_challenge="A" * 43)

    answer = client.get(sent_back(address, focal_point.email))

    assert signed_in_as(client) is None
    assert "Location" not in answer
    assert not SocialAccount.objects.exists()


def test_a_code_opens_only_the_browser_that_asked_for_it_and_only_once(
    offered, focal_point, client
):
    verified(focal_point)
    back = sent_back(sent_to_the_provider(client), focal_point.email)

    elsewhere = Client()
    elsewhere.get(back)
    client.get(back)
    client.post(reverse("account_logout"))
    client.get(back)

    assert signed_in_as(elsewhere) is None
    assert signed_in_as(client) is None
    assert SocialAccount.objects.count() == 1


def test_a_person_who_is_not_known_here_is_not_made(offered, client, db):
    answer = sign_in(client, "somebody.else@example.org")

    assert "opened by invitation" in text(answer)
    assert signed_in_as(client) is None
    assert not User.objects.filter(email="somebody.else@example.org").exists()
    assert not SocialAccount.objects.exists()


def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    offered, other_focal_point, client
):
    verified(other_focal_point)

    answer = sign_in(client, other_focal_point.email)

    assert "opened by invitation" in text(answer)
    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_the_secretariat_still_gives_a_second_factor(offered, officer, client):
    secret = with_app(verified(officer))

    asked = sign_in(client, officer.email)
    before = signed_in_as(client)
    desk_before = client.get(reverse("admin:index")).status_code
    client.post(asked.url, {"code": code_of(secret)})

    assert asked.url.startswith(reverse("mfa_authenticate"))
    assert (before, desk_before) == (None, 302)
    assert signed_in_as(client) == str(officer.pk)
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_secretariat_sets_up_a_second_factor_before_anything_else(offered, officer, client):
    verified(officer)

    sign_in(client, officer.email)
    desk = client.get(reverse("admin:index"))

    assert desk.status_code == 302
    assert desk.url.startswith(reverse("mfa_activate_totp"))
