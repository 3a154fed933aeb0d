"""Who may open which page about people; allauth's pages are everybody's own."""

from typing import Any

from states import passes
from states.models import RecoveryRequest
from tests import factories
from tests.matrix import Row, World, everyone, secretariat

OPERATIONS = secretariat(200, finance_officer=404)
SIGNED_IN = everyone(200, anonymous=302)
ON_THE_WAY = everyone(302)
PUBLIC = everyone(200)
ENTRANCE = everyone(302, anonymous=200)
# Staff have set up a second factor and are asked for it once more; others have none to show.
STAFF = ("assistant", "officer", "director", "finance_officer")
ASKED_ONCE_MORE = dict.fromkeys(STAFF, 302)
NOTHING_TO_SHOW = everyone(404, anonymous=302)


def _invitation(world: World) -> dict[str, Any]:
    user = world.people["stranger"]
    return {"secret": passes.make("invitation", f"user/{user.pk}", user.email, by=None)[1]}


def _contacts(world: World) -> dict[str, Any]:
    mailbox = factories.ContactFactory(state=world.laos).email
    return {"secret": passes.make("contacts", "state/LAO", mailbox, by=None)[1]}


def _unknown(world: World) -> dict[str, Any]:
    return {"secret": "unknown"}


def _password(world: World) -> dict[str, Any]:
    return {"password": "four calm words together", "again": "four calm words together"}


def _recovery(world: World) -> dict[str, Any]:
    people = world.people
    row = RecoveryRequest.objects.create(
        user=people["focal_point"], reason="rang the mission", asked_by=people["assistant"]
    )
    return {"pk": row.pk}


def _approve(world: World) -> dict[str, Any]:
    return {"answer": "approve"}


def _key(world: World) -> dict[str, Any]:
    return {"pk": 1}


def _none(world: World) -> dict[str, Any]:
    return {"provider_id": "none"}


ROWS = [
    Row("after-login", ON_THE_WAY),
    Row("typed-again", ON_THE_WAY, note="nothing was typed before"),
    Row("admin-sign-in", ON_THE_WAY),
    Row("admin-sign-in", ON_THE_WAY, method="post"),
    Row("admin-password", ON_THE_WAY),
    Row("invite", OPERATIONS),
    Row("invite", OPERATIONS, method="post"),
    Row("recovery", OPERATIONS),
    Row("recovery", OPERATIONS, method="post"),
    Row(
        "recovery-settle",
        secretariat(302, finance_officer=404, anonymous=403),
        _recovery,
        "post",
        _approve,
    ),
    Row("recovery-settle", ON_THE_WAY, _recovery, note="get"),
    Row("own-contacts", everyone(404, anonymous=302, focal_point=200, other_focal_point=200)),
    Row("own-contacts", everyone(404, anonymous=302, focal_point=200), query="?state=LAO"),
    # A pass is its own right: whoever holds it, signed in or not, gets the same.
    Row("invitation", PUBLIC, _invitation, note="with a pass"),
    Row("invitation", ON_THE_WAY, _invitation, "post", _password, note="with a pass"),
    Row("invitation", everyone(404), _unknown, note="without"),
    Row("invitation", everyone(404), _unknown, "post", _password, note="without"),
    Row("invitation", everyone(404), _contacts, note="with another pass"),
    Row("confirm-contacts", PUBLIC, _contacts, note="with a pass"),
    Row("confirm-contacts", everyone(404), _unknown, note="without"),
    Row("confirm-contacts", everyone(404), _invitation, note="with another pass"),
    Row("account_login", ENTRANCE),
    Row("account_logout", SIGNED_IN),
    Row("account_signup", ENTRANCE),
    Row("account_signup", ENTRANCE, method="post"),
    Row("account_inactive", PUBLIC),
    Row("account_email", SIGNED_IN),
    Row("account_email_verification_sent", PUBLIC),
    Row("account_confirm_email", PUBLIC, lambda world: {"key": "unknown"}),
    Row("account_confirm_email", everyone(404), lambda world: {"key": "unknown"}, "post"),
    Row("account_confirm_login_code", ON_THE_WAY),
    Row("account_change_password", ON_THE_WAY, note="nobody here has one"),
    Row("account_set_password", SIGNED_IN),
    Row("account_reset_password", PUBLIC),
    Row("account_reset_password_done", PUBLIC),
    Row(
        "account_reset_password_from_key",
        PUBLIC,
        lambda world: {"uidb36": "1", "key": "no-key"},
        note="says that the link does not work",
    ),
    Row("account_reset_password_from_key_done", PUBLIC),
    Row("account_reauthenticate", everyone(403, anonymous=302) | ASKED_ONCE_MORE),
    Row("mfa_index", SIGNED_IN),
    Row("mfa_authenticate", ON_THE_WAY),
    Row("mfa_reauthenticate", secretariat(200, others=403)),
    Row("mfa_reauthenticate_webauthn", everyone(403, anonymous=302) | ASKED_ONCE_MORE),
    Row("mfa_activate_totp", SIGNED_IN | ASKED_ONCE_MORE),
    Row("mfa_deactivate_totp", NOTHING_TO_SHOW | ASKED_ONCE_MORE),
    Row("mfa_view_recovery_codes", NOTHING_TO_SHOW),
    Row("mfa_download_recovery_codes", NOTHING_TO_SHOW),
    Row("mfa_generate_recovery_codes", SIGNED_IN | ASKED_ONCE_MORE),
    Row("mfa_list_webauthn", SIGNED_IN),
    Row("mfa_add_webauthn", SIGNED_IN | ASKED_ONCE_MORE),
    Row("mfa_edit_webauthn", NOTHING_TO_SHOW | ASKED_ONCE_MORE, _key),
    Row("mfa_remove_webauthn", NOTHING_TO_SHOW | ASKED_ONCE_MORE, _key),
    Row("mfa_login_webauthn", ON_THE_WAY),
    Row("openid_connect_login", everyone(404), _none),
    Row("openid_connect_callback", everyone(404), _none),
    Row("socialaccount_login_cancelled", PUBLIC),
    Row("socialaccount_login_error", everyone(401, anonymous=302)),
]
