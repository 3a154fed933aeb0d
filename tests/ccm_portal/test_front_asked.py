"""A page about which something may have changed: what it read is asked again before it is made."""

import datetime as dt

import pytest
from django.db import Error, connection, models, transaction
from django.test import Client
from psycopg.types.json import Jsonb

from ccm_portal.front.asked import Asked, Statement, listening
from ccm_portal.front.watch import Watch
from states.history import act
from states.models import Contact, Deadline, DecisionDay, Practice, RecordsKept, State
from tests import factories
from tests.ccm_portal.web import Portal, rename
from tests.matrix import World

ADDRESSES = [
    "/",
    "/states/",
    "/states.csv",
    "/states/?as_at=2020-01-01",
    "/states/LAO/",
    "/states/LAO/?lang=fr",
    "/states/LAO.json",
    "/states/LAO/deadlines.ics",
    "/states/LAO/profile.pdf",
    "/reports/",
    "/reports.csv",
    "/reports/LAO/annual/2023/1/",
    "/reports/LAO/compare/",
    "/reports/LAO/figures/",
    "/reports/figures/",
    "/reports/rates/",
    "/reports/forms/clearance/?year=2023",
    "/calendar/",
    "/calendar/all.ics",
    "/figures/",
    "/sitemap.xml",
    "/contact/",
    "/verify/",
    "/api/v1/states",
    "/api/v1/deadlines",
    "/api/v1/deadlines.csv",
    "/api/v1/reports",
]


def everything_moves(portal: Portal) -> None:
    """A statement that belongs to no one State, and changes nothing that can be read."""
    before = portal.front._watch.epoch()
    with act(by=None, reason="the same again"):
        DecisionDay.objects.update(note=models.F("note"))
    portal.until_changed(before)


@pytest.fixture
def world(transactional_db: None) -> World:
    made = World()
    _ = made.published
    factories.ContactFactory(state=made.laos, may_publish=True)
    DecisionDay.objects.create(code="12MSP", decided_on=dt.date(2024, 9, 13), source="a test")
    RecordsKept.objects.get_or_create(kind="art4")
    return made


def test_no_page_is_made_anew_where_all_that_it_read_is_the_same(
    world: World, portal: Portal
) -> None:
    portal.until_sure()
    first = {address: portal.get(address) for address in ADDRESSES}
    asked = len(portal.asked)

    everything_moves(portal)
    again = {address: portal.get(address) for address in ADDRESSES}

    assert portal.asked[asked:] == []
    assert {each.status for each in first.values()} == {200}
    for address in ADDRESSES:
        assert (again[address].body, again[address].headers) == (
            first[address].body,
            first[address].headers,
        )
    # From then on they stand on the new generation, and nothing is asked.
    with connection.execute_wrapper(refused):
        assert portal.get("/states/").body == first["/states/"].body


def test_what_was_found_the_same_is_written_down(
    world: World, portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    portal.until_sure()
    portal.get("/states/LAO/")
    portal.front._hits.write()
    caplog.clear()

    everything_moves(portal)
    portal.get("/states/LAO/")
    portal.front.close()

    said = [each.msg for each in caplog.records if isinstance(each.msg, dict)]
    batches = [each for each in said if each["event"] == "page_cache_hits"]
    assert sum(each["found_same"] for each in batches) == 1
    assert sum(each["hits"] for each in batches) == 1


def refused(*_: object) -> None:
    pytest.fail("the database was asked")


def test_whatever_changes_every_page_is_as_django_makes_it(world: World, portal: Portal) -> None:
    changes = {
        "a State's name": lambda: State.objects.filter(pk="LAO").update(name_en="X", name_fr="X"),
        "a mailbox": lambda: Contact.objects.update(email="other@mfa.example"),
        "a contact less": lambda: Contact.objects.update(may_publish=False),
        "a practice": lambda: Practice.objects.update_or_create(
            key=Practice.Key.MET_IN_PUBLIC, defaults={"value": "yes"}
        ),
        "a coverage": lambda: RecordsKept.objects.update(decisions_known_until=dt.date(2020, 1, 1)),
        "a deadline": lambda: Deadline.objects.filter(year=2026).update(note="n", source="other"),
        "an extension": lambda: factories.DeadlineFactory(
            obligation__state=world.laos, obligation__kind="art4", obligation__clause="4(1)(a)"
        ),
        "a report": lambda: world.past("published", 2022, world.laos),
        "another State": lambda: factories.party("VUT", "Vanuatu", "2010-09-22"),
        "a treaty action": lambda: world.laos.actions.update(done_on=dt.date(2009, 3, 19)),
    }
    # A file says what the page beside it says, and a PDF takes longest.
    files = (".pdf", ".csv", ".xml", "lang=fr", "as_at=2020-01-01")
    addresses = [each for each in ADDRESSES if not each.endswith(files)]
    portal.until_sure()
    for address in addresses:
        portal.get(address)

    differed = set()
    for name, change in changes.items():
        before = portal.front._watch.epoch()
        asked = len(portal.asked)
        with act(by=None, reason=name), transaction.atomic():
            change()
        portal.until_changed(before)
        for address in addresses:
            assert portal.get(address).body == Client().get(address).content, (name, address)
        if len(portal.asked) > asked:
            differed.add(name)

    assert differed == set(changes)


def test_a_page_of_another_day_is_made_anew(world: World) -> None:
    """What it read may be the same, and yet "in 161 days" has become "in 160 days"."""
    day = [dt.date(2026, 11, 20)]
    portal = Portal(watch=Watch(today=lambda: day[0], sure_for=60))
    try:
        portal.until_sure()
        portal.get("/contact/")
        asked = len(portal.asked)

        before = portal.front._watch.epoch()
        day[0] = dt.date(2026, 11, 21)
        portal.until_changed(before)
        portal.get("/contact/")
    finally:
        portal.front.close()

    assert len(portal.asked) == asked + 1


def test_a_change_that_is_seen_at_the_last_question_counts(world: World, portal: Portal) -> None:
    """The answers before it are the same: the page is not."""
    portal.until_sure()
    page = portal.get("/states/LAO/")
    key = next(iter(portal.front._pages._kept))
    asked = portal.front._pages._kept[key].page.asked
    assert asked is not None
    assert len(asked.statements) > 1
    *same, last = asked.statements
    other = Asked((*same, Statement(last.sql, last.params, b"another answer")))

    assert asked.answered_as_before({})
    assert not other.answered_as_before({})
    assert page.status == 200


def test_pages_that_ask_the_same_ask_it_once_in_an_epoch(world: World, portal: Portal) -> None:
    portal.until_sure()
    in_three = ["/states/LAO/?lang=en", "/states/LAO/?lang=fr", "/states/LAO/?lang=es"]
    for address in in_three:
        portal.get(address)
    everything_moves(portal)
    portal.get(in_three[0])

    with connection.execute_wrapper(refused):
        for address in in_three[1:]:
            portal.get(address)

    before = portal.front._watch.epoch()
    rename(world.laos, "Laos renamed")
    portal.until_changed(before)
    assert "Laos renamed" in portal.get(in_three[0]).text


def test_parameters_that_are_not_told_apart_by_their_writing_are_not_shared(db: None) -> None:
    asked = heard(("SELECT %s::int", [1]), ("SELECT %s::jsonb", [Jsonb({"a": 1})]))

    assert asked is not None
    assert [each.written for each in asked.statements] == ["[1]", ""]


def heard(*statements: tuple[str, list[object]]) -> Asked | None:
    with listening() as listener, connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
    return listener.asked()


def test_what_does_more_than_read_is_not_asked_again(db: None) -> None:
    reads = ("SELECT %s::int", [1])

    assert heard(reads) is not None
    for writes in (
        "WITH gone AS (DELETE FROM states_decisionday RETURNING code) SELECT * FROM gone",
        "UPDATE states_decisionday SET note = note",
        "SAVEPOINT here",
    ):
        assert heard(reads, (writes, []), reads) is None


def test_a_cursor_whose_rows_come_later_is_not_asked_again(db: None) -> None:
    with listening() as listener:
        list(State.objects.order_by("pk").iterator(chunk_size=1))

    assert listener.asked() is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 'ab', 'c'", "SELECT 'a', 'bc'"),
        ("SELECT NULL::text", "SELECT ''"),
        ("SELECT NULL::text", "SELECT '-'"),
        ("SELECT '1:a', '-'", "SELECT '1:a-', NULL"),
        ("SELECT 1 WHERE false", "SELECT NULL::int"),
        ("SELECT unnest(ARRAY[1, 2])", "SELECT unnest(ARRAY[2, 1])"),
    ],
)
def test_other_answers_have_other_hashes(db: None, one: str, other: str) -> None:
    first, second = heard((one, [])), heard((other, []))

    assert first is not None
    assert second is not None
    assert first.statements[0].answer != second.statements[0].answer


def test_where_the_database_cannot_be_asked_the_page_is_made_anew(db: None) -> None:
    asked = heard(("SELECT 1", []))
    assert asked is not None

    def broken(*_: object) -> None:
        raise Error("gone")

    with connection.execute_wrapper(broken):
        assert not asked.answered_as_before({})


def test_the_name_of_the_only_state_that_changed_is_on_all_pages(
    world: World, portal: Portal
) -> None:
    portal.until_sure()
    for address in ("/states/", "/states/LAO/", "/states/PER/"):
        portal.get(address)
    asked = len(portal.asked)

    before = portal.front._watch.epoch()
    rename(world.laos, "Laos renamed")
    portal.until_changed(before)
    everything_moves(portal)

    assert "Laos renamed" in portal.get("/states/").text
    assert "Laos renamed" in portal.get("/states/LAO/").text
    assert "Laos renamed" not in portal.get("/states/PER/").text
    assert portal.asked[asked:] == ["/states/", "/states/LAO/"]
