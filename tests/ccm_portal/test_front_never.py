"""What the page cache in front of Django never keeps: nobody's page reaches another reader."""

from collections.abc import Iterator

import pytest

from ccm_portal.front.key import takes_gzip
from ccm_portal.front.pages import LARGEST, may_be_kept
from states.models import State, User
from tests import factories
from tests.ccm_portal.web import Portal, session_of


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


@pytest.mark.parametrize("address", ["/states/LAO/", "/states.csv", "/api/v1/states?lang=fr"])
def test_no_cache_on_the_way_is_told_that_such_an_answer_is_for_everybody(
    portal: Portal, lao_pdr: State, focal_point: User, signed_in: type, address: str
) -> None:
    for cookie in [*COOKIES, session_of(focal_point, signed_in)]:
        said = portal.get(address, HTTP_COOKIE=cookie).headers["cache-control"]

        assert "private" in said, cookie
        assert "public" not in said, cookie


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


def test_only_reading_is_answered(portal: Portal, lao_pdr: State) -> None:
    assert portal.is_kept("/states/LAO/")
    page = portal.get("/states/LAO/")
    before = len(portal.asked)

    head = portal.get("/states/LAO/", "HEAD")
    others = [portal.get("/states/LAO/", method) for method in ["POST", "PUT", "OPTIONS"] * 2]

    assert (head.status, head.body, head.headers) == (200, b"", page.headers)
    assert all(each.status in {403, 405} for each in others)
    assert len(portal.asked) == before + 6


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


def test_what_is_not_a_public_page_is_for_its_reader_alone_in_every_cache(
    portal: Portal, lao_pdr: State, focal_point: User, signed_in: type
) -> None:
    session = session_of(focal_point, signed_in)

    for address, _status in NOT_PUBLIC:
        for cookie in ("", session):
            said = portal.get(address, HTTP_COOKIE=cookie).headers.get("cache-control", "")

            assert "private" in said, (address, cookie)


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

    factories.ReportFactory(state=lao_pdr)
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
