"""A form in a colleague's hands, the mission's word, and hand-in: by the people who do it."""

import datetime as dt
import re
from collections.abc import Callable

from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.browser.test_form_filling import begin, open_form

type Sits = Callable[..., Reader]

YEAR = localdate().year - 4
PROGRAMME = "Status and progress of the programme of clearance"


def test_a_form_goes_to_a_colleague_and_comes_back_is_certified_and_handed_in(reader: Sits) -> None:
    focal_point = reader("focal-point.xac@demo.example")
    page = focal_point.go("/what-we-owe/?lang=en")
    begin(page, YEAR - 4)
    open_form(page, "Contaminated areas and clearance")
    form = page.url.removeprefix(focal_point.portal.url)
    page.get_by_label(PROGRAMME).fill("Two teams.")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()

    # The form goes to the mine action centre, by a letter of the State's own.
    page.get_by_role("link", name="Hand this form to a colleague").click()
    page.get_by_label("Your colleague's mailbox").fill("mac@calderra.example")
    page.get_by_label("Function").fill("Mine action centre")
    page.get_by_label("Until").fill((localdate() + dt.timedelta(days=9)).isoformat())
    page.get_by_label("A word to your colleague").fill("The areas of the north, please.")
    page.get_by_role("button", name="Hand the form out").click()
    expect(page.get_by_text("not opened yet")).to_be_visible()

    # The colleague has no account and a telephone; the page saves by itself.
    colleague = reader("", width=360)
    letter = colleague.letter("mac@calderra.example", "please fill in Form F")
    link = re.search(r"/pass/form/[\w-]+/", letter.inner_text("body"))
    assert link is not None
    phone = colleague.go(f"{link.group()}?lang=en")
    expect(phone.get_by_text("The areas of the north, please.")).to_be_visible()
    expect(phone.get_by_label(PROGRAMME)).to_have_value("Two teams.")
    phone.get_by_label(PROGRAMME).fill("Three teams in the north.")
    expect(phone.locator("[data-saved]")).to_have_text(re.compile(r"saved at \d\d:\d\d"))
    row = phone.locator("fieldset.line").filter(has=phone.locator("[name='areas.rows']")).first
    row.get_by_label("Name of the area").fill("Lower valley")
    row.get_by_label("Size, m²").fill("1 250 000")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"the page is {width} wide"

    # What is saved is seen at once, and the draft stays as it is until it is taken over.
    page.goto(focal_point.portal.url + form)
    expect(page.get_by_text("This form is with Mine action centre")).to_be_visible()
    expect(page.get_by_label(PROGRAMME)).to_have_value("Two teams.")

    phone.get_by_role("button", name="Hand back").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone = colleague.go(link.group())
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto(focal_point.portal.url + form)
    page.get_by_role("link", name="Compare and take over").click()
    difference = page.get_by_role("row", name=re.compile("programme of clearance"))
    expect(difference).to_contain_text("Two teams.")
    expect(difference).to_contain_text("Three teams in the north.")
    page.get_by_role("button", name="Take it over").click()
    expect(page.get_by_label(PROGRAMME)).to_have_value("Three teams in the north.")
    colleague.go(link.group(), status=404)
    expect(colleague.page.get_by_role("heading", level=1)).to_contain_text("does not work any more")

    # The State has its mission certify first.
    draft = f"/what-we-owe/XAC/annual/{YEAR - 4}/"
    page = focal_point.go(f"{draft}check/")
    page.locator("summary", has_text="Have the mission certify first").click()
    page.get_by_label("Why, in a word").fill("Our ministry's order.")
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("button", name="Tell the mission that it waits").click()
    expect(page.get_by_text("One person of the mission has been told")).to_be_visible()
    page.get_by_role("button", name="Hand to the ISU").click()
    expect(page.get_by_text("not certified as it stands").first).to_be_visible()

    mission = reader("mission.xac@demo.example")
    desk = mission.go("/what-we-owe/?lang=en")
    desk.get_by_role("heading", name="For the mission to certify").wait_for()
    desk.locator(f"a[href='{draft}certify/']").first.click()
    expect(desk.get_by_text("Three teams in the north.")).to_be_visible()
    desk.get_by_role("button", name="Certify it", exact=True).click()
    expect(desk.get_by_text("Certified. The focal point has been told.")).to_be_visible()

    # Whatever is saved afterwards voids it: here the points of contact.
    page = focal_point.go(f"{draft}contacts/")
    page.get_by_label("Institution").first.fill("Ministry of Foreign Affairs")
    page.get_by_label("E-mail").first.fill("treaties@calderra.example")
    page.get_by_role("radio", name=re.compile("^no, they are for the ISU")).check()
    page.get_by_role("button", name="Save").click()
    page = focal_point.go(f"{draft}check/")
    expect(page.get_by_text("That counts no more, since it was changed:")).to_be_visible()
    desk = mission.go(f"{draft}certify/")
    desk.get_by_role("button", name="Certify it", exact=True).click()

    page = focal_point.go(f"{draft}check/")
    expect(page.get_by_text("as it stands.")).to_be_visible()
    page.get_by_role("button", name="Hand to the ISU").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receipt")
    expect(page.locator(".facts", has_text="Certified by").first).to_contain_text(
        "Mission in Geneva, Calderra"
    )
    expect(page.get_by_text("treaties@calderra.example")).to_be_visible()


def test_a_colleague_fills_in_a_form_without_javascript(reader: Sits) -> None:
    focal_point = reader("focal-point.xab@demo.example")
    page = focal_point.go("/what-we-owe/?lang=en")
    begin(page, YEAR - 1)
    open_form(page, "Victim assistance")
    page.get_by_role("link", name="Hand this form to a colleague").click()
    page.get_by_label("Your colleague's mailbox").fill("health@borduna.example")
    page.get_by_label("Function").fill("Ministry of health")
    page.get_by_label("Until").fill((localdate() + dt.timedelta(days=9)).isoformat())
    page.get_by_role("radio", name="is shown to me once; I pass it on").check()
    page.get_by_role("button", name="Hand the form out").click()
    link = re.search(r"/pass/form/[\w-]+/", page.inner_text("main"))
    assert link is not None

    colleague = reader("", width=360, java_script_enabled=False)
    phone = colleague.go(f"{link.group()}?lang=en")
    phone.locator("main textarea").first.fill("A register of survivors was begun.")
    phone.get_by_role("button", name="Save", exact=True).last.click()
    expect(phone.get_by_text("Saved. Hand the form back when you have done.")).to_be_visible()
    phone.get_by_role("button", name="Hand back").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    page.reload()
    expect(page.get_by_text("handed back", exact=True)).to_be_visible()
