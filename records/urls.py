"""Addresses of the app."""

from django.urls import path, re_path

from records import enquiry_views, resumable_views, views

urlpatterns = [
    path("files/<int:pk>/<str:name>", views.file, name="file"),
    # A reference of ours, or a symbol of the United Nations, which has slashes.
    re_path(
        r"^documents/(?P<reference>[A-Za-z0-9][A-Za-z0-9./-]*)/(?P<language>[a-z]{2})\.pdf$",
        views.document_pdf,
        name="document-pdf",
    ),
    re_path(
        r"^documents/(?P<reference>[A-Za-z0-9][A-Za-z0-9./-]*)/$", views.document, name="document"
    ),
    path("ask/", enquiry_views.ask, name="ask"),
    path("ask/sent/", enquiry_views.asked, name="asked"),
    path("ask/mine/", enquiry_views.mine, name="my-questions"),
    path("uploads/", resumable_views.begin, name="upload-begin"),
    path("uploads/<uuid:pk>/", resumable_views.part, name="upload-part"),
    path("verify/", views.verify, name="verify"),
]
