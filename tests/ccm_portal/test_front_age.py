"""How old a page from the page cache may be: half a second, whatever happens."""

import datetime as dt
import itertools
import random
import threading
import time

import pytest
from django.db import connection, connections

from ccm_portal.front.watch import Watch
from states.history import act
from states.models import Contact, State
from tests import factories
from tests.ccm_portal.web import Portal, rename, wait_for

HALF_A_SECOND = 0.5


@pytest.mark.parametrize("address", ["/states/", "/states/LAO/", "/api/v1/states", "/states.csv"])
def test_no_page_is_older_than_half_a_second(strict: Portal, lao_pdr: State, address: str) -> None:
    strict.until_sure()
    for number in range(3):
        assert f"Laos {number}" not in strict.get(address).text

        changed = rename(lao_pdr, f"Laos {number}")
        answer = strict.get(address)
        while f"Laos {number}" not in answer.text:
            assert answer.at - changed < HALF_A_SECOND
            answer = strict.get(address)


def test_a_mailbox_that_a_state_takes_back_leaves_the_page(portal: Portal, lao_pdr: State) -> None:
    contact = factories.ContactFactory(state=lao_pdr, may_publish=True)
    portal.until_sure()
    assert contact.email in portal.get("/states/LAO/").text
    assert portal.is_kept("/states/LAO/")

    epoch = portal.front._watch.epoch()
    with act(by=None, reason="taken back"):
        Contact.objects.filter(pk=contact.pk).update(may_publish=False)
    portal.until_changed(epoch)

    assert contact.email not in portal.get("/states/LAO/").text


def test_an_answer_begun_before_a_change_is_not_kept_after_it(
    portal: Portal, lao_pdr: State
) -> None:
    portal.until_sure()
    rendered, go_on = threading.Event(), threading.Event()
    slow: list[str] = []

    def hold(path: str) -> None:
        rendered.set()
        assert go_on.wait(20)

    def read() -> None:
        slow.append(portal.get("/states/LAO/").text)
        connections.close_all()

    portal.before_answer = hold
    reader = threading.Thread(target=read)
    reader.start()
    assert rendered.wait(20)
    portal.before_answer = lambda path: None
    epoch = portal.front._watch.epoch()
    rename(lao_pdr, "Laos renamed")
    portal.until_changed(epoch)
    go_on.set()
    reader.join()
    after = portal.get("/states/LAO/")

    assert "Laos renamed" not in slow[0]
    assert "Laos renamed" in after.text
    assert "Laos renamed" in portal.get("/states/LAO/").text


def test_while_names_change_no_thread_reads_an_old_one(strict: Portal, lao_pdr: State) -> None:
    factories.party("PER", "Peru", "2012-09-26")
    strict.until_sure()
    rename(lao_pdr, "Laos 000")
    committed: list[tuple[float, int]] = [(time.monotonic(), 0)]
    stop = threading.Event()
    seen: list[tuple[float, int]] = []
    wrong: list[str] = []

    def read(seed: int) -> None:
        choice = random.Random(seed)
        addresses = ["/api/v1/states", "/states/LAO.json", "/states/LAO/", "/states/PER/"]
        while not stop.is_set():
            address = choice.choice(addresses)
            answer = strict.get(address, HTTP_ACCEPT_ENCODING=choice.choice(["", "gzip"]))
            if answer.status != 200:
                wrong.append(f"{address}: {answer.status}")
            if "PER" not in address:
                seen.append((answer.at, int(answer.text.partition("Laos ")[2][:3])))
        connections.close_all()

    readers = [threading.Thread(target=read, args=(seed,)) for seed in range(6)]
    for reader in readers:
        reader.start()
    for number in range(1, 8):
        time.sleep(0.3)
        committed.append((rename(lao_pdr, f"Laos {number:03}"), number))
    stop.set()
    for reader in readers:
        reader.join()

    assert not wrong
    assert len({number for _at, number in seen}) > 3
    for at, number in seen:
        oldest = max(
            known for moment, known in committed if moment <= at - HALF_A_SECOND or not known
        )
        assert number >= oldest


def test_a_page_is_made_once_for_readers_who_ask_at_once(portal: Portal, lao_pdr: State) -> None:
    portal.until_sure()
    portal.before_answer = lambda path: time.sleep(0.2)
    texts: list[str] = []

    def read() -> None:
        texts.append(portal.get("/states/LAO/").text)
        connections.close_all()

    readers = [threading.Thread(target=read) for _ in range(5)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert len(texts) == 5
    assert len(set(texts)) == 1
    assert portal.asked.count("/states/LAO/") == 1


def test_midnight_in_geneva_makes_every_page_anew(transactional_db: None, lao_pdr: State) -> None:
    day = [dt.date(2026, 11, 20)]
    portal = Portal(watch=Watch(today=lambda: day[0], sure_for=60))
    try:
        assert portal.is_kept("/states/")
        asked = len(portal.asked)

        epoch = portal.front._watch.epoch()
        day[0] = dt.date(2026, 11, 21)
        portal.until_changed(epoch)
        portal.get("/states/")
    finally:
        portal.front.close()

    assert len(portal.asked) == asked + 1


def test_without_the_generation_the_cache_is_passed_by(portal: Portal, lao_pdr: State) -> None:
    assert portal.is_kept("/states/")

    portal.front._watch.end()

    before = len(portal.asked)
    portal.get("/states/")
    portal.get("/states/")
    assert len(portal.asked) == before + 2


def test_a_lost_connection_passes_by_and_comes_back_with_new_pages(
    strict: Portal, lao_pdr: State
) -> None:
    wait_for(lambda: strict.is_kept("/states/"))
    wait_for(lambda: bool(strict.front._watch.epoch()))
    epoch = strict.front._watch._epoch
    assert epoch is not None

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'ccm page cache' AND datname = current_database()"
        )
        assert cursor.fetchall() == [(True,)]
    wait_for(lambda: not strict.front._watch.epoch())
    unsure = strict.get("/states/")

    assert unsure.status == 200
    wait_for(lambda: (now := strict.front._watch.epoch()) is not None and now.number > epoch.number)
    wait_for(lambda: strict.is_kept("/states/"))


def test_it_reads_at_most_four_times_a_second(strict: Portal) -> None:
    strict.until_sure()
    moments: list[float] = []
    sure = strict.front._watch._sure_until
    end = time.monotonic() + 2

    while time.monotonic() < end:
        if strict.front._watch._sure_until != sure:
            sure = strict.front._watch._sure_until
            moments.append(sure)
        time.sleep(0.005)

    assert len(moments) >= 2
    assert all(later - earlier >= 0.249 for earlier, later in itertools.pairwise(moments))
