"""The page of tools: what a State needs beside each form, with where it comes from."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from records import tools
from records.models import Tool
from states.models import User
from tests.conftest import SignedIn


@pytest.fixture
def shipped(db: None) -> None:
    tools.ship()


def test_a_new_site_begins_with_what_sources_name_and_says_so(shipped: None) -> None:
    page = Client().get("/tools/")

    assert page["Cache-Control"] == "public, no-cache"
    assert "CCM/MSP/2011/WP.6" in page.text
    assert "clusterconvention.org/reporting-forms" in page.text
    assert page.text.count("to be confirmed by the ISU") == Tool.objects.count()


def test_what_staff_wrote_is_not_shipped_over(shipped: None) -> None:
    Tool.objects.filter(key="model-law").update(title_en="As the ISU calls it", published=False)

    assert tools.ship() == 0
    assert "As the ISU calls it" not in Client().get("/tools/").text


def test_filters_stand_in_the_address(shipped: None) -> None:
    laws = Client().get("/tools/?form=measures&kind=model-law").text

    assert "Model law, submitted by New Zealand" in laws
    assert "Guidelines for extension requests" not in laws
    assert Client().get("/tools/?kind=nonsense").status_code == 400
    assert Client().get("/tools/?form=nonsense").status_code == 400


def test_titles_are_in_the_language_of_the_reader(shipped: None) -> None:
    assert "Loi type" in Client().get("/tools/?lang=fr").text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_blank_workbook_has_all_forms_in_each_language(db: None, language: str) -> None:
    answer = Client().get(f"/tools/forms-{language}.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len([name for name in book.sheetnames if len(name) > 2]) >= 10


def test_each_form_leads_to_its_tools(focal_point: User) -> None:
    client = SignedIn(focal_point)
    client.post("/what-we-owe/begin/", {"state": "LAO", "kind": "annual", "year": "2025"})

    page = client.get("/what-we-owe/LAO/annual/2025/forms/measures/").text

    assert 'href="/tools/?form=measures"' in page
    assert Client().get("/tools/?form=measures").status_code == 200


def test_more_tools_cost_no_more_queries(db: None) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            Client().get("/tools/")
        return len(seen)

    Tool.objects.create(key="a", kind="guide", title_en="A")
    one = cost()
    for key in "bc":
        Tool.objects.create(key=key, kind="guide", title_en=key)

    assert cost() == one


def test_a_link_that_leads_nowhere_safe_is_refused(assistant: User) -> None:
    sent = {
        "key": "x",
        "kind": "guide",
        "title_en": "X",
        "link": "javascript:alert(1)",
        "use": "report",
        "confidence": "high",
        "position": "1",
        "published": "on",
    }
    client = SignedIn(assistant)

    refused = client.post("/admin/records/tool/add/", sent)
    assert "Begin with https://" in refused.text
    taken = client.post("/admin/records/tool/add/", sent | {"link": "https://example.org/x.pdf"})
    assert taken.status_code == 302
    assert "https://example.org/x.pdf" in Client().get("/tools/").text
