"""Each type of page: accessible, silent under the strict CSP, on a telephone, both directions."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

NARROW, WIDE = 360, 1280
LAST = localdate().year - 1
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Colours are the same from right to left, and take longest.
WITHOUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AXE = Axe()

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
    ("an import", "/admin/states/contact/import/"),
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
}
DARK = {"home", "search, answered", "a State with an extension", "what we owe", "desk", "draft"}

Visit = Callable[..., list[str]]


def ids(rows: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    """Parametrises with the page's name as the test's name."""
    return {"argvalues": rows, "ids": [row[0] for row in rows]}


@pytest.fixture
def visit(reader: Callable[..., Reader]) -> Visit:
    """Visits a page in two contexts, both languages and both widths; returns what is wrong."""

    def visit(name: str, path: str, status: int = 200, who: str = "") -> list[str]:
        # Whoever prefers no motion sees no colour on its way from one to another.
        strict, lenient = reader(who), reader(who, bypass_csp=True, reduced_motion="reduce")
        wrong: list[str] = []
        for language, direction in (("en", "ltr"), ("ar", "rtl")):
            address = f"{path}{'&' if '?' in path else '?'}lang={language}"
            for one in (strict, lenient):
                one.page.set_viewport_size({"width": WIDE, "height": 900})
                one.go(address, status)
            found = (
                *_of_the_frame(strict.page, direction),
                *_sideways(strict.page),
                *_barriers(
                    lenient.page,
                    RULES if language == "en" else WITHOUT_COLOURS,
                    wide=name not in LONG or language == "en",
                    narrow=name not in LONG or language == "ar",
                    dark=name in DARK and language == "en",
                ),
            )
            wrong += [f"{name} ({address}): {sentence}" for sentence in found]
        return wrong

    return visit


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
    page.set_viewport_size({"width": NARROW, "height": 780})
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
    if narrow:
        page.set_viewport_size({"width": NARROW, "height": 780})
        yield from (f"{NARROW} px: {sentence}" for sentence in _scan(page, options))


def _scan(page: Page, options: dict[str, Any]) -> Iterator[str]:
    for found in AXE.run(page, options=options).response["violations"]:
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
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("name", "path"), **ids(OF_THE_SECRETARIAT))
def test_a_page_of_the_workplace_is_open_to_all_of_the_secretariat(
    visit: Visit, name: str, path: str
) -> None:
    wrong = visit(name, path, who="officer@demo.example")

    assert not wrong, "\n".join(wrong)
