"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

from ccm_portal import api

urlpatterns = [
    path("", include("ccm_portal.public_urls")),
    path("", include("states.urls")),
    path("", include("records.urls")),
    path("", include("reporting.urls")),
    path("api/v1/", include((api.urls(), "api"))),
    path("account/", include("states.account_urls")),
    path("admin/", admin.site.urls),
]
