"""Addresses of people: passes, invitations, recoveries, and the one door."""

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from states import posting, views

urlpatterns: list[URLPattern] = [
    path("after-login/", views.after_login, name="after-login"),
    path("account/again/", posting.again, name="typed-again"),
    path("pass/invitation/<str:secret>/", views.invitation, name="invitation"),
    path("pass/contacts/<str:secret>/", views.confirm_contacts, name="confirm-contacts"),
    path("what-we-owe/contacts/", views.own_contacts, name="own-contacts"),
    path("people/invite/", views.invite, name="invite"),
    path("people/recovery/", views.recoveries, name="recovery"),
    path("people/recovery/<int:pk>/", views.settle_recovery, name="recovery-settle"),
    # These stand before the admin's own addresses and take their place: it has no door of its own.
    path("admin/login/", views.to_sign_in, name="admin-sign-in"),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="admin-password",
    ),
]
