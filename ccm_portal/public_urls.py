"""Addresses of the pages that join apps."""

from django.urls import URLPattern, path, re_path

from ccm_portal import health
from ccm_portal.views import (
    about,
    calendar,
    compare,
    exports,
    figures,
    gallery,
    home,
    machines,
    measures,
    one_form,
    owed,
    rates,
    reported,
    reports,
    search,
    state,
    states,
    tools,
)

# A list as data stands at the address of its page with another ending.
FORM = r"\.(?P<form>csv|json|xlsx)$"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("states/", states.states, name="states"),
    re_path(rf"^states{FORM}", states.states_table, name="states-table"),
    path("states/<str:iso3>/", state.state, name="state"),
    path("states/<str:iso3>.json", state.state_json, name="state-json"),
    path("states/<str:iso3>/profile.pdf", state.state_profile, name="state-profile"),
    path("states/<str:iso3>/deadlines.ics", state.state_ics, name="state-ics"),
    path("reports/", reports.reports, name="reports"),
    re_path(rf"^reports{FORM}", reports.reports_table, name="reports-table"),
    path("measures/", measures.overview, name="measures"),
    re_path(rf"^measures{FORM}", measures.measures_table, name="measures-table"),
    re_path(r"^reports/answers\.(?P<form>csv|xlsx)$", exports.answers_table, name="answers-table"),
    path("reports/rates/", rates.rates, name="rates"),
    re_path(rf"^reports/rates{FORM}", rates.rates_table, name="rates-table"),
    path("reports/figures/", reported.figures_reported, name="figures-reported"),
    re_path(
        rf"^reports/figures{FORM}", reported.figures_reported_table, name="figures-reported-table"
    ),
    path("reports/forms/<slug:form>/", one_form.form_of_all, name="form-of-all"),
    path("reports/<str:iso3>/compare/", compare.compare, name="compare"),
    path("reports/<str:iso3>/figures/", reported.figures_of_state, name="figures-of-state"),
    re_path(
        rf"^reports/(?P<iso3>[^/]+)/figures{FORM}",
        reported.figures_of_state_table,
        name="figures-of-state-table",
    ),
    path("reports/files.zip", exports.files_of_year, name="files-of-year"),
    path("calendar/", calendar.calendar, name="calendar"),
    re_path(rf"^calendar{FORM}", calendar.calendar_table, name="calendar-table"),
    path("calendar/all.ics", calendar.calendar_ics, name="calendar-ics"),
    path("figures/", figures.figures, name="figures"),
    re_path(rf"^figures{FORM}", figures.figures_table, name="figures-table"),
    path("search/", search.search, name="search"),
    path("contact/", about.contact, name="contact"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("open-data/", about.open_data, name="open-data"),
    path("tools/", tools.tools, name="tools"),
    path("tools/forms-<str:language>.xlsx", tools.blank_workbook, name="blank-workbook"),
    path("what-we-owe/", owed.owe, name="owe"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
]
