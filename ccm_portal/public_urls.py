"""Addresses of the pages that join apps."""

from django.urls import URLPattern, path

from ccm_portal.views import about

urlpatterns: list[URLPattern] = [
    path("contact/", about.contact, name="contact"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("open-data/", about.open_data, name="open-data"),
]
