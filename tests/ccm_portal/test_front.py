"""The page cache in front of Django: what it keeps, under which key, how much, what it logs."""

import datetime as dt
import random
import time
from dataclasses import replace

import pytest
from django.http import HttpRequest
from django.utils import translation
from pytest_django import Settings

from ccm_portal.front.key import Key, KeyMaker
from ccm_portal.front.pages import Page, Pages
from ccm_portal.front.watch import Epoch, Watch
from states.models import State
from tests import factories
from tests.ccm_portal.web import Portal, rename

PUBLIC = [
    "/",
    "/states/",
    "/states/LAO/",
    "/states/LAO.json",
    "/states/LAO/deadlines.ics",
    "/states/LAO/profile.pdf",
    "/states.csv",
    "/reports/",
    "/calendar/",
    "/contact/",
    "/verify/",
    "/api/v1/deadlines",
    "/api/v1/states.csv",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_is_made_once_and_answered_alike(
    portal: Portal, lao_pdr: State, address: str
) -> None:
    portal.until_sure()

    first = portal.get(address)
    asked = len(portal.asked)
    second = portal.get(address)
    known = portal.get(address, HTTP_IF_NONE_MATCH=f'"other", W/{second.headers["etag"]}')

    assert (first.status, second.status, known.status) == (200, 200, 304)
    assert (second.body, second.headers) == (first.body, first.headers)
    assert known.body == b""
    assert known.headers["etag"] == first.headers["etag"]
    assert len(portal.asked) == asked


def test_what_a_page_elsewhere_may_read_is_said_of_an_unchanged_answer_too(
    portal: Portal, lao_pdr: State
) -> None:
    portal.until_sure()
    first = portal.get("/api/v1/states")

    known = portal.get("/api/v1/states", HTTP_IF_NONE_MATCH=first.headers["etag"])

    assert known.status == 304
    for name in ("access-control-allow-origin", "access-control-expose-headers"):
        assert known.headers[name] == first.headers[name]


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_head_is_the_kept_page_without_its_body(
    portal: Portal, lao_pdr: State, encoding: str
) -> None:
    portal.until_sure()

    made = portal.get("/api/v1/states", method="HEAD", HTTP_ACCEPT_ENCODING=encoding)
    read = portal.get("/api/v1/states", HTTP_ACCEPT_ENCODING=encoding)
    kept = portal.get("/api/v1/states", method="HEAD", HTTP_ACCEPT_ENCODING=encoding)

    assert read.body
    assert made.body == kept.body == b""
    assert made.headers == kept.headers == read.headers


def test_a_kept_page_has_the_security_headers_of_django(portal: Portal, lao_pdr: State) -> None:
    through_django = portal.get("/states/LAO/")
    portal.until_sure()
    portal.get("/states/LAO/")

    kept = portal.get("/states/LAO/")

    for name in ("content-security-policy", "x-frame-options", "x-content-type-options"):
        assert kept.headers[name] == through_django.headers[name]
    assert "set-cookie" not in kept.headers


def test_compressed_and_plain_are_two_pages_with_two_tags(portal: Portal, lao_pdr: State) -> None:
    portal.until_sure()

    plain = portal.get("/states/LAO/")
    packed = portal.get("/states/LAO/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    refused = portal.get("/states/LAO/", HTTP_ACCEPT_ENCODING="gzip;q=0, br")

    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text == refused.text
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["etag"] != plain.headers["etag"] == refused.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]


def test_a_pdf_is_not_compressed_again(portal: Portal, lao_pdr: State) -> None:
    portal.until_sure()

    profile = portal.get("/states/LAO/profile.pdf", HTTP_ACCEPT_ENCODING="gzip")

    assert "content-encoding" not in profile.headers
    assert profile.body.startswith(b"%PDF")


DIFFERENT = [
    ("/states/?as_at=2015-01-01", "/states/?as_at=2026-11-20"),
    ("/states/", "/states/?as_at=2015-01-01"),
    ("/states/?lang=fr", "/states/?lang=es"),
    ("/states/?lang=fr", "/states/?lang=ar"),
    ("/states/?status=party", "/states/?status=signatory"),
    ("/api/v1/deadlines?limit=1", "/api/v1/deadlines?limit=2"),
    ("/states/LAO/", "/states/PER/"),
    ("/states/LAO/", "/states/LAO.json"),
]


def test_other_addresses_get_other_pages(portal: Portal, lao_pdr: State) -> None:
    factories.party("PER", "Peru", "2012-09-26")
    expected = {pair: [portal.get(each).text for each in pair] for pair in DIFFERENT}
    portal.until_sure()

    for pair in DIFFERENT:
        first = [portal.get(each).text for each in pair]
        again = [portal.get(each).text for each in pair]

        assert first[0] != first[1], pair
        assert first == again == expected[pair], pair


def test_the_order_of_parameters_does_not_matter(portal: Portal, lao_pdr: State) -> None:
    portal.until_sure()
    portal.get("/states/?as_at=2015-01-01&lang=fr")
    asked = len(portal.asked)

    portal.get("/states/?lang=fr&as_at=2015-01-01")

    assert len(portal.asked) == asked


def test_hosts_and_schemes_are_kept_apart(
    portal: Portal, lao_pdr: State, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    portal.until_sure()
    portal.get("/states/LAO/")

    other = portal.get("/states/LAO/", HTTP_HOST="127.0.0.1")
    secure = portal.get("/states/LAO/", **{"wsgi.url_scheme": "https"})
    foreign = portal.get("/states/LAO/", HTTP_HOST="evil.example")

    assert portal.asked.count("/states/LAO/") == 4
    assert (other.status, secure.status, foreign.status) == (200, 200, 400)
    assert not portal.is_kept("/states/LAO/", HTTP_HOST="evil.example")


def test_a_page_for_https_is_not_answered_where_django_redirects(
    transactional_db: None, lao_pdr: State, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    portal = Portal(watch=Watch(sure_for=60))
    try:
        portal.until_sure()
        secure = [portal.get("/states/", HTTP_X_FORWARDED_PROTO="https") for _ in range(2)]
        plain = portal.get("/states/")
        told = portal.get("/states/", HTTP_X_FORWARDED_PROTO="http")
    finally:
        portal.front.close()

    assert [each.status for each in secure] == [200, 200]
    assert (plain.status, told.status) == (301, 301)


ACCEPTED = [
    "",
    "fr",
    "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5",
    "de, es;q=0.4, fr;q=0.5",
    "ar",
    "*",
    "es-419",
    "EN-gb",
    "fr;q=0, es",
    ";;;",
    "zh-Hans",
    "x" * 600,
]


@pytest.mark.parametrize("asked", ["", "fr", "ar", "EN"])
def test_the_language_is_the_one_that_django_chooses(
    portal: Portal, lao_pdr: State, asked: str
) -> None:
    address = f"/contact/?lang={asked}" if asked else "/contact/"
    through_django = {
        accepted: portal.get(address, HTTP_ACCEPT_LANGUAGE=accepted, HTTP_RANGE="bytes=0-")
        for accepted in ACCEPTED
    }
    portal.until_sure()

    # Whoever came before, in whatever language, leaves nothing behind for the next reader.
    for accepted in [*ACCEPTED, *ACCEPTED]:
        kept = portal.get(address, HTTP_ACCEPT_LANGUAGE=accepted)

        expected = through_django[accepted]
        assert kept.headers["content-language"] == expected.headers["content-language"], accepted
        assert kept.text == expected.text, accepted


def test_the_negotiated_language_is_worked_out_by_django_itself() -> None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = "es-MX, fr;q=0.9"
    environ = {
        "PATH_INFO": "/",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "HTTP_ACCEPT_LANGUAGE": "es-MX, fr;q=0.9",
    }

    key = KeyMaker()(environ)

    assert key is not None
    assert Key(*key).language == translation.get_language_from_request(request) == "es"


def page_of(path: str, size: int, state: str = "") -> tuple[Key, Page]:
    key = Key("http", "localhost", path, "", "en", False)
    body = random.Random(path).randbytes(size)
    return key, Page.of(key, [("Content-Type", "text/html")], body, state)


def test_the_least_recently_used_page_goes_first() -> None:
    pages, now = Pages(5 * 12_500), epoch(1)
    made = [page_of(f"/{number}", 10_000) for number in range(6)]
    for key, page in made[:5]:
        pages.put(key, now, page)
    assert pages.get(made[0][0], now) is made[0][1]

    pages.put(made[5][0], now, made[5][1])

    assert pages.get(made[0][0], now) is made[0][1]
    assert pages.get(made[1][0], now) is None
    assert pages.get(made[5][0], now) is made[5][1]
    assert pages.size <= 5 * 12_500


def epoch(number: int, **generations: int) -> Epoch:
    shared = generations.pop("shared", 0)
    return Epoch(number, 1, dt.date(2026, 11, 20), {"": shared, **generations})


def test_a_page_of_all_states_lasts_until_anything_changes() -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/states/", 100)
    pages.put(key, epoch(1, LAO=1), page)

    assert pages.get(key, epoch(2, LAO=1)) is page
    assert pages.get(key, epoch(3, LAO=2)) is None
    assert (len(pages), pages.size) == (0, 0)


def test_a_page_of_one_state_outlasts_changes_in_others() -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/states/LAO/", 100, state="LAO")
    pages.put(key, epoch(1, LAO=1), page)

    assert pages.get(key, epoch(2, LAO=1, PER=7)) is page
    assert pages.get(key, epoch(3, LAO=2, PER=7)) is None


@pytest.mark.parametrize("changed", [{"shared": 1, "LAO": 1}, {"LAO": 2}])
def test_a_page_of_one_state_goes_with_its_own_change_and_with_one_that_is_everybodys(
    changed: dict[str, int],
) -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/states/LAO/", 100, state="LAO")
    pages.put(key, epoch(1, LAO=1), page)

    assert pages.get(key, epoch(2, **changed)) is None


def test_another_day_and_another_connection_make_every_page_old() -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/states/LAO/", 100, state="LAO")
    now = epoch(1, LAO=1)

    for later in (
        replace(now, number=2, day=dt.date(2026, 11, 21)),
        replace(now, number=2, connected=2),
    ):
        pages.put(key, now, page)
        assert pages.get(key, later) is None


def test_a_page_that_was_begun_earlier_does_not_take_the_place_of_a_newer_one() -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/", 100)
    newer = epoch(2, LAO=2)
    pages.put(key, newer, page)

    pages.put(key, epoch(1, LAO=1), page_of("/", 200)[1])

    assert pages.get(key, newer) is page


def test_the_page_of_another_state_is_not_made_anew(portal: Portal, lao_pdr: State) -> None:
    peru = factories.party("PER", "Peru", "2012-09-26")
    portal.until_sure()
    for address in ("/states/LAO/", "/states/PER/", "/states/"):
        portal.get(address)
    asked = len(portal.asked)

    before = portal.front._watch.epoch()
    rename(peru, "Peru renamed")
    portal.until_changed(before)
    for address in ("/states/LAO/", "/states/PER/", "/states/"):
        portal.get(address)

    assert portal.asked[asked:] == ["/states/PER/", "/states/"]


def test_a_small_cache_stays_small_under_many_days(transactional_db: None, lao_pdr: State) -> None:
    portal = Portal(most=60_000, watch=Watch(sure_for=60))
    try:
        portal.until_sure()
        for day in range(1, 31):
            assert portal.get(f"/states/LAO/?as_at=2015-01-{day:02}").status == 200
        pages = portal.front._pages
        assert pages.size <= 60_000
        assert 0 < len(pages) < 30
        asked = len(portal.asked)
        portal.get("/states/LAO/?as_at=2015-01-30")
        assert len(portal.asked) == asked
    finally:
        portal.front.close()


# --- what is written down -----------------------------------------------------------------------


def test_hits_are_counted_by_address_and_one_in_a_thousand_has_an_id(
    portal: Portal, lao_pdr: State, caplog: pytest.LogCaptureFixture
) -> None:
    portal.until_sure()
    portal.get("/contact/")
    portal.get("/contact/?lang=fr")
    caplog.clear()

    begun = time.monotonic()
    for _ in range(1500):
        portal.get("/contact/")
    for _ in range(500):
        portal.get("/contact/?lang=fr")
    took = time.monotonic() - begun
    portal.front.close()

    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    batches = [each for each in events if each["event"] == "page_cache_hits"]
    single = [each for each in events if each["event"] == "page_cache_hit"]
    counted: dict[str, int] = {}
    for batch in batches:
        for address, number in batch["addresses"].items():
            counted[address] = counted.get(address, 0) + number
    assert counted == {"/contact/": 1500, "/contact/?lang=fr": 500}
    assert sum(batch["hits"] for batch in batches) == 2000
    assert [each["address"] for each in single] == ["/contact/", "/contact/?lang=fr"]
    assert len({each["request_id"] for each in single}) == 2
    assert len(batches) <= 2 + 2 * took / 0.5
