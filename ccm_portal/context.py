"""What every template may count on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import get_language, get_language_bidi

from records import enquiries
from states import access


def portal(request: HttpRequest) -> dict[str, Any]:
    """Today in Geneva, the reader's language and direction, and what the header offers.

    An anonymous request without a session cookie costs no query.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    signed_in = has_session and request.user.is_authenticated
    return {
        "may_have_messages": has_session or "messages" in request.COOKIES,
        "today": localdate(),
        "language": (get_language() or "en")[:2],
        "rtl": get_language_bidi(),
        "language_asked": getattr(request, "language_asked", ""),
        "languages": settings.LANGUAGES,
        "demo_site": settings.DEMO,
        "signed_in": signed_in,
        "of_secretariat": signed_in and access.is_secretariat(request.user),
        "ask_about": enquiries.page(request.path),
        "isu_address": settings.ISU_ADDRESS,
        "unoda_address": settings.UNODA_ADDRESS,
    }
