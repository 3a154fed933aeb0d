"""Addresses of the app."""

from django.urls import path

from reporting import consulting, form_page, views, workbook_page
from reporting.transcription import desk_page, state_page

YEAR = "what-we-owe/<str:iso3>/<slug:kind>/<int:year>/"
VERSION = f"{YEAR}<int:number>/"

urlpatterns = [
    path("what-we-owe/begin/", views.begin, name="report-begin"),
    path("what-we-owe/sent/", views.sent, name="report-sent"),
    path(YEAR, views.draft, name="report-draft"),
    path(f"{YEAR}forms/<slug:form>/", form_page.form_page, name="report-form"),
    path(f"{YEAR}forms/<slug:form>/open/", form_page.open_here, name="report-form-open"),
    path(f"{YEAR}preview.pdf", form_page.preview, name="report-preview"),
    path(f"{YEAR}draft.docx", consulting.download, name="report-word"),
    path(f"{YEAR}forms.xlsx", workbook_page.download, name="report-workbook"),
    path(f"{YEAR}excel/", workbook_page.page, name="report-excel"),
    path(f"{YEAR}check/", views.check, name="report-check"),
    path(f"{YEAR}hand-in/", views.hand_in, name="report-hand-in"),
    path(f"{YEAR}discard/", views.discard, name="report-discard"),
    path(f"{YEAR}invite/", views.invite, name="report-invite"),
    path(f"{VERSION}receipt/", views.receipt_page, name="report-receipt"),
    path(f"{VERSION}send/", views.send, name="report-send"),
    path(f"{VERSION}amend/", views.amend, name="report-amend"),
    path(f"{VERSION}figures/", state_page.signed_in, name="report-figures"),
    path("pass/figures/<str:secret>/", state_page.by_pass, name="confirm-figures"),
    path("transcriptions/<int:pk>/<slug:form>/", desk_page.page, name="transcribe"),
    path("transcriptions/<int:pk>/<slug:form>/open/", desk_page.open_here, name="transcribe-open"),
    path(f"{VERSION}answer/", views.answer, name="report-answer"),
    path("reports/<str:iso3>/<slug:kind>/<int:year>/<int:number>/", views.report, name="report"),
]
