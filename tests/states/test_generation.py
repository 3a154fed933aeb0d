"""The generations: every public change moves one, no commit is hidden, no writer waits."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from reporting import days, embargo, receipt
from reporting.models import Report
from reporting.workflow import REPORTS
from states.models import Contact, Deadline, Organisation, Practice, State, User
from states.models.generation import TABLE, generation, generations, prune
from states.public_pages import state_of
from tests import factories
from tests.matrix import World
from tests.reporting.papers import received
from tests.reporting.publishing import drafted

# New rows, so that two writers have nothing to wait for but the generation itself.
DOCUMENT = """
INSERT INTO records_document (reference, kind, family, language, audience)
VALUES (gen_random_uuid()::text, 'receipt', 'secretariat', 'en', 'public')
"""
TOOL = """
INSERT INTO records_tool
    (key, kind, title_en, title_fr, title_es, link, symbol, language, use, source, confidence,
     to_be_confirmed, position, published)
SELECT left(md5(random()::text), 20), 'template', 'One', '', '', 'https://example.org', '', 'en',
    '', '', 'high', false, 50, true
"""


@pytest.fixture
def another() -> Iterator[Callable[[], BaseDatabaseWrapper]]:
    """`another()` is a further connection to the test's database, as another process has it."""
    opened = []

    def connect() -> BaseDatabaseWrapper:
        opened.append(connection.copy())
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def begin(where: BaseDatabaseWrapper, statement: str) -> None:
    """Opens a transaction with a statement that gives up rather than wait for another writer."""
    where.set_autocommit(False)
    where.cursor().execute("SET lock_timeout = '1s'")
    where.cursor().execute(statement)


def tables_with_the_trigger() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgname LIKE 'pgtrigger_moves_generation%%' "
            # Insert, update, delete and truncate: a table with less would hide a change.
            "GROUP BY relname HAVING count(*) = 4"
        )
        return {name for (name,) in cursor.fetchall()}


def moved(before: dict[str, int]) -> set[str]:
    """The scopes whose generation has moved since."""
    now = generations()
    assert all(now.get(scope, 0) >= number for scope, number in before.items())
    return {scope for scope, number in now.items() if number != before.get(scope, 0)}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/states/",
        "/states.csv",
        "/states/LAO/",
        "/states/LAO.json",
        "/states/LAO/profile.pdf",
        "/states/LAO/deadlines.ics",
        "/reports/",
        "/reports.csv",
        "/reports/?q=lao",
        "/reports/answers.csv",
        "/reports/files.zip?year=2023",
        "/reports/rates/",
        "/reports/rates.csv",
        "/reports/figures/",
        "/reports/figures.csv",
        "/reports/forms/clearance/?year=2023&question=areas",
        "/reports/LAO/compare/",
        "/reports/LAO/figures/",
        "/reports/LAO/figures.csv",
        "/calendar/",
        "/calendar/all.ics",
        "/reports/LAO/annual/2023/1/",
        "/figures/",
        "/figures.csv",
        "/search/",
        "/search/?q=lao",
        "/search/?q=A7-2023",
        "/search/?q=nothing-like-it",
        "/sitemap.xml",
        "/contact/",
        "/verify/",
        "/api/v1/states",
        "/api/v1/deadlines",
        "/api/v1/reports",
        "/api/v1/reports/A7-2023-LAO-01",
        "/api/v1/figures",
    ],
)
def test_every_table_that_a_public_page_reads_moves_the_generation(
    client: Client, db: None, address: str
) -> None:
    world = World()
    _ = world.published
    factories.ContactFactory(state=world.laos, may_publish=True)
    read: set[str] = set()

    def note(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        words = sql.replace("(", " ").split()
        read.update(
            table.strip('",)')
            for word, table in itertools.pairwise(words)
            if word in {"FROM", "JOIN"} and table.startswith('"')
        )
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = client.get(address)

    assert answer.status_code == 200
    assert "public" in answer.headers.get("Cache-Control", "")
    # A page that reads no row cannot become old by a change of rows.
    assert read <= tables_with_the_trigger()


def test_insert_update_and_delete_each_move_it(db: None) -> None:
    seen = [generation()]

    contact = factories.ContactFactory()
    seen.append(generation())
    Contact.objects.filter(pk=contact.pk).update(may_publish=True)
    seen.append(generation())
    Contact.objects.filter(pk=contact.pk).delete()
    seen.append(generation())

    assert seen == sorted(set(seen))


def test_what_belongs_to_a_state_moves_the_generation_of_that_state_alone(db: None) -> None:
    world = World()
    laos = world.laos
    deadline = factories.DeadlineFactory(
        obligation__state=laos, obligation__kind="art4", obligation__clause="4(1)(a)"
    )
    report = world.published
    contact = factories.ContactFactory(state=laos)
    changes: list[Callable[[], object]] = [
        lambda: State.objects.filter(pk="LAO").update(note="changed"),
        lambda: Deadline.objects.filter(pk=deadline.pk).update(note="changed"),
        lambda: Report.objects.filter(pk=report.pk).update(sent_to_unoda="2024-04-20"),
        lambda: Contact.objects.filter(pk=contact.pk).update(name="changed"),
        lambda: laos.actions.update(note="changed"),
        lambda: laos.former_names.create(
            name_en="Laos", name_fr="Laos", name_es="Laos", until_on="2011-01-01"
        ),
    ]

    for change in changes:
        before = generations()
        change()
        assert moved(before) == {"LAO"}


def test_what_belongs_to_no_state_moves_the_generation_of_all(db: None) -> None:
    before = generations()
    Organisation.objects.create(code="icrc", name_en="ICRC")
    assert moved(before) == {""}

    before = generations()
    Practice.objects.update_or_create(
        key=Practice.Key.LATENESS_IN_PUBLIC, defaults={"value": "yes"}
    )
    assert moved(before) == {""}


def test_a_report_that_changes_its_state_moves_both(db: None) -> None:
    one, other = factories.ContactFactory(), factories.ContactFactory()
    before = generations()

    Contact.objects.filter(pk=one.pk).update(state=other.state)

    assert moved(before) == {one.state_id, other.state_id}


def test_a_draft_that_is_saved_moves_nothing(db: None) -> None:
    report = factories.ReportFactory(status="draft")
    before = generations()

    report.note = "A word more"
    report.save()

    assert moved(before) == set()


def test_the_answers_of_a_draft_move_nothing_when_they_are_saved_or_thrown_away(db: None) -> None:
    report = factories.ReportFactory(status="draft")
    before = generations()

    row = report.forms.create(form="clearance", said={"programme": "Two teams."})
    row.said["programme"] = "Three teams."
    row.save()
    row.delete()

    assert moved(before) == set()


def test_a_report_that_waits_for_its_day_moves_nothing_at_its_hand_in(
    db: None, laos: State, focal_point: User, officer: User, today: object
) -> None:
    # A public ETag is made of the generations: it would tell of the report before its day.
    draft = drafted(laos, focal_point, 2025, clearance={"programme": "Two teams."})
    before = generations()

    received(laos, focal_point, words="into a draft")
    report = receipt.hand_in(draft, by=focal_point)
    receipt.issue_paper(report)
    embargo.decide(report, dt.date(2027, 1, 5), asked_by="state", why="Asked.", by=officer)
    days.record_receipt(report, "received_by_unoda", dt.date(2026, 11, 20), by=officer)

    assert Report.objects.get(pk=report.pk).receipt is not None
    assert Deadline.objects.get(obligation__state=laos, year=2025).met_on is not None
    assert moved(before) == set()

    embargo.lift(report, why="The State agrees.", by=officer)
    REPORTS.take("publish", report, by=officer)
    assert moved(before) == {"LAO"}


@pytest.mark.parametrize("key", ["met-in-public", "lateness-in-public"])
def test_a_met_deadline_moves_it_where_that_is_said_in_public(db: None, key: str) -> None:
    deadline = factories.DeadlineFactory()
    Practice.objects.update_or_create(key=key, defaults={"value": "yes"})
    before = generations()

    Deadline.objects.filter(pk=deadline.pk).update(met_on="2026-04-01")

    assert moved(before) == {deadline.obligation.state_id}


def test_what_the_antivirus_says_of_a_file_moves_it(db: None, laos: State) -> None:
    upload = received(laos)
    before = generations()

    type(upload).objects.update(verdict="clean", scanned_at="2026-11-20T12:00Z")

    assert moved(before) == {"LAO"}


def test_a_statement_that_changes_no_row_moves_nothing(db: None) -> None:
    before = generations()

    Contact.objects.filter(pk=0).update(name="nobody")

    assert moved(before) == set()


# Every address whose page says that it tells of one State only.
OF_ONE_STATE = [
    "/states/LAO/",
    "/states/LAO.json",
    "/states/LAO/profile.pdf",
    "/states/LAO/deadlines.ics",
    "/reports/LAO/annual/2023/1/",
    "/api/v1/states?state=LAO",
    "/api/v1/deadlines?state=LAO",
    "/reports/LAO/compare/",
    "/reports/LAO/figures/",
    "/reports/LAO/figures.csv",
    "/api/v1/reports?state=LAO",
    "/api/v1/deadlines.csv?state=LAO",
    "/api/v1/reports/A7-2023-LAO-01",
    "/api/v1/figures?state=LAO",
]


@pytest.mark.parametrize("address", OF_ONE_STATE)
def test_a_page_of_one_state_is_the_same_whatever_changes_in_another(
    client: Client, db: None, today: object, address: str
) -> None:
    world = World()
    _ = world.published
    peru = world.peru
    first = client.get(address)
    before = generations()

    State.objects.filter(pk="PER").update(name_en="Changed", name_fr="Changé", note="changed")
    factories.ContactFactory(state=peru, may_publish=True)
    world.past("published", 2023, peru)
    factories.DeadlineFactory(
        obligation__state=peru, obligation__kind="art4", obligation__clause="4(1)(a)"
    )
    peru.actions.update(done_on="2011-09-26")
    again = client.get(address)

    assert first.status_code == 200
    assert state_of(first) == "LAO"
    assert again.content == first.content
    # What was changed belongs to the other State alone: the kept page would have stood.
    assert moved(before) == {"PER"}


def test_what_is_rolled_back_does_not_move_it(transactional_db: None, another: Callable) -> None:
    writer = another()
    before = generation()

    begin(writer, DOCUMENT)
    writer.rollback()

    assert generation() == before


def test_a_commit_that_comes_late_is_still_seen(transactional_db: None, another: Callable) -> None:
    early, late = another(), another()
    begin(late, DOCUMENT)
    begin(early, DOCUMENT)
    early.commit()
    between = generation()

    late.commit()

    # The highest number was visible before: a reader of the newest row alone would see no change.
    assert generation() > between


def test_writers_do_not_wait_for_each_other(transactional_db: None, another: Callable) -> None:
    one, two = another(), another()
    before = generation()

    # In opposite orders: over one row that all update this is a deadlock.
    begin(one, DOCUMENT)
    begin(two, TOOL)
    one.cursor().execute(TOOL)
    two.cursor().execute(DOCUMENT)
    two.commit()
    one.commit()

    assert generation() == before + 4


def test_pruning_leaves_one_row_of_each_scope_and_moves_on(transactional_db: None) -> None:
    for number in range(5):
        factories.ContactFactory(state__iso3="LAO", name=f"Mailbox {number}")
    before = generation()

    gone = prune()

    assert gone >= 5
    after = generations()
    assert sum(after.values()) == before + len(after)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        assert cursor.fetchone() == (len(after),)


def test_pruning_passes_over_what_is_not_committed(
    transactional_db: None, another: Callable
) -> None:
    writer = another()
    factories.ContactFactory()
    begin(writer, DOCUMENT)

    prune()
    pruned = generation()
    writer.commit()

    assert generation() == pruned + 1


def test_it_grows_with_every_commit_whatever_the_order_and_however_often_it_is_pruned(
    transactional_db: None, another: Callable
) -> None:
    writers = [another() for _ in range(4)]
    seen = [generation()]
    order = [(0, 1), (2, 0), (1, 3), (3, 2), (0, 2), (1, 3)]

    for opens, commits in order:
        for number in (opens, commits):
            if writers[number].get_autocommit():
                begin(writers[number], DOCUMENT)
        writers[commits].commit()
        writers[commits].set_autocommit(True)
        seen.append(generation())
        prune()
        seen.append(generation())

    assert seen == sorted(set(seen))
