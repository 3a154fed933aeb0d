"""Readers find published reports by what they are and say; nothing else shows, not in a count."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client

from reporting.database import Wanted, forms_with, found
from reporting.models import FormAnswers, Report
from reporting.workflow import REPORTS
from states.models.actors import GROUPS
from tests import factories
from tests.conftest import appointed
from tests.reporting.publishing import CLEARANCE, drafted, handed_in, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
ACCENTS = {"programme": 'Dépôt détruit.\nSurvey of the "Plain"'}


def count(client: Client, **asked: str) -> int:
    return client.get("/reports.json", asked).json()["count"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "Phonsavan"}, 1),
        ({"q": "phonsav teams"}, 1),
        ({"q": "lao phonsavan 2025"}, 1),
        ({"q": "BLU-26"}, 1),
        ({"q": "الشمال"}, 1),
        # What is asked, and the names of columns, are not what a State said.
        ({"q": "remnants"}, 0),
        ({"q": "size"}, 0),
        ({"q": "phonsavan peru"}, 0),
        ({"state": "LAO"}, 1),
        ({"group": "asia-pacific"}, 1),
        ({"group": "african"}, 0),
        ({"from": "2025", "to": "2026"}, 1),
        ({"from": "2026"}, 0),
        ({"to": "2024"}, 0),
        ({"form": "clearance"}, 1),
        ({"form": "victim-assistance"}, 0),
    ],
)
def test_reports_are_found_by_what_they_say_and_where_they_are_from(
    client, laos, focal_point, officer, asked, expected
):
    laos.regional_group = GROUPS["asia-pacific"]
    laos.save()
    published(laos, focal_point, officer, clearance=CLEARANCE)

    assert count(client, **asked) == expected


def test_words_are_found_without_their_accents_and_at_the_beginning_of_a_line(
    client, laos, focal_point, officer
):
    published(laos, focal_point, officer, clearance=ACCENTS)

    assert [count(client, q=q) for q in ("depot", "dépôt", "survey", "plain", "urvey")] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip


def test_a_form_that_is_marked_as_changed_is_found_where_only_a_file_has_it(
    client, laos, focal_point, officer
):
    draft = drafted(laos, focal_point)
    draft.marks = {"stockpiles": {"mark": "changed"}, "clearance": {"mark": "unchanged"}}
    draft.save()
    REPORTS.take("hand-in", draft, by=focal_point)
    REPORTS.take("publish", draft, by=officer)

    assert count(client, form="stockpiles") == 1
    assert count(client, form="clearance") == 0


def test_drafts_and_what_is_handed_in_are_found_by_nobody_here(
    client, signed_in, laos, focal_point, officer
):
    published(laos, focal_point, officer, 2023, clearance={"programme": "Seen by all"})
    handed_in(laos, focal_point, 2024, clearance={"programme": "Handedin"})
    drafted(laos, focal_point, 2025, clearance={"programme": "Drafted"})

    for reader in (client, signed_in(focal_point), signed_in(officer)):
        for word in ("handedin", "drafted"):
            assert count(reader, q=word) == 0
            page = reader.get("/reports/", {"q": word}).text
            assert "No published report matches" in page
        assert count(reader) == 1
        options = reader.get("/reports/").context["filters"][0]["options"]
        assert [one["value"] for one in options] == ["", "LAO"]


def test_what_is_published_later_is_not_found_before(client, laos, focal_point, officer):
    held = published(laos, focal_point, officer, clearance=CLEARANCE)
    assert held.published_on == dt.date(2026, 11, 20)

    assert count(client, q="phonsavan", as_at="2026-11-19") == 0
    assert count(client, q="phonsavan", as_at="2026-11-20") == 1


def test_an_earlier_version_is_not_found_by_what_it_said(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance={"programme": "Firstly"})
    published(laos, focal_point, officer, clearance={"programme": "Secondly"})

    assert [count(client, q="firstly"), count(client, q="secondly")] == [0, 1]


def test_fictional_states_are_found_in_a_demonstration_alone(
    client, settings, focal_point, officer
):
    fiction = factories.party("XAA", "Arvalia", "2015-01-15", demo=True)
    published(fiction, appointed_for(fiction), officer, clearance=CLEARANCE)

    settings.DEMO = False
    assert [count(client), count(client, q="phonsavan")] == [0, 0]
    settings.DEMO = True
    assert [count(client), count(client, q="arvalia phonsavan")] == [1, 1]


def appointed_for(state):
    return appointed("focal-point", state, "fp.xaa@example.org", "Focal point, Arvalia")


def test_the_page_says_in_which_form_the_words_stand(client, laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE, other={"matters": "Phonsavan too"})

    page = client.get("/reports/", {"q": "phonsavan", "lang": "en"})

    [row] = page.context["listed"]
    assert [one["letter"] for one in row["within"]] == ["F", "J"]
    assert row["within"][0]["url"] == "/reports/LAO/annual/2025/1/?lang=en#clearance"


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "' OR 1=1 --"},
        {"q": "a & b | !c:*"},
        {"q": "\x00"},
        {"q": "\ud800".encode("utf-8", "surrogatepass")},
        {"q": "x" * 5000},
    ],
)
def test_words_that_nobody_means_are_only_words(client, laos, focal_point, officer, asked):
    published(laos, focal_point, officer, clearance=CLEARANCE)

    assert client.get("/reports/", asked).status_code == 200
    assert client.get("/reports/answers.csv", asked).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "1066"},
        {"to": "99999999999999999999999"},
        {"form": "clearances"},
        {"state": "ZZZ"},
        {"group": "north"},
        {"year": "٢٠٢٤"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(client, db, asked):
    page = client.get("/reports/", asked)

    assert page.status_code == 400
    assert page.context["unclear"].sentence


def test_the_words_of_answers_have_an_index(laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")

    plan = forms_with("phonsavan").order_by().values("pk").explain()

    assert "words_of_answers" in plan


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_takes_as_many_queries_for_any_number_of_reports(
    client, laos, focal_point, officer, number, django_assert_num_queries
):
    for year in range(2021, 2021 + number):
        published(laos, focal_point, officer, year, clearance=CLEARANCE)

    with django_assert_num_queries(8):
        page = client.get("/reports/", {"q": "phonsavan", "sort": "state"})

    assert len(page.context["listed"]) == number


def test_a_word_is_looked_for_in_answers_as_they_are_kept(laos, focal_point, officer):
    published(laos, focal_point, officer, clearance=CLEARANCE)

    [row] = FormAnswers.objects.filter(pk__in=forms_with("phon", "nowhere"))

    assert row.form == "clearance"
    assert list(found(Wanted(on=dt.date(2026, 11, 20), words=["phon"]))) == list(
        Report.objects.filter(pk=row.report_id)
    )
