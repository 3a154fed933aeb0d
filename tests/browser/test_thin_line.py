"""A report over a line that is thin, slow, and dies in the middle: nothing is done twice."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Keys, Portal, Reader, Room
from tests.browser.line import Line
from tests.browser.papers import pdf
from tests.browser.test_form_filling import begin, open_form

type Sits = Callable[..., Reader]

LAST = localdate().year - 1
A_MEGABYTE = 1024 * 1024
DRAFT = f"/what-we-owe/XAC/annual/{LAST - 3}/"
FOCAL_POINT = "focal-point.xac@demo.example"
# What may go up after a cut at 60 %, as a share of the file.
OF_A_FILE = 0.45


@dataclass(frozen=True)
class Speed:
    """Of a line: bits a second each way, and how long anything takes to get through, in ms."""

    bits: int
    delay: int


THIN = Speed(50_000, 800)
# The same shape as the thin one, in a quarter of the time.
SHORT = Speed(200_000, 200)
OFFICE = Speed(10_000_000, 20)
QUICK = Speed(40_000_000, 0)


def slow_down(tools: CDPSession, speed: Speed, *, dead: bool = False) -> None:
    """The browser's own line is as slow as that, or dead."""
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": dead,
            "latency": speed.delay,
            "downloadThroughput": speed.bits / 8,
            "uploadThroughput": speed.bits / 8,
        },
    )


@pytest.fixture
def line(portal: Portal) -> Iterator[Line]:
    """A line to the portal that counts."""
    with Line(portal) as made:
        yield made


@pytest.fixture
def far(line: Line, browser: Browser, keys: Keys) -> Iterator[Sits]:
    """`far("…@demo.example")` sits down at the other end of the line."""
    room = Room(line.portal, browser, keys)
    yield room.sit_down
    room.leave()
    # A dead line is noted in the console: nothing but that may stand there.
    complaints = [one for reader in room.sat for one in reader.heard() if "net::ERR" not in one]
    assert complaints == [], complaints


def the_draft(reader: Reader) -> Page:
    """The page of a draft on a year long past, which is begun by whoever comes first."""
    page = reader.page
    reader.refused(DRAFT)
    answer = page.goto(reader.portal.url + DRAFT)
    if answer is None or answer.status != 200:
        reader.go("/what-we-owe/?lang=en")
        begin(page, LAST - 3)
    return page


@pytest.fixture
def a_file(tmp_path: Path) -> Callable[[int], Path]:
    """A PDF of so many bytes on somebody's disk."""

    def made(size: int) -> Path:
        path = tmp_path / f"report of {size}.pdf"
        if not path.exists():
            path.write_bytes(pdf(f"A report of {size} bytes", weight=size))
        return path

    return made


def wait_for_share(page: Page, share: float, *, within: int = 120_000) -> None:
    """Until that share of the file has arrived."""
    page.wait_for_function(
        """(share) => {
          const shown = document.querySelector(".parts progress");
          return shown && shown.value / shown.max >= share;
        }""",
        arg=share,
        timeout=within,
    )


def send_cut_at_sixty(page: Page, line: Line, tools: CDPSession, speed: Speed, path: Path) -> float:
    """Sends a file over a line that dies at 60 %; the share of it that went over after that."""
    slow_down(tools, speed)
    page.get_by_label("The report", exact=True).set_input_files(path)
    wait_for_share(page, 0.6)
    line.cut()
    slow_down(tools, speed, dead=True)
    expect(page.locator(".parts [role=status]")).to_contain_text("waiting for the line")
    before = line.sent
    line.mend()
    slow_down(tools, speed)
    whole = page.locator(".parts [role=status]")
    expect(whole).to_contain_text("is here whole", timeout=240_000)
    return (line.sent - before) / path.stat().st_size


@pytest.mark.soak
@pytest.mark.parametrize("speed", [QUICK, OFFICE], ids=["short", "10-mbit"])
def test_a_large_file_cut_at_sixty_per_cent_is_not_sent_again(
    far: Sits, line: Line, a_file: Callable[[int], Path], speed: Speed
) -> None:
    page = the_draft(far(FOCAL_POINT))
    tools = page.context.new_cdp_session(page)

    after = send_cut_at_sixty(page, line, tools, speed, a_file(25 * A_MEGABYTE))

    print(f"\nsent after the cut: {after:.1%} of the file")
    assert after <= OF_A_FILE
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()
    expect(page.locator(".kept")).to_contain_text(re.compile(r"report of \d+\.pdf"))


@pytest.mark.soak
def test_a_large_file_goes_over_a_thin_line(
    far: Sits, line: Line, a_file: Callable[[int], Path]
) -> None:
    page = the_draft(far(FOCAL_POINT))
    tools = page.context.new_cdp_session(page)
    slow_down(tools, THIN)

    page.get_by_label("The report", exact=True).set_input_files(a_file(25 * A_MEGABYTE))

    # An hour and ten minutes at fifty kilobits a second, and half as much for the waiting.
    whole = page.locator(".parts [role=status]")
    expect(whole).to_contain_text("is here whole", timeout=2 * 3600 * 1000)
    assert line.sent <= 1.1 * 25 * A_MEGABYTE


def bytes_down(line: Line, go: Callable[[], object]) -> int:
    """How much came down the line for one step."""
    before = line.answered
    go()
    return line.answered - before


@pytest.mark.parametrize(
    ("speed", "size"),
    [(SHORT, 150_000), pytest.param(THIN, 300_000, marks=pytest.mark.soak)],
    ids=["short", "50-kbit"],
)
def test_a_form_is_filled_in_and_a_file_sent_over_a_thin_line_that_dies(
    far: Sits, line: Line, a_file: Callable[[int], Path], speed: Speed, size: int
) -> None:
    reader = far("")
    page, context = reader.page, reader.context
    tools = context.new_cdp_session(page)
    slow_down(tools, speed)
    sizes = {"signing in": bytes_down(line, lambda: reader.sign_in(FOCAL_POINT))}
    sizes["what we owe"] = bytes_down(line, lambda: reader.go("/what-we-owe/?lang=en"))
    sizes["the draft"] = bytes_down(line, lambda: the_draft(reader))
    sizes["a form"] = bytes_down(line, lambda: open_form(page, "Contaminated areas and clearance"))
    print("\n" + "; ".join(f"{what}: {count / 1000:.1f} kB" for what, count in sizes.items()))
    assert max(sizes.values()) < 60_000

    # Whoever types before the page's script has come is kept too.
    answer = page.get_by_label("Status and progress of the programme of clearance")
    answer.fill("Two teams.")
    expect(page.locator("[data-saved]")).to_contain_text("saved at")

    # The line dies while somebody writes: it is said, and kept.
    line.cut()
    slow_down(tools, speed, dead=True)
    answer.fill("Two teams work in the north.")
    expect(page.locator("[data-saved]")).to_contain_text("There is no line at the moment.")
    held = page.evaluate("Object.values(sessionStorage).join()")
    assert "Two teams work in the north." in held

    # It is saved by itself when the line is back.
    line.mend()
    slow_down(tools, speed)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-saved]")).to_contain_text("saved at")
    assert page.evaluate("sessionStorage.length") == 0

    # A file is cut, the page is gone with it, and the same file goes on from where it was.
    the_draft(reader)
    path = a_file(size)
    page.get_by_label("The report", exact=True).set_input_files(path)
    wait_for_share(page, 0.6)
    line.cut()
    slow_down(tools, speed, dead=True)
    expect(page.locator(".parts [role=status]")).to_contain_text("waiting for the line")
    line.mend()
    slow_down(tools, speed)
    page.reload()
    before = line.sent
    page.get_by_label("The report", exact=True).set_input_files(path)
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible(
        timeout=120_000
    )
    print(f"sent after the cut: {(line.sent - before) / path.stat().st_size:.0%} of the file")
    assert line.sent - before < path.stat().st_size
    expect(page.locator(".kept")).to_contain_text(path.name)


@pytest.mark.soak
def test_a_file_goes_on_after_signing_in_anew(
    far: Sits, line: Line, a_file: Callable[[int], Path]
) -> None:
    reader = far(FOCAL_POINT)
    page = the_draft(reader)
    tools = page.context.new_cdp_session(page)
    slow_down(tools, Speed(2_000_000, 0))
    page.get_by_label("The report", exact=True).set_input_files(a_file(3 * A_MEGABYTE))
    wait_for_share(page, 0.2)
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.on("response", lambda one: one.status == 403 and reader.refusals.add(one.url))
    expect(page.locator(".parts [role=status]")).to_contain_text("Your session has ended.")

    other = page.context.new_page()
    other.goto(f"{line.portal.url}/account/login/?lang=en")
    other.get_by_label("E-mail").fill(FOCAL_POINT)
    other.get_by_label("Password", exact=True).fill(reader.portal.password)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url(lambda url: "/account/login/" not in url)
    assert page.context.cookies() != session
    page.get_by_role("button", name="Continue").click()

    expect(page.locator(".parts [role=status]")).to_contain_text("is here whole", timeout=60_000)
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()


def test_a_program_is_refused_at_once_and_nothing_else_is_lost(far: Sits, tmp_path: Path) -> None:
    reader = far(FOCAL_POINT)
    page = the_draft(reader)
    program = tmp_path / "report.exe"
    program.write_bytes(b"MZ" + bytes(200_000))
    page.get_by_label("Note to the ISU").fill("The annex follows.")

    page.on("response", lambda one: one.status == 422 and reader.refusals.add(one.url))
    page.get_by_label("The report", exact=True).set_input_files(program)

    expect(page.locator(".parts [role=status]")).to_contain_text("This is a file of the kind EXE.")
    expect(page.get_by_label("Note to the ISU")).to_have_value("The annex follows.")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved. Only your State reads this draft.")).to_be_visible()
