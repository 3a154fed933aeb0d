"""What an address keeps: the day, the filters, the language; and whom a closed one sends away."""

import csv
import io
import re
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.browser.conftest import Reader

type Sits = Callable[..., Reader]

LAST = localdate().year - 1


def test_a_day_chosen_on_a_page_stays_in_the_address_the_links_and_the_downloads(
    reader: Sits,
) -> None:
    one = reader()
    page = one.go("/states/?lang=en&status=party")

    page.get_by_label("Another day").fill("2011-06-30")
    page.get_by_role("button", name="Show this day").click()

    expect(page).to_have_url(re.compile(r"as_at=2011-06-30"))
    expect(page).to_have_url(re.compile(r"status=party"))
    expect(page.locator(".as-at")).to_contain_text("30 June 2011")
    href = (
        page.locator(".downloads").get_by_role("link", name=re.compile("csv")).get_attribute("href")
    )
    assert href is not None
    text = page.request.get(one.portal.url + href).text()
    assert "2011-06-30" in text or "30 June 2011" in text
    rows = list(csv.reader(io.StringIO(text)))
    shown = page.locator("table").first.locator("tbody tr").count()
    assert sum(row[:1] != [] and len(row[0]) == 3 and row[0].isupper() for row in rows) == shown
    page.get_by_role("row", name=re.compile("^Albania")).get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/states/ALB/.*as_at=2011-06-30"))
    expect(page.locator(".as-at")).to_contain_text("30 June 2011")
    page.get_by_role("link", name="Back to today").click()
    expect(page).not_to_have_url(re.compile("as_at"))


def test_filters_stand_in_the_address_with_and_without_scripts(reader: Sits) -> None:
    with_scripts, without = reader(), reader(java_script_enabled=False)

    page = with_scripts.go("/states/?lang=en")
    before = page.locator("#count").inner_text()
    page.get_by_label("Status").select_option(label="Signatory")
    expect(page).to_have_url(re.compile("status=signatory"))
    expect(page.locator("#count")).not_to_have_text(before)
    page.get_by_label("Name or code of a State").fill("ang")
    expect(page).to_have_url(re.compile("q=ang"))
    expect(page.locator("#results tbody tr").first).to_contain_text("Angola")
    expect(page).to_have_url(re.compile("lang=en"))
    address = page.url.removeprefix(with_scripts.portal.url)
    found = page.locator("#count").inner_text()
    plain = without.go("/states/?lang=en")
    plain.get_by_label("Status").select_option(label="Signatory")
    plain.get_by_label("Name or code of a State").fill("ang")
    plain.get_by_role("button", name="Show", exact=True).click()

    expect(plain.locator("#count")).to_have_text(found)
    expect(without.go(address).locator("#count")).to_have_text(found)
    plain.get_by_role("link", name=re.compile("remove.*Signatory", re.IGNORECASE)).click()
    expect(plain).not_to_have_url(re.compile("status=signatory"))
    expect(plain).to_have_url(re.compile("q=ang"))


def test_a_language_link_keeps_the_address_and_the_links_keep_the_language(
    reader: Sits,
) -> None:
    page = reader().go("/states/?status=party&as_at=2015-09-01")

    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile("lang=fr"))
    expect(page).to_have_url(re.compile("status=party"))
    expect(page).to_have_url(re.compile("as_at=2015-09-01"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.locator("nav.main a").nth(1).click()

    expect(page).to_have_url(re.compile(r"/reports/\?.*lang=fr"))
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_closed_address_sends_everybody_to_sign_in_and_a_stranger_away(reader: Sits) -> None:
    closed = f"/what-we-owe/XAC/annual/{LAST}/1/receipt/"
    anybody, stranger = reader(), reader("observer@demo.example")

    for path in (closed, "/what-we-owe/XAC/annual/1999/1/receipt/", "/admin/", "/people/invite/"):
        page = anybody.go(path)
        assert "/account/login/" in page.url, f"{path} is open to everybody at {page.url}"
    for path in (closed, f"/what-we-owe/XAB/annual/{LAST}/", "/people/invite/", "/admin/"):
        stranger.go(path, 404)

    expect(stranger.page.get_by_role("heading", level=1)).to_have_count(1)


def test_whoever_was_sent_to_sign_in_comes_back_to_what_was_asked_for(reader: Sits) -> None:
    wanted = f"/what-we-owe/XAC/annual/{LAST}/1/receipt/"
    one = reader()

    page = one.go(f"{wanted}?lang=en")
    page.get_by_label("E-mail").fill("focal-point.xac@demo.example")
    page.get_by_label("Password", exact=True).fill(one.portal.password)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page).to_have_url(re.compile(re.escape(wanted)))
    expect(page.locator("main")).to_contain_text(f"A7-{LAST}-XAC-01")


def test_a_day_in_the_list_of_states_opens_its_sum_with_and_without_scripts(reader: Sits) -> None:
    for one in (reader(width=360), reader(width=360, java_script_enabled=False)):
        page = one.go("/states/?lang=en&as_at=2026-10-01&q=Lao")

        row = page.get_by_role("row", name=re.compile("^Lao People"))
        row.get_by_role("link", name="30 April 2027").click()

        expect(page).to_have_url(re.compile(r"/states/LAO/.*as_at=2026-10-01.*#why-art7-annual"))
        expect(page.get_by_text("The report on the calendar year 2026 is due by")).to_be_visible()
