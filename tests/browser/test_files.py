"""Files in the reader's hands: verified with scripts or without, measured before they leave."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader
from tests.browser.papers import pdf
from tests.browser.test_form_filling import begin

type Sits = Callable[..., Reader]

LAST = localdate().year - 1
REPORT = f"/reports/XAA/annual/{LAST}/1/"
# Puts a file from the page's own chooser into a drop, as a hand would.
DROP = """(place) => {
  const chooser = document.querySelector("#from-the-disk");
  const carried = new DataTransfer();
  carried.items.add(chooser.files[0]);
  for (const kind of ["dragover", "drop"]) {
    place.dispatchEvent(
      new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true })
    );
  }
}"""


@pytest.fixture
def published(reader: Sits, tmp_path: Path) -> Path:
    """A published report, as a reader has saved it."""
    page = reader().go(f"{REPORT}?lang=en")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download the report").click()
    path = tmp_path / saving.value.suggested_filename
    saving.value.save_as(path)
    return path


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    """A file that nobody ever sent here."""
    path = tmp_path / "unknown.pdf"
    path.write_bytes(pdf("Never seen here"))
    return path


def bodies_of(page: Page) -> list[int]:
    """Grows by the size of each body that the page sends."""
    sent: list[int] = []
    page.on("request", lambda one: one.post_data_buffer and sent.append(len(one.post_data_buffer)))
    return sent


def drop(page: Page, path: Path) -> None:
    """Drops a file on the page's place for it."""
    page.evaluate(
        """() => {
          const chooser = document.createElement("input");
          chooser.type = "file";
          chooser.id = "from-the-disk";
          chooser.hidden = true;
          document.body.append(chooser);
        }"""
    )
    page.locator("#from-the-disk").set_input_files(path)
    page.locator(".drop").evaluate(DROP)


def test_a_dropped_file_is_hashed_in_the_browser_and_not_sent(
    reader: Sits, published: Path
) -> None:
    page = reader().go("/verify/?lang=en")
    sent = bodies_of(page)

    drop(page, published)

    expect(page.locator(".notice")).to_contain_text("Kept here")
    expect(page.locator(".notice")).to_contain_text(published.name)
    sha256 = hashlib.sha256(published.read_bytes()).hexdigest()
    expect(page.get_by_label("The hash")).to_have_value(sha256)
    assert sent, "nothing was asked"
    assert max(sent) < min(2000, published.stat().st_size), "the file itself was sent"
    page.locator(".notice").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(re.escape(REPORT)))


def test_a_chosen_file_is_verified_without_scripts_too(reader: Sits, published: Path) -> None:
    page = reader(java_script_enabled=False).go("/verify/?lang=en")

    page.get_by_label("Or the file").set_input_files(published)
    page.get_by_role("button", name="Verify").click()

    expect(page.locator(".notice")).to_contain_text("Kept here")
    expect(page.locator(".notice")).to_contain_text(published.name)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_unknown_file_is_not_known_here(reader: Sits, unknown: Path, scripts: bool) -> None:
    page = reader(java_script_enabled=scripts).go("/verify/?lang=en")

    page.get_by_label("Or the file").set_input_files(unknown)
    if not scripts:
        page.get_by_role("button", name="Verify").click()

    expect(page.locator(".notice")).to_contain_text("Not known here")


def test_a_file_that_only_its_state_may_read_is_as_unknown_as_any(reader: Sits) -> None:
    state = reader("focal-point.xac@demo.example")
    page = state.go(f"/what-we-owe/XAC/annual/{LAST}/1/receipt/?lang=en")
    found = re.search(r"\b[0-9a-f]{64}\b", page.locator(".facts").last.inner_text())
    assert found is not None, "the receipt prints no hash"

    answers = []
    for one, words in ((state, "Kept here"), (reader(), "Not known here")):
        page = one.go("/verify/?lang=en")
        page.get_by_label("The hash").fill(found.group())
        page.get_by_role("button", name="Verify").click()
        expect(page.locator(".notice").first).to_contain_text(words)
        answers.append(page.locator(".notice").first.inner_text())

    nothing = reader().go(f"/verify/?lang=en&sha256={'0' * 64}").locator(".notice").first
    assert answers[1] == nothing.inner_text()


def test_a_file_is_measured_as_soon_as_it_is_chosen(reader: Sits, tmp_path: Path) -> None:
    page = reader("focal-point.xac@demo.example").go("/what-we-owe/?lang=en")
    _begin_a_draft(page)
    small, large = tmp_path / "report.pdf", tmp_path / "with photographs.pdf"
    small.write_bytes(pdf("Small") + b"\0" * 2_000_000)
    large.write_bytes(b"")
    with large.open("r+b") as file:
        file.truncate(51 * 1024 * 1024)
    chooser = page.get_by_label("The report", exact=True)

    chooser.set_input_files(small)
    expect(page.locator(".picked")).to_have_text(re.compile(r"report\.pdf, 1\.9.MB"))
    chooser.set_input_files(large)

    expect(page.locator(".picked")).to_have_text(
        re.compile(r"with photographs\.pdf is 51.MB; the limit is 50.MB\.")
    )
    expect(page.locator(".picked")).to_have_class(re.compile(r"\blate\b"))
    assert chooser.evaluate("(one) => one.validationMessage").startswith("with photographs.pdf")


def _begin_a_draft(page: Page) -> None:
    """Begins a late report of the person's own State."""
    begin(page, LAST - 8)
    expect(page.get_by_role("button", name="Save and check")).to_be_visible()
