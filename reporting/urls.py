"""Addresses of the app."""

from django.urls import path

from reporting import (
    beside,
    certification_page,
    changes_page,
    consulting,
    delegated_page,
    delegation_page,
    form_page,
    points_page,
    report_page,
    views,
    workbook_page,
)
from reporting.transcription import desk_page, state_page

YEAR = "what-we-owe/<str:iso3>/<slug:kind>/<int:year>/"
VERSION = f"{YEAR}<int:number>/"
PUBLISHED = "reports/<str:iso3>/<slug:kind>/<int:year>/<int:number>/"

urlpatterns = [
    path("what-we-owe/begin/", views.begin, name="report-begin"),
    path("what-we-owe/sent/", views.sent, name="report-sent"),
    path(YEAR, views.draft, name="report-draft"),
    path(f"{YEAR}forms/<slug:form>/", form_page.form_page, name="report-form"),
    path(f"{YEAR}forms/<slug:form>/open/", form_page.open_here, name="report-form-open"),
    path(f"{YEAR}forms/<slug:form>/colleague/", delegation_page.page, name="report-delegate"),
    path("pass/form/<str:secret>/", delegated_page.form, name="delegated-form"),
    path("pass/form/<str:secret>/files/<int:pk>/", delegated_page.file, name="delegated-file"),
    path(f"{YEAR}preview.pdf", form_page.preview, name="report-preview"),
    path(f"{YEAR}draft.docx", consulting.download, name="report-word"),
    path(f"{YEAR}forms.xlsx", workbook_page.download, name="report-workbook"),
    path(f"{YEAR}excel/", workbook_page.page, name="report-excel"),
    path(f"{YEAR}contacts/", points_page.page, name="report-contacts"),
    path(f"{YEAR}certify/", certification_page.certify, name="report-certify"),
    path(f"{YEAR}certify/ask/", certification_page.ask, name="report-certify-ask"),
    path(f"{YEAR}certify/first/", certification_page.switch, name="report-certify-first"),
    path(f"{YEAR}check/", views.check, name="report-check"),
    path(f"{YEAR}check/doubt/", beside.confirm_doubt, name="report-doubt"),
    path(f"{YEAR}check/wish/", beside.wish, name="report-wish"),
    path(f"{YEAR}hand-in/", views.hand_in, name="report-hand-in"),
    path(f"{YEAR}discard/", views.discard, name="report-discard"),
    path(f"{YEAR}invite/", views.invite, name="report-invite"),
    path(f"{VERSION}receipt/", views.receipt_page, name="report-receipt"),
    path(f"{VERSION}contacts.pdf", points_page.sheet, name="report-contacts-sheet"),
    path(f"{VERSION}send/", views.send, name="report-send"),
    path(f"{VERSION}amend/", views.amend, name="report-amend"),
    path(f"{VERSION}answer/", beside.answer, name="report-answer"),
    path(f"{VERSION}languages/", beside.add_language, name="report-language"),
    path(
        f"{VERSION}languages/take-away/",
        beside.take_language_away,
        name="report-language-away",
    ),
    path(f"{VERSION}figures/", state_page.signed_in, name="report-figures"),
    path("pass/figures/<str:secret>/", state_page.by_pass, name="confirm-figures"),
    path("pass/figures/<str:secret>/file/", state_page.file_by_pass, name="figures-file"),
    path("transcriptions/<int:pk>/<slug:form>/", desk_page.page, name="transcribe"),
    path("transcriptions/<int:pk>/<slug:form>/open/", desk_page.open_here, name="transcribe-open"),
    path(PUBLISHED, report_page.report, name="report"),
    path(
        f"{PUBLISHED}changes/",
        changes_page.changes,
        name="report-changes",
    ),
]
