"""An organisation's own OIDC provider, in a process of its own: not ours, and strict.

`python -m tests.states.provider PORT FOLDER SITE PEOPLE` serves Django OAuth Toolkit on the
loopback address, with PKCE required. `PEOPLE` is JSON: whether the provider has verified each
address. Who sits at the browser is told in the header `X-Person`: how people sign in there is not
our affair.
"""

import json
import sys
from wsgiref.simple_server import make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path

CLIENT_ID = "portal"
CLIENT_SECRET = "known to the portal and to the provider"

urlpatterns: list = []


def main(port: int, folder: str, site: str, people: dict[str, bool]) -> None:
    """Serves until it is stopped; says `ready` when it answers."""
    settings.configure(
        SECRET_KEY="of the provider",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/provider"}
        },
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        # Tables are made as they are now, in a moment.
        MIGRATION_MODULES=dict.fromkeys(
            ("auth", "contenttypes", "sessions", "oauth2_provider"), None
        ),
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            f"{__name__}.person_at_the_browser",
        ],
        LOGIN_URL="/who-are-you/",
        PEOPLE=people,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key(),
            "PKCE_REQUIRED": True,
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
            "SCOPES": {"openid": "who you are", "profile": "your name", "email": "your address"},
        },
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    urlpatterns.append(path("o/", include("oauth2_provider.urls")))
    enrol(site, people)
    with make_server("127.0.0.1", port, get_wsgi_application()) as server:
        print("ready", flush=True)
        server.serve_forever()


def key() -> str:
    """What the provider signs with."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def enrol(site: str, people: dict[str, bool]) -> None:
    """The portal and the people are known here."""
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after set-up
    from oauth2_provider.models import Application  # noqa: PLC0415 -- after set-up

    Application.objects.create(
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=f"{site}/account/oidc/mission/login/callback/",
        algorithm=Application.RS256_ALGORITHM,
        skip_authorization=True,
    )
    for number, email in enumerate(people):
        User.objects.create(username=f"person-{number}", email=email, first_name="From elsewhere")


def person_at_the_browser(get_response):
    """Middleware: the person named in the header has signed in at the provider."""
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after set-up

    def middleware(request):
        if "X-Person" in request.headers:
            request.user = User.objects.get(email=request.headers["X-Person"])
        return get_response(request)

    return middleware


def __getattr__(name: str):
    """`validator`, which can be made only once Django is set up."""
    if name != "validator":
        raise AttributeError(name)
    from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: PLC0415 -- after set-up

    class Validator(OAuth2Validator):
        oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {
            "email": "email",
            "email_verified": "email",
            "name": "profile",
        }

        def get_additional_claims(self, request):
            return {
                "email": request.user.email,
                "email_verified": settings.PEOPLE[request.user.email],
                "name": request.user.first_name,
            }

    return Validator


if __name__ == "__main__":
    # Settings name this module by its import name, which is not the name of a program's main one.
    from tests.states import provider

    provider.main(int(sys.argv[1]), sys.argv[2], sys.argv[3], json.loads(sys.argv[4]))
