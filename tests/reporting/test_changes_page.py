"""What has changed between two published versions is read by everybody; nothing else is."""

import itertools

import pytest
from django.db import connection
from django.test import Client

from reporting.models import Report
from reporting.workflow import REPORTS
from tests.conftest import SignedIn
from tests.reporting.publishing import CLEARANCE, handed_in, published
from tests.states.test_generation import tables_with_the_trigger

pytestmark = pytest.mark.usefixtures("today")


def changes(client, report):
    return client.get(f"{report.get_absolute_url()}changes/")


@pytest.fixture
def first(laos, focal_point, officer):
    return published(laos, focal_point, officer, clearance=CLEARANCE)


@pytest.fixture
def second(laos, focal_point, first):
    return handed_in(laos, focal_point, clearance=CLEARANCE | {"programme": "Three teams."})


def test_an_amended_report_says_what_it_replaces_and_since_when(first, second, officer):
    REPORTS.take("publish", second, by=officer)

    new, old = (Client().get(one.get_absolute_url()).text for one in (second, first))

    assert "Since 20 November 2026 it replaces version 1, published on 20 November 2026." in new
    assert first.get_absolute_url() in new
    assert f"{second.get_absolute_url()}changes/" in new
    assert second.get_absolute_url() in old
    assert "A later version was published" in old


def test_everybody_reads_what_has_changed_between_public_versions(first, second, officer):
    REPORTS.take("publish", second, by=officer)

    page = changes(Client(), second)

    assert page.status_code == 200
    assert "Two teams." in page.text
    assert "Three teams." in page.text
    assert "Ban Phonsavan" not in page.text
    assert page["Cache-Control"].startswith("public")


def test_every_table_that_the_page_reads_moves_the_generation(first, second, officer):
    REPORTS.take("publish", second, by=officer)
    read = set()

    def note(execute, sql, params, many, context):
        words = sql.replace("(", " ").split()
        read.update(
            table.strip('",)')
            for word, table in itertools.pairwise(words)
            if word in {"FROM", "JOIN"} and table.startswith('"')
        )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        changes(Client(), second)
        Client().get(second.get_absolute_url())

    assert "reporting_formanswers" in read
    assert "reporting_languageversion" in read
    assert read <= tables_with_the_trigger()


def test_what_is_not_public_is_compared_for_nobody_else(
    first, second, focal_point, officer, other_focal_point, stranger
):
    assert changes(Client(), second).status_code == 302
    for person in (other_focal_point, stranger):
        assert changes(SignedIn(person), second).status_code == 404
    for person in (focal_point, officer):
        page = changes(SignedIn(person), second)
        assert "Three teams." in page.text
        assert "noindex" in page.text
    # The first version replaces nothing.
    assert changes(Client(), first).status_code == 302
    assert changes(SignedIn(focal_point), first).status_code == 404


def test_a_version_that_was_never_published_is_skipped_in_public(
    laos, focal_point, officer, first, second
):
    third = published(
        laos, focal_point, officer, clearance=CLEARANCE | {"programme": "Four teams."}
    )

    for reader in (Client(), SignedIn(focal_point)):
        page = changes(reader, third)

        assert page.context["before"].pk == first.pk
        assert "Three teams." not in page.text
    assert Report.objects.get(pk=second.pk).status == "handed-in"
