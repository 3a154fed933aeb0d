"""The search: found by any name, spelling or language; what a reader may not see is nowhere."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from pytest_django import DjangoAssertNumQueries

from records import documents
from records.models import Document, Revision
from reporting.models import Report
from states.models import FormerName, State, User
from tests import factories
from tests.ccm_portal.web import Portal
from tests.conftest import SignedIn
from tests.matrix import PERSONS, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def ask(client: Client, q: str, **query: str) -> Any:
    answer = client.get("/search/", {"q": q, **query})
    assert answer.status_code == 200
    return answer


def found(client: Client, q: str, **query: str) -> dict[str, list[str]]:
    """The addresses that were found, by kind."""
    answer = ask(client, q, **query)
    return {
        group["kind"]: [hit["url"].partition("?")[0] for hit in group["hits"]]
        for group in answer.context.get("groups", [])
    }


def counts(client: Client, q: str) -> dict[str, int]:
    answer = ask(client, q, lang="en")
    return {kind["name"]: kind["count"] for kind in answer.context["kinds"]}


def text_of(body: str, by: User, **facts: object) -> Revision:
    """A text of a public document of the secretariat, as a draft."""
    return documents.draft(
        **{
            "series": "ISU",
            "year": 2026,
            "kind": "note",
            "family": "session",
            "title": "A note",
            "body": mark_safe(body),
            "by": by,
            "audience": "public",
            **facts,
        }
    )


def issued(body: str, by: User, **facts: object) -> Revision:
    """Issued without setting a PDF, which takes long; the text is what is searched."""
    row = text_of(body, by, **facts)
    Revision.objects.filter(pk=row.pk).update(
        status="issued", issued_at=dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC), issued_by=by
    )
    return Revision.objects.get(pk=row.pk)


# -- States ---------------------------------------------------------------------------------------


@pytest.fixture
def ivory(db: None) -> State:
    """Côte d'Ivoire with names in three languages."""
    return factories.party(
        "CIV",
        "Côte d'Ivoire",
        "2012-03-12",
        name_fr="Côte d'Ivoire",
        name_es="Costa de Marfil",
        iso2="CI",
    )


@pytest.mark.parametrize("q", ["cote d'ivoire", "CÔTE D’IVOIRE", "marfil", "civ", "Ivo"])
def test_a_state_is_found_by_any_name_in_any_language_and_by_code(
    client: Client, ivory: State, peru: State, q: str
) -> None:
    assert found(client, q) == {"states": ["/states/CIV/"]}


def test_a_state_is_found_by_the_name_that_it_bore(client: Client) -> None:
    state = factories.party("SWZ", "Eswatini", "2011-09-13", iso2="SZ")
    FormerName.objects.create(
        state=state,
        name_en="Swaziland",
        name_fr="Swaziland",
        name_es="Suazilandia",
        until_on=dt.date(2018, 4, 18),
    )

    page = ask(client, "suazi")

    text = page.content.decode()
    assert "Eswatini" in text
    assert "<mark>Suazi</mark>landia" in text
    assert "State Party, since" in text
    assert "1 March 2012" in text


# -- reports --------------------------------------------------------------------------------------

PUBLISHED = "/reports/LAO/annual/2023/1/"


@pytest.mark.parametrize(
    "q", ["Lao 2023", "lao report", "A7-2023-LAO-01", "rapport annuel LAO", "article 7 lao"]
)
def test_a_report_is_found_by_state_year_kind_and_reference(
    client: Client, world_of_reports: State, q: str
) -> None:
    assert found(client, q)["reports"] == [PUBLISHED]


def test_of_what_is_published_the_last_version_is_found(
    client: Client, world_of_reports: State
) -> None:
    first = Report.objects.get(status="published")
    factories.ReportFactory(
        state=first.state,
        year=2023,
        number=2,
        amends=first,
        status="published",
        reference="A7-2023-LAO-02",
        original=first.original,
        handed_in_at=first.handed_in_at,
        handed_in_by=first.handed_in_by,
        received_by_isu=first.received_by_isu,
        published_on=dt.date(2024, 6, 3),
    )

    assert found(client, "lao 2023")["reports"] == ["/reports/LAO/annual/2023/2/"]


def test_drafts_and_what_is_handed_in_are_found_by_their_own_alone(client: Client) -> None:
    world = World()
    _ = world.published, world.handed_in, world.draft

    def of(name: str) -> list[str]:
        user = world.people[name]
        reader = Client() if user is None else SignedIn(user)
        return [url.split("/")[4] for url in found(reader, "lao annual")["reports"]]

    assert {name: of(name) for name in PERSONS} == {
        "anonymous": ["2023"],
        "stranger": ["2023"],
        "drafter": ["2025", "2024", "2023"],
        "focal_point": ["2025", "2024", "2023"],
        "certifier": ["2025", "2024", "2023"],
        "other_focal_point": ["2023"],
        "observer": ["2023"],
        "assistant": ["2024", "2023"],
        "officer": ["2024", "2023"],
        "director": ["2024", "2023"],
        "finance_officer": ["2023"],
    }


def test_what_is_hidden_is_not_counted_either(client: Client) -> None:
    world = World()
    _ = world.handed_in, world.draft

    assert counts(client, "A7-2024-LAO-01") == {
        "States": 0,
        "Reports": 0,
        "National measures": 0,
        "Documents": 0,
    }
    assert counts(client, "lao 2025")["Reports"] == 0


# -- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "body", "q", "snippet"),
    [
        (
            "en",
            "<p>Stockpiles were destroyed.</p>",
            "destroying stockpile",
            "<mark>Stockpiles</mark> were <mark>destroyed</mark>.",
        ),
        (
            "fr",
            "<p>Le déminage des communautés.</p>",
            "deminage",
            "Le <mark>déminage</mark> des communautés.",
        ),
        (
            "es",
            "<p>La destrucción de existencias.</p>",
            "existencia",
            "La destrucción de <mark>existencias</mark>.",
        ),
        ("ru", "<p>Помощь жертвам.</p>", "жертва", "Помощь <mark>жертвам</mark>."),
        ("ar", "<p>نص المعاهدات</p>", "معاهدات", "نص ال<mark>معاهدات</mark>"),
        ("zh", "<p>多边条约的批准程序</p>", "条约", "多边<mark>条约</mark>的批准程序"),
    ],
)
def test_a_text_is_searched_in_its_own_language(
    client: Client, officer: User, language: str, body: str, q: str, snippet: str
) -> None:
    issued(body, officer, language=language)

    (group,) = ask(client, q).context["groups"]

    (hit,) = group["hits"]
    assert hit["url"] == f"/documents/ISU-2026-01/?text={language}"
    assert str(hit["snippet"]) == snippet
    assert hit["day"] == "4 May 2026"


def test_a_document_is_found_by_its_reference_and_by_its_symbol(
    client: Client, officer: User
) -> None:
    row = issued("<p>Words.</p>", officer)
    Document.objects.filter(pk=row.document_id).update(symbol="CCM/MSP/2026/5")

    for q in ("ISU-2026-01", "isu-2026", "ccm/msp/2026/5"):
        assert found(client, q)["documents"] == ["/documents/ISU-2026-01/"], q


def test_a_document_in_several_languages_is_found_once_in_the_readers(
    client: Client, officer: User
) -> None:
    english = issued("<p>The munitions.</p>", officer, title="Munitions")
    Revision.objects.create(
        document=english.document,
        language="fr",
        title="Munitions",
        body="<p>Les munitions.</p>",
        status="issued",
        issued_at=english.issued_at,
        issued_by=officer,
    )

    for language in ("en", "fr"):
        answer = ask(client, "munitions", lang=language)
        (group,) = answer.context["groups"]
        assert group["count"] == 1
        assert [hit["language"] for hit in group["hits"]] == [language]


def test_quotation_marks_keep_words_together_and_no_word_is_an_order(
    client: Client, officer: User
) -> None:
    issued("<p>Victim assistance is a duty.</p>", officer)
    issued("<p>Assistance to the victim of a fire.</p>", officer)

    assert counts(client, "victim assistance")["Documents"] == 2
    assert counts(client, '"victim assistance"')["Documents"] == 1
    assert counts(client, "-nothing")["Documents"] == 0


def test_marks_and_tags_of_a_text_are_never_taken_for_ours(client: Client, officer: User) -> None:
    body = "<p>Cleared &lt;script&gt;alert(1)&lt;/script&gt; <b class='wombat'>land</b></p>"
    issued(body, officer, title="<img src=x> land")

    text = ask(client, "land").content.decode()

    assert "<script>alert" not in text
    assert "<img src=x>" not in text
    assert "&lt;img src=x&gt; <mark>land</mark>" in text
    assert counts(client, "wombat")["Documents"] == 0


@pytest.mark.parametrize("audience", ["states", "state:LAO", "secretariat"])
def test_documents_for_others_leave_no_trace(
    client: Client, officer: User, other_focal_point: User, stranger: User, audience: str
) -> None:
    issued("<p>Confidential kumquat.</p>", officer, audience=audience, of="LAO")
    nothing = {"States": 0, "Reports": 0, "National measures": 0, "Documents": 0}

    readers = [client, SignedIn(stranger)]
    if audience != "states":
        readers.append(SignedIn(other_focal_point))
    for reader in readers:
        for q in ("kumquat", "confidential", "ISU-2026-LAO-01"):
            assert counts(reader, q) == nothing
            assert "umquat." not in ask(reader, q).content.decode()


def test_whoever_may_read_a_document_finds_it(
    officer: User, focal_point: User, laos: State
) -> None:
    issued("<p>For Vientiane alone.</p>", officer, audience="state:LAO", family="state")

    assert counts(SignedIn(focal_point), "vientiane")["Documents"] == 1
    assert counts(SignedIn(officer), "vientiane")["Documents"] == 0


def test_drafts_withdrawn_and_replaced_texts_are_not_found(client: Client, officer: User) -> None:
    text_of("<p>A drafted kumquat.</p>", officer)
    withdrawn = issued("<p>A withdrawn kumquat.</p>", officer)
    documents.withdraw(withdrawn, by=officer, note="an error")
    old = issued("<p>A replaced kumquat.</p>", officer)
    new = documents.correct(
        old, by=officer, note="another fruit", body=mark_safe("<p>A replacing tangerine.</p>")
    )
    assert counts(client, "tangerine")["Documents"] == 0
    Revision.objects.filter(pk=new.pk).update(
        status="issued", issued_at=old.issued_at, issued_by=officer
    )

    assert counts(client, "kumquat")["Documents"] == 0
    assert counts(client, "tangerine")["Documents"] == 1


# -- what is in no public text ----------------------------------------------------------------


def test_contacts_notes_and_people_are_not_searched(client: Client, officer: User) -> None:
    laos = factories.party("LAO", "Lao PDR", "2009-03-18", note="kumquat", source="kumquat")
    factories.ContactFactory(state=laos, name="Kumquat", email="kumquat@example.org")
    factories.ContactFactory(state=laos, institution="Kumquat", may_publish=True)
    factories.ReportFactory(state=laos, note="kumquat")

    for q in ("kumquat", "kumquat@example.org", "officer@example.org", "ISU officer"):
        assert counts(client, q) == {
            "States": 0,
            "Reports": 0,
            "National measures": 0,
            "Documents": 0,
        }, q


def test_fictional_states_are_found_on_a_demonstration_alone(client: Client, settings: Any) -> None:
    factories.StateFactory(iso3="XAA", name_en="Arvalia", demo=True)

    settings.DEMO = False
    assert counts(client, "arvalia")["States"] == 0
    settings.DEMO = True
    assert counts(client, "arvalia")["States"] == 1
    assert "fictional" in ask(client, "arvalia").content.decode()


# -- the page ---------------------------------------------------------------------------------


def test_a_kind_without_finds_says_what_can_be_done(client: Client, laos: State) -> None:
    text = ask(client, "lao", kind="documents").content.decode()

    assert "Nothing here holds all of these words" in text


@pytest.mark.parametrize(
    "q", ["", " ", "!!!", "\0", "’", "%", "_", "'; --", "(((", '"', "&|!", "\\", ":*", "<->"]
)
def test_a_question_without_words_is_told_what_can_be_found(
    client: Client, laos: State, q: str
) -> None:
    assert "What can be found" in ask(client, q).content.decode()


@pytest.mark.parametrize(
    "q",
    [
        "x" * 5000,
        "lao " * 2000,
        "a\0b",
        "lao\0",
        "lao & | ! :* <->",
        '"lao',
        "lao\\",
        "%27lao",
        "l%o_",
        "-lao",
        "(lao",
        "\u202elao",
        "\ue000lao\ue001",
        "²",
        "İ",
        "ﷺ",
        "👩‍👩‍👧",
    ],
)
def test_a_hostile_question_is_answered_calmly(
    client: Client, laos: State, officer: User, q: str
) -> None:
    issued(f"<p>lao 'l%o_' {q[:40]}</p>".replace("\0", ""), officer)

    assert (
        ask(client, q).context["asked_q"]
        == " ".join(q[:1000].replace("\0", " ").split())[:100].strip()
    )


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_takes_as_many_queries_for_any_number_of_finds(
    client: Client, officer: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world = World()
    for place in range(number):
        world.past("published", 2020 + place, world.laos)
        issued("<p>Lao 2020 2021 2022</p>", officer)
        factories.party(["DEU", "LTU", "VUT"][place], f"Lao {place}", "2012-09-26")

    with django_assert_num_queries(QUERIES):
        page = client.get("/search/", {"q": "lao"})

    assert {group["kind"]: group["count"] for group in page.context["groups"]} == {
        "states": number + 1,
        "reports": number,
        "documents": number,
    }


# States, what they did and were called; measures, and notes on them; reports and documents, counted
# and listed.
QUERIES = 9


@pytest.mark.parametrize("who", ["focal_point", "officer", "observer"])
def test_so_does_a_search_of_whoever_has_signed_in(officer: User, who: str) -> None:
    world = World()
    user = world.people[who]
    assert user is not None

    def queries() -> int:
        reader = SignedIn(user)
        reader.get("/")
        with CaptureQueriesContext(connection) as made:
            reader.get("/search/", {"q": "lao"})
        return len(made)

    world.past("published", 2020, world.laos)
    issued("<p>Lao</p>", officer)
    with_one = queries()
    for year in (2021, 2022):
        world.past("handed-in", year, world.laos)
        issued("<p>Lao</p>", officer)

    assert queries() == with_one


def test_a_search_passes_the_page_cache_by(portal: Portal) -> None:
    assert portal.is_kept("/search/")
    assert not portal.is_kept("/search/?q=lao")


def test_what_is_found_is_not_for_search_engines(client: Client, laos: State) -> None:
    assert 'content="noindex"' in ask(client, "lao").content.decode()
    assert "Disallow: /search/" in client.get("/robots.txt").content.decode()
