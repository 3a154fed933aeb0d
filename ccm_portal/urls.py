"""Every address of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("ccm_portal.public_urls")),
    path("", include("states.urls")),
    path("", include("records.urls")),
    path("", include("reporting.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
