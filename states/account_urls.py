"""Which addresses of the sign-in library are open here; the others do not exist."""

from allauth.socialaccount import views as provider
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    # Signing in through a provider, and no page to join accounts or to register with one.
    path(
        "3rdparty/login/cancelled/", provider.login_cancelled, name="socialaccount_login_cancelled"
    ),
    path("3rdparty/login/error/", provider.login_error, name="socialaccount_login_error"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
