"""A file filled in from the official template is a whole report, of whatever kind it is."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records import files
from reporting import filing
from reporting.models import Report
from tests.records.test_files import a_doc, a_docx, a_pdf, an_odt

pytestmark = pytest.mark.usefixtures("today")
YEAR = ["LAO", "annual", 2025]
ANSWERS = {"covers_from": "2025-01-01", "covers_to": "2025-12-31", "language": "en", "check": "1"}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("article-7.docx", a_docx(), files.DOCX),
        ("article-7.doc", a_doc(), files.DOC),
        ("article-7.odt", an_odt(), files.ODT),
        ("article-7.pdf", a_pdf(), files.PDF),
    ],
)
def test_a_filled_template_is_checked_and_handed_in_as_it_is(
    laos, focal_point, signed_in, name, content, kind
):
    filing.begin(laos, "annual", 2025, by=focal_point)
    at = signed_in(focal_point)
    chosen = {"file": SimpleUploadedFile(name, content)}

    checked = at.post(reverse("report-draft", args=YEAR), ANSWERS | chosen, follow=True)

    words = checked.content.decode()
    assert name in words
    assert "Before it can be handed in" not in words
    assert "nothing is answered" not in words
    [seen] = re.findall(r'name="touched"\s+value="([^"]+)"', words)
    at.post(reverse("report-hand-in", args=YEAR), {"touched": seen})
    row = Report.objects.get()
    assert (row.status, row.original.name, row.original.media_type) == ("handed-in", name, kind)
    assert not row.forms.exists()
