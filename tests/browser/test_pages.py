"""Each type of page: accessible, silent under the strict CSP, on a telephone, both directions."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils.timezone import localdate
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Keys, Portal, Reader, Room

NARROW, WIDE = 360, 1280
LAST = localdate().year - 1
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Colours are the same from right to left, and take longest.
WITHOUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# A colour on its way from one to another has no contrast of its own.
SCAN = """async (options) => {
  const moving = document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(moving.map((one) => one.finished));
  return (await axe.run(options)).violations;
}"""

# name, address, what it answers
PUBLIC = (
    ("home", "/", 200),
    ("States", "/states/", 200),
    ("States, filtered, as at a day", "/states/?status=party&q=an&as_at=2015-09-01", 200),
    ("a State", "/states/LAO/", 200),
    ("a State with reports", "/states/XAA/", 200),
    ("a State with an extension", "/states/XAC/", 200),
    ("reports", "/reports/", 200),
    ("a report", f"/reports/XAA/annual/{LAST}/1/", 200),
    ("measures", "/measures/", 200),
    ("measures, filtered", "/measures/?status=legislation&penal=yes", 200),
    ("reports, found by words", "/reports/?q=depot", 200),
    ("one form of all States", f"/reports/forms/clearance/?year={LAST}", 200),
    ("one question of all States", f"/reports/forms/clearance/?year={LAST}&question=areas", 200),
    ("two years", "/reports/XAA/compare/", 200),
    ("figures of a State", "/reports/XAA/figures/", 200),
    ("figures that States reported", "/reports/figures/?demo=1", 200),
    ("reporting rates", "/reports/rates/?demo=1", 200),
    ("calendar", "/calendar/", 200),
    ("figures", "/figures/", 200),
    ("figures, as at a day", "/figures/?as_at=2015-09-01", 200),
    ("search", "/search/", 200),
    ("search, answered", "/search/?q=Arvalia", 200),
    ("search, one kind", "/search/?q=united&kind=states", 200),
    ("search, a spelling", "/search/?q=Pamama", 200),
    ("verify", "/verify/", 200),
    ("verify, answered", f"/verify/?sha256={'0' * 64}", 200),
    ("contact", "/contact/", 200),
    ("accessibility", "/accessibility/", 200),
    ("open data", "/open-data/", 200),
    ("not found", "/no-such-page/", 404),
    ("an unclear question", "/states/?as_at=yesterday", 400),
    ("sign-in", "/account/login/", 200),
    ("password reset", "/account/password/reset/", 200),
)
OF_A_STATE = (
    ("what we owe", "/what-we-owe/"),
    ("receipt", f"/what-we-owe/XAC/annual/{LAST}/1/receipt/"),
    ("send to UNODA", f"/what-we-owe/XAC/annual/{LAST}/1/send/"),
    ("own contacts", "/what-we-owe/contacts/"),
    ("own address", "/account/email/"),
    ("second factor", "/account/2fa/"),
    ("second factor, an app", "/account/2fa/totp/activate/"),
    ("second factor, a key", "/account/2fa/webauthn/add/"),
    ("change of password", "/account/password/change/"),
    ("sign out", "/account/logout/"),
)
OF_THE_SECRETARIAT = (
    ("desk", "/admin/"),
    ("reports in the admin", "/admin/reporting/report/"),
    ("States in the admin", "/admin/states/state/"),
    ("letters in the admin", "/admin/records/letter/"),
    ("a State in the admin", "/admin/states/state/XAC/change/"),
    ("history of a State", "/admin/states/state/XAC/history/"),
    ("an act in the admin", "/admin/states/state/XAC/act/withdraw/"),
    ("a new row in the admin", "/admin/records/noteverbale/add/"),
    ("measures in the admin", "/admin/reporting/measure/"),
    ("a new note on a measure", "/admin/reporting/measurenote/add/?state=XAA"),
    ("statuses under Article 9", "/admin/reporting/measuregroup/legislation/change/"),
    ("an import", "/admin/states/contact/import/"),
    ("reports to review", "/admin/reporting/report/queue/"),
    ("letters to come", "/admin/letters/outlook/"),
    ("letters that did not go out", "/admin/letters/digest/"),
    ("an invitation", "/people/invite/"),
    ("a recovery", "/people/recovery/"),
    ("gallery", "/gallery/"),
)
# Of long pages one direction is scanned at each width; the others are scanned at both in both.
LONG = {
    "States",
    "desk",
    "gallery",
    "a State in the admin",
    "States in the admin",
    "reports in the admin",
    "letters in the admin",
    "figures of a State",
    "figures that States reported",
}
DARK = {
    "home",
    "search, answered",
    "a State with an extension",
    "a report",
    "two years",
    "figures of a State",
    "what we owe",
    "desk",
    "draft",
    "form",
}

Visit = Callable[..., list[str]]


def ids(rows: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    """Parametrises with the page's name as the test's name."""
    return {"argvalues": rows, "ids": [row[0] for row in rows]}


@pytest.fixture(scope="module")
def room(portal: Portal, browser: Browser, keys: Keys) -> Iterator[Room]:
    """Whoever visits pages stays at the screen, since each context takes a moment to open."""
    room = Room(portal, browser, keys)
    yield room
    room.leave()


@pytest.fixture
def visit(room: Room) -> Iterator[Visit]:
    """Visits a page in both directions, each loaded once for both widths; returns what is wrong."""

    def visit(name: str, path: str, status: int = 200, who: str = "") -> list[str]:
        one = room.seat_of(who)
        wrong: list[str] = []
        for language, direction in (("en", "ltr"), ("ar", "rtl")):
            address = f"{path}{'&' if '?' in path else '?'}lang={language}"
            one.page.emulate_media(color_scheme="light")
            one.page.set_viewport_size({"width": WIDE, "height": 900})
            page = one.go(address, status)
            found = (
                *_of_the_frame(page, direction),
                *_barriers(
                    page,
                    RULES if language == "en" else WITHOUT_COLOURS,
                    wide=name not in LONG or language == "en",
                    narrow=name not in LONG or language == "ar",
                    dark=name in DARK and language == "en",
                ),
            )
            wrong += [f"{name} ({address}): {sentence}" for sentence in found]
        return wrong

    yield visit
    room.be_calm()


def _of_the_frame(page: Page, direction: str) -> Iterator[str]:
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1 or not headings[0].strip():
        yield f"its headings of the first level are {headings}"
    title = page.title()
    if not title.strip() or title.lstrip().startswith(("·", "|")):
        yield f"its title is {title!r}"
    found = page.locator("html").get_attribute("dir") or "ltr"
    if found != direction:
        yield f"it is written {found}, not {direction}"


def _sideways(page: Page) -> Iterator[str]:
    broad = page.evaluate(
        """() => {
          const root = document.scrollingElement;
          if (root.scrollWidth <= innerWidth) return null;
          const out = [...document.body.querySelectorAll("*")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.right > innerWidth + 1 || box.left < -1)
              && !one.closest(".scroll, .results");
          });
          const names = out.slice(0, 5).map((one) => one.outerHTML.slice(0, 90));
          return `${root.scrollWidth} px wide in ${innerWidth}: ${names.join(" | ")}`;
        }"""
    )
    if broad:
        yield f"it runs over the edge, {broad}"


def _barriers(
    page: Page, options: dict[str, Any], *, wide: bool, narrow: bool, dark: bool
) -> Iterator[str]:
    if wide:
        yield from (f"{WIDE} px: {sentence}" for sentence in _scan(page, options))
    if dark:
        page.emulate_media(color_scheme="dark")
        yield from (f"dark: {sentence}" for sentence in _scan(page, COLOURS))
        page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 780})
    yield from _sideways(page)
    if narrow:
        yield from (f"{NARROW} px: {sentence}" for sentence in _scan(page, options))


def _scan(page: Page, options: dict[str, Any]) -> Iterator[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for found in page.evaluate(SCAN, {**options, "selectors": False}):
        for node in found["nodes"][:4]:
            checks = [*node["any"], *node["all"], *node["none"]]
            why = "; ".join(check["message"] for check in checks[:2])
            yield f"{found['id']} at {node['html'][:120]}: {why}"


@pytest.mark.parametrize(("name", "path", "status"), **ids(PUBLIC))
def test_a_public_page_is_open_to_everybody(
    visit: Visit, name: str, path: str, status: int
) -> None:
    wrong = visit(name, path, status)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("name", "path"), **ids(OF_A_STATE))
def test_a_page_for_a_state_is_open_to_everybody_there(visit: Visit, name: str, path: str) -> None:
    wrong = visit(name, path, who="focal-point.xac@demo.example")

    assert not wrong, "\n".join(wrong)


def test_the_pages_of_a_draft_are_open_to_everybody_there(
    reader: Callable[..., Reader], visit: Visit
) -> None:
    who = "focal-point.xaa@demo.example"
    page = reader(who).go("/what-we-owe/?lang=en")
    page.get_by_role("button", name="Begin the report").or_(
        page.get_by_role("link", name="Continue the report")
    ).first.click()
    expect(page.get_by_role("button", name="Save and check")).to_be_visible()
    path = re.sub(r"^https?://[^/]+|\?.*$", "", page.url)

    wrong = [
        *visit("draft", path, who=who),
        *visit("check", f"{path}check/", who=who),
        *visit("form", f"{path}forms/clearance/", who=who),
        *visit("form with persons", f"{path}forms/victim-assistance/", who=who),
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("name", "path"), **ids(OF_THE_SECRETARIAT))
def test_a_page_of_the_workplace_is_open_to_all_of_the_secretariat(
    visit: Visit, name: str, path: str
) -> None:
    wrong = visit(name, path, who="officer@demo.example")

    assert not wrong, "\n".join(wrong)


def test_a_form_that_is_given_back_is_open_to_everybody(reader: Callable[..., Reader]) -> None:
    wrong: list[str] = []
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        one = reader("focal-point.xac@demo.example")
        page = one.go(f"/what-we-owe/contacts/?lang={language}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => one.open = true)")
        page.locator("main form input[type=text]").last.fill("Keep this, please")
        one.context.clear_cookies(name="sessionid")
        one.refused(f"/what-we-owe/contacts/?lang={language}")
        one.refused("/what-we-owe/contacts/")
        page.locator("main form button.act").click()
        expect(page.get_by_text("Keep this, please")).to_be_visible()
        wrong += [
            *_of_the_frame(page, direction),
            *_barriers(page, RULES, wide=True, narrow=True, dark=language == "en"),
        ]

    assert not wrong, "\n".join(wrong)


def test_a_form_with_errors_is_open_to_everybody(reader: Callable[..., Reader]) -> None:
    wrong: list[str] = []
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        one = reader("officer@demo.example")
        path = f"/admin/states/state/XAC/act/withdraw/?lang={language}"
        page = one.go(path)
        one.refused(path)
        page.locator("main [name=done_on]").evaluate("one => { one.value = '' }")
        page.locator("main form").evaluate("one => { one.noValidate = true }")
        page.locator("main form [type=submit]").first.click()
        expect(page.locator(".errorlist").first).to_be_visible()
        wrong += [
            *_of_the_frame(page, direction),
            *_barriers(page, RULES, wide=True, narrow=True, dark=language == "en"),
        ]

    assert not wrong, "\n".join(wrong)


def test_the_visit_is_not_blind(reader: Callable[..., Reader]) -> None:
    one = reader()
    page = one.go("/?lang=en")
    page.evaluate(
        """() => {
          document.documentElement.removeAttribute("lang");
          document.body.insertAdjacentHTML("beforeend", "<a href='/x'></a><p style='top: 0'>x</p>");
          document.body.append(document.createElement("h1"));
          Object.assign(document.body.lastChild.style, { inlineSize: "2000px", blockSize: "9px" });
          const first = document.querySelector("main p").style;
          Object.assign(first, { color: "#777", background: "#888" });
        }"""
    )

    wrong = [
        *_of_the_frame(page, "rtl"),
        *_barriers(page, RULES, wide=True, narrow=True, dark=True),
    ]

    found = "\n".join(wrong)
    assert "first level are" in found
    assert "written ltr, not rtl" in found
    assert "it runs over the edge" in found
    for rule in (
        f"{WIDE} px: html-has-lang",
        f"{NARROW} px: link-name",
        f"{WIDE} px: color-contrast",
    ):
        assert rule in found, found
    assert "style" in one.heard()[0]
    one.complaints.clear()
