"""The page cache in front of Django: what it keeps, what it never keeps, and for how long."""

import datetime as dt
import gzip
import io
import itertools
import random
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest
from django.utils import translation
from pytest_django import Settings

from ccm_portal.front import Front
from ccm_portal.front.key import Key, KeyMaker, takes_gzip
from ccm_portal.front.pages import LARGEST, Page, Pages, may_be_kept
from ccm_portal.front.watch import Watch
from states.history import act
from states.models import Contact, State, User
from tests import factories

MOST = 64 * 1024 * 1024
HALF_A_SECOND = 0.5
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


class Answer:
    """What came back: status, headers by lower-case name, body as sent, and when it was asked."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes, at: float) -> None:
        self.status = int(status.split()[0])
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        self.at = at

    @property
    def text(self) -> str:
        """The body, unpacked where it was sent compressed."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Portal:
    """The portal as the web server sees it, with a count of what Django itself had to answer."""

    def __init__(self, most: int = MOST, watch: Watch | None = None) -> None:
        self.django = WSGIHandler()
        self.front = Front(self._counted, most, watch=watch)
        self.asked: list[str] = []
        self.before_answer: Callable[[str], None] = lambda path: None

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        answer = self.django(environ, start_response)
        self.before_answer(environ["PATH_INFO"])
        return answer

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        """Asks for a path with its query; header names are given as WSGI spells them."""
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            **headers,
        }
        said: list[tuple[str, list[tuple[str, str]]]] = []
        begun = time.monotonic()
        result = self.front(environ, lambda status, sent, exc=None: said.append((status, sent)))
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return Answer(*said[-1], body, begun)

    def until_sure(self) -> None:
        """Waits for the first reading of the generation."""
        self.get("/healthz")
        wait_for(lambda: bool(self.front._watch.epoch()))

    def until_changed(self, epoch: int) -> None:
        """Waits until the change of something public has been seen."""
        wait_for(lambda: self.front._watch.epoch() not in {0, epoch})

    def is_kept(self, address: str, **headers: str) -> bool:
        """Whether the second of two requests is answered without Django."""
        self.until_sure()
        self.get(address, **headers)
        before = len(self.asked)
        self.get(address, **headers)
        return len(self.asked) == before


def wait_for(come: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def portal(transactional_db: None) -> Iterator[Portal]:
    """The portal with its page cache on, over a database with real commits.

    On a busy machine the reading of the generation may come late, and then nothing is answered
    from the cache. Tests of what is kept wait for it longer than the portal does.
    """
    made = Portal(watch=Watch(sure_for=60))
    yield made
    made.front.close()


@pytest.fixture
def strict(transactional_db: None) -> Iterator[Portal]:
    """The portal as it is, for tests of how old a page may be."""
    made = Portal()
    yield made
    made.front.close()


@pytest.fixture
def lao_pdr(transactional_db: None, laos: State) -> State:
    """Lao PDR, committed."""
    return laos


def rename(state: State, name: str) -> float:
    """Commits a new name; returns the moment at which the commit had been made."""
    with act(by=None, reason="renamed by a test"):
        State.objects.filter(pk=state.pk).update(name_en=name)
    return time.monotonic()


def session_of(user: User, signed_in: type) -> str:
    return "; ".join(f"{each.key}={each.value}" for each in signed_in(user).cookies.values())


# --- what is kept -------------------------------------------------------------------------------


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


# --- what is never kept -------------------------------------------------------------------------


def test_a_signed_in_readers_page_never_reaches_another(
    portal: Portal, lao_pdr: State, focal_point: User, signed_in: type
) -> None:
    session = session_of(focal_point, signed_in)
    portal.until_sure()

    own = [portal.get("/states/LAO/", HTTP_COOKIE=session) for _ in range(2)]
    asked = len(portal.asked)
    stranger = [portal.get("/states/LAO/") for _ in range(2)]
    own_again = portal.get("/states/LAO/", HTTP_COOKIE=session)

    assert all("Sign out" in each.text for each in [*own, own_again])
    assert all("Sign out" not in each.text for each in stranger)
    assert len(portal.asked) == asked + 2
    assert "private" in own[0].headers["cache-control"]
    assert "public" in stranger[0].headers["cache-control"]


COOKIES = [
    "sessionid=anything",
    "sessionid=",
    'a=b; sessionid="x"',
    "csrftoken=x;sessionid=y",
    "messages=something",
    "django_language=fr",
]


def test_a_session_a_message_or_a_chosen_language_passes_the_cache_by(
    portal: Portal, lao_pdr: State
) -> None:
    assert portal.is_kept("/states/LAO/")

    for cookie in COOKIES:
        assert not portal.is_kept("/states/LAO/", HTTP_COOKIE=cookie), cookie


def test_other_cookies_do_not(portal: Portal, lao_pdr: State) -> None:
    assert portal.is_kept("/states/LAO/", HTTP_COOKIE=f"csrftoken={'a' * 32}; theme=dark")


OTHER_WISHES = [
    {"HTTP_AUTHORIZATION": "Bearer x"},
    {"HTTP_RANGE": "bytes=0-9"},
    {"HTTP_IF_MATCH": '"x"'},
    {"HTTP_IF_UNMODIFIED_SINCE": "Fri, 20 Nov 2026 12:00:00 GMT"},
    {"CONTENT_LENGTH": "3"},
    {"SCRIPT_NAME": "/elsewhere"},
]


def test_requests_that_want_another_answer_pass_the_cache_by(
    portal: Portal, lao_pdr: State
) -> None:
    assert portal.is_kept("/states/LAO/")

    for headers in OTHER_WISHES:
        assert not portal.is_kept("/states/LAO/", **headers), headers


def test_only_get_is_answered(portal: Portal, lao_pdr: State) -> None:
    assert portal.is_kept("/states/LAO/")
    before = len(portal.asked)

    head = [portal.get("/states/LAO/", "HEAD") for _ in range(2)]
    others = [portal.get("/states/LAO/", method) for method in ["POST", "PUT", "OPTIONS"] * 2]

    assert [each.status for each in head] == [200, 200]
    assert all(each.status in {403, 405} for each in others)
    assert len(portal.asked) == before + 8


NOT_PUBLIC = [
    ("/account/login/", 200),
    ("/what-we-owe/", 302),
    ("/admin/", 302),
    ("/states/lao/", 301),
    ("/states", 301),
    ("/states/QQQ/", 404),
    ("/nothing/", 404),
    ("/states/?as_at=yesterday", 400),
    ("/api/v1/deadlines?kind=art9", 400),
    ("/pass/invitation/secret/", 404),
    ("/pass/contacts/secret/", 404),
    ("/healthz", 200),
    ("/reports/LAO/annual/2025/1/", 302),
]


def test_what_is_not_a_public_page_is_never_kept(portal: Portal, lao_pdr: State) -> None:
    for address, status in NOT_PUBLIC:
        assert not portal.is_kept(address), address

        assert portal.get(address).status == status, address
        assert len(portal.front._pages) == 0


UNKNOWN = [
    "utm=1",
    "q=lao",
    "lang=fr&lang=es",
    "as_at=2015%2D01-01",
    "lang=f%72",
    "x",
    "as_at=+",
    f"as_at={'1' * 1200}",
]


def test_unknown_repeated_and_escaped_parameters_pass_the_cache_by(
    portal: Portal, lao_pdr: State
) -> None:
    for query in UNKNOWN:
        assert not portal.is_kept(f"/contact/?{query}"), query

    assert len(portal.front._pages) == 0


def test_a_draft_is_no_more_there_than_a_report_that_does_not_exist(
    portal: Portal, lao_pdr: State
) -> None:
    portal.until_sure()
    before = [portal.get("/reports/LAO/annual/2025/1/").status for _ in range(2)]

    epoch = portal.front._watch.epoch()
    factories.ReportFactory(state=lao_pdr)
    portal.until_changed(epoch)
    drafted = [portal.get("/reports/LAO/annual/2025/1/").status for _ in range(2)]

    assert before == drafted == [302, 302]


class Whole:
    """An answer as Django gives it for a whole page."""

    streaming = False
    content = b"page"

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.content])


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (("Vary", "Accept-Language, Accept-Encoding"), True),
        (("Vary", "accept-language"), True),
        (("Vary", "Accept-Language, Cookie"), False),
        (("vary", "*"), False),
        (("Set-Cookie", "a=b"), False),
        (("Content-Encoding", "br"), False),
        (("Content-Security-Policy", "script-src 'self' 'nonce-abc'"), False),
        (("Content-Security-Policy", "script-src 'self'"), True),
        (("Cache-Control", "private"), False),
        (("Cache-Control", "public, no-store"), False),
        (("Cache-Control", "publicly"), False),
    ],
)
def test_an_answer_is_kept_only_when_nothing_speaks_against_it(
    header: tuple[str, str], kept: bool
) -> None:
    base = [] if header[0] == "Cache-Control" else [("Cache-Control", "public, no-cache")]

    assert may_be_kept("200 OK", [*base, header], Whole()) is kept
    assert not may_be_kept("203 Elsewhere", [*base, header], Whole())
    assert not may_be_kept("200 OK", [*base, header], iter([b"streamed"]))


def test_what_does_not_say_public_and_what_is_too_large_is_not_kept() -> None:
    large = Whole()
    large.content = b"x" * (LARGEST + 1)
    public = [("Cache-Control", "public")]

    assert not may_be_kept("200 OK", [], Whole())
    assert not may_be_kept("200 OK", public, large)
    assert may_be_kept("200 OK", public, Whole())


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("", False),
        ("br", False),
        ("*", False),
        ("x-gzip", False),
    ],
)
def test_gzip_is_sent_to_those_who_name_it(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


# --- for how long -------------------------------------------------------------------------------


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
    epoch = max(strict.front._watch.epoch() for _ in range(3))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'ccm page cache' AND datname = current_database()"
        )
        assert cursor.fetchall() == [(True,)]
    wait_for(lambda: not strict.front._watch.epoch())
    unsure = strict.get("/states/")

    assert unsure.status == 200
    wait_for(lambda: strict.front._watch.epoch() > epoch)
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


# --- how much -----------------------------------------------------------------------------------


def page_of(path: str, size: int) -> tuple[Key, Page]:
    key = Key("http", "localhost", path, "", "en", False)
    return key, Page.of(key, [("Content-Type", "text/html")], random.Random(path).randbytes(size))


def test_the_least_recently_used_page_goes_first() -> None:
    pages = Pages(5 * 12_500)
    made = [page_of(f"/{number}", 10_000) for number in range(6)]
    for key, page in made[:5]:
        pages.put(key, 1, page)
    assert pages.get(made[0][0], 1) is made[0][1]

    pages.put(made[5][0], 1, made[5][1])

    assert pages.get(made[0][0], 1) is made[0][1]
    assert pages.get(made[1][0], 1) is None
    assert pages.get(made[5][0], 1) is made[5][1]
    assert pages.size <= 5 * 12_500


def test_an_old_epoch_neither_answers_nor_adds() -> None:
    pages = Pages(1_000_000)
    key, page = page_of("/", 100)
    pages.put(key, 2, page)

    pages.put(key, 1, page_of("/", 200)[1])

    assert pages.get(key, 1) is None
    assert pages.get(key, 2) is page
    assert pages.get(key, 3) is None
    assert pages.get(key, 2) is None
    assert (len(pages), pages.size) == (0, 0)


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
