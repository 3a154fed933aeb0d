"""The paper of a report says everything in words, and prints its photographs or names them."""

import io

import page
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from records import pictures, uploads
from reporting import completing, filing, receipt
from reporting.coverpage import FORMS
from reporting.models import Attachment, FormAnswers
from reporting.printing import MOST_PHOTOGRAPHS
from tests.reporting.papers import pdf

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def draft(laos, focal_point):
    return filing.begin(laos, "annual", 2025, by=focal_point)


def picture(size=(600, 400), kind="JPEG", mode="RGB", **facts) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert(mode).save(out, kind, **facts)
    return out.getvalue()


def attached(report, content: bytes, name: str, by, form="technical-characteristics"):
    upload = uploads.receive(io.BytesIO(content), report.state, by, name=name)
    Attachment.objects.create(report=report, form=form, upload=upload)
    return upload


def answered(report, form="technical-characteristics", **said):
    FormAnswers.objects.update_or_create(report=report, form=form, defaults={"said": said})


def types(*uploads):
    return [
        {"id": f"type{n:04d}", "type": f"AV-{n}", "part": "munition", "photograph": one.pk}
        for n, one in enumerate(uploads)
    ]


class Paper:
    """A PDF as a reader meets it."""

    def __init__(self, content: bytes) -> None:
        document = pypdfium2.PdfDocument(content)
        self.pages = [one.get_textpage().get_text_bounded() for one in document]
        self.shapes = [one.get_size() for one in document]
        self.pictures = [
            found.get_px_size()
            for one in document
            for found in one.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
        ]
        self.words = " ".join(" ".join(self.pages).split())
        document.close()


def paper_of(upload) -> Paper:
    with default_storage.open(upload.path) as file:
        return Paper(file.read())


def complaints(content: bytes) -> list[str]:
    return [
        f"{profile.name}: {failure.rule_id} {failure.message}"
        for profile in (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
        for failure in page.validate_pdf_bytes(content, profile=profile).failures
    ]


def test_photographs_are_printed_with_what_they_show_and_listed_as_annexes(draft, focal_point):
    first = attached(draft, picture((3000, 2000)), "av-0.jpg", focal_point)
    second = attached(draft, picture(kind="PNG", mode="LA"), "av-1.png", focal_point)
    answered(draft, types=types(first, second))

    row = receipt.hand_in(draft, by=focal_point)
    paper = paper_of(row.original)

    assert paper.pictures == [(960, 640), (600, 400)]
    assert "Photograph 1: AV-0, munition · av-0.jpg · Form C: Technical" in paper.words
    assert "Photograph 2: av-1.png" in paper.words
    for upload in (first, second):
        assert upload.sha256[:16] in paper.words
    assert "These files go with the report" in paper.words


def test_a_paper_with_photographs_and_arabic_answers_is_archivable_and_accessible(
    draft, focal_point
):
    upload = attached(draft, picture(mode="CMYK"), "صورة.jpg", focal_point)
    answered(draft, types=[{**types(upload)[0], "remark": "ذخيرة عنقودية من نوع AV-0"}])
    row = receipt.hand_in(draft, by=focal_point)

    with default_storage.open(row.original.path) as file:
        assert complaints(file.read()) == []


def test_the_alternative_text_of_a_photograph_says_what_it_shows(draft, focal_point):
    upload = attached(draft, picture(), "av-0.jpg", focal_point)
    answered(draft, types=types(upload))
    sheet = completing.sheet(draft, completing.schema_of(draft), draft.covers_to)

    assert 'alt="Photograph of AV-0, munition, as the State attached it"' in sheet.body


def test_a_picture_that_cannot_be_read_is_named_and_stops_nothing(draft, focal_point, monkeypatch):
    whole = attached(draft, picture(), "whole.jpg", focal_point)
    large = attached(draft, picture((700, 500), "PNG"), "large.png", focal_point)
    answered(draft, types=types(whole, large))
    path = default_storage.path(whole.path)
    with open(path, "r+b") as file:
        file.truncate(900)
    monkeypatch.setattr(pictures, "MOST_POINTS_AT_ONCE", 100_000)

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert paper.pictures == []
    assert "It could not be read as a picture; the file goes with the report." in paper.words
    assert "It is too large to be printed here; the file goes with the report." in paper.words
    assert "whole.jpg" in paper.words


def test_a_file_that_is_gone_or_bad_is_named_and_stops_nothing(draft, focal_point):
    gone = attached(draft, picture(), "gone.jpg", focal_point)
    bad = attached(draft, picture((50, 50)), "bad.jpg", focal_point)
    type(bad).objects.filter(pk=bad.pk).update(verdict="infected", scanned_at=draft.touched_at)
    answered(draft, types=types(gone, bad))
    default_storage.delete(gone.path)

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert paper.pictures == []
    assert "the antivirus found something in the file" in paper.words


def test_of_very_many_photographs_the_first_are_printed_and_all_are_listed(draft, focal_point):
    many = [
        attached(draft, picture((8 + n, 8)), f"p{n}.jpg", focal_point)
        for n in range(MOST_PHOTOGRAPHS + 2)
    ]
    answered(draft, types=types(*many))

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert len(paper.pictures) == MOST_PHOTOGRAPHS
    assert "2 more photographs are attached and not printed here." in paper.words
    assert all(one.sha256[:16] in paper.words for one in many)


def test_the_same_photograph_twice_is_printed_once(draft, focal_point):
    upload = attached(draft, picture(), "av.jpg", focal_point)
    answered(draft, types=types(upload, upload))

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert len(paper.pictures) == 1
    assert paper.words.count("Photograph 1: av.jpg") == 2


def test_what_is_voluntary_is_said_in_words_and_nothing_is_blank(draft, focal_point):
    answered(
        draft,
        "measures",
        measures=[
            {"id": "aaaa", "kind": "law", "title": "Act", "citation": "Gazette 1"},
            {"id": "bbbb", "kind": "directive", "title": "Order"},
        ],
    )
    answered(draft, "clearance", programme="Two teams.")
    answered(draft, "stockpiles", marking="Painted red.")

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert "Where it is published (voluntary)" in paper.words
    assert "Separation and marking (voluntary)" in paper.words
    assert "directive Order –" in paper.words
    assert "Areas known to be contaminated nil (nothing reported)" in paper.words
    assert "A dash stands where nothing was said." in paper.words


def test_it_says_when_it_was_received_and_under_which_reference(draft, focal_point):
    answered(draft, types=[{"id": "aaaa", "type": "AV"}])
    before = completing.preview(draft)
    row = receipt.hand_in(draft, by=focal_point)

    paper = paper_of(row.original)

    strip = "Received by the Implementation Support Unit on 20 November 2026, 13:00 (Geneva)"
    assert f"{strip} – reference {row.reference}" in paper.words
    assert f"Page 1 of {len(paper.pages)}" in paper.words
    assert "SHA-256 of the text" in paper.words
    assert "Draft" not in paper.words
    drafted = Paper(before.content)
    assert "Received by" not in drafted.words
    assert "Draft" in drafted.words


def test_a_long_table_repeats_its_heads_and_no_title_stands_alone(draft, focal_point):
    areas = [
        {"id": f"r{n:05d}", "area": f"Area {n}", "location": "48 QWD", "size": n,
         "remnants": "BLU-26, BLU-63 and BLU-77, of which most lie below the surface of the soil",
         "estimated": 1, "used": "1970", "certainty": "confirmed"}
        for n in range(90)
    ]  # fmt: skip
    answered(draft, "clearance", areas=areas, programme="Two teams.")

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    with_rows = [words for words in paper.pages if "Area 3" in words or "Area 8" in words]
    assert len(with_rows) > 1
    assert all("Name of the area" in " ".join(words.split()) for words in with_rows)
    for words in paper.pages:
        assert not words.rstrip().splitlines()[-3].startswith("Form F")
    titled = next(
        place for place, words in enumerate(paper.pages) if "Form F: Contaminated" in words
        and "Areas known" in words
    )  # fmt: skip
    width, height = paper.shapes[titled]
    assert width > height


def test_a_table_of_eight_short_columns_does_not_turn_the_sheet(draft, focal_point):
    types = [
        {"id": "aaaa", "type": "BL-755", "part": "munition", "standing": "owned", "fusing": "Time",
         "dimensions": "450 mm", "explosive": "Hexogen", "metal": "Steel", "other": "Grey"}
    ]  # fmt: skip
    answered(draft, "technical-characteristics", types=types)

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)

    assert all(width < height for width, height in paper.shapes)


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("en", ("Form C: Technical", "Form D: Cluster munitions retained")),
        ("fr", ("Formulaire D : ", "Formulaire C : ")),
        ("es", ("Formulario C: ", "Formulario D: ")),
    ],
)
def test_each_language_has_its_letters(draft, focal_point, language, letters):
    draft.language = language
    draft.save()
    answered(draft, types=[{"id": "aaaa", "type": "BL-755"}])
    answered(draft, "retained-transferred", retained=[{"id": "bbbb", "type": "AV-30"}])

    paper = paper_of(receipt.hand_in(draft, by=focal_point).original)
    words = paper.words.replace("\u00a0", " ").replace("\u202f", " ")

    for letter, munition in zip(letters, ("BL-755", "AV-30"), strict=True):
        assert munition in words[words.index(letter) :].split("Form", 2)[1]


def test_arabic_answers_are_shaped_and_run_from_the_right_in_an_english_frame(draft, focal_point):
    draft.language = "ar"
    draft.save()
    answered(
        draft,
        "clearance",
        areas=[{"id": "aaaa", "area": "منطقة الشمال", "size": 800}],
        programme="يعمل فريقان في الشمال",
    )

    row = receipt.hand_in(draft, by=focal_point)
    with default_storage.open(row.original.path) as file:
        content = file.read()
    document = pypdfium2.PdfDocument(content)
    places = []
    for one in document:
        text = one.get_textpage()
        found = text.search("يعمل").get_next()
        if found:
            left, _bottom, right, _top = text.get_charbox(found[0])
            places.append((left, right, one.get_width()))
        text.close()
    document.close()
    paper = Paper(content)

    assert "Form F: Contaminated areas and clearance" in paper.words
    assert "The State's answers stand as it wrote them" in paper.words
    assert "Arabic." in paper.words
    assert "منطقة الشمال" in paper.words
    (left, _right, width), *_rest = places
    assert left > width / 2, "the first word of a line stands on the right"


def test_the_smallest_pictures_stay_as_they_are_and_cameras_add_nothing():
    given = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned
    exif[0x010F] = "A camera"
    out = io.BytesIO()
    given.save(out, "JPEG", exif=exif)

    made = pictures.for_paper(out, 960)

    with Image.open(io.BytesIO(made)) as small:
        assert small.size == (20, 40)
        assert not small.getexif()
    assert made == pictures.for_paper(out, 960)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", picture()[:500]])
def test_what_is_no_whole_picture_is_said_to_be_broken(content):
    with pytest.raises(pictures.Broken):
        pictures.for_paper(io.BytesIO(content), 960)


LONG_SENTENCE = "The State has never produced, owned, possessed, retained or transferred any. " * 6


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_receipt_is_one_page_whatever_stands_on_the_cover_page(
    laos, focal_point, settings, language
):
    laos.name_en = laos.name_fr = laos.name_es = "The United Republic of " + "Somewhere " * 9
    laos.time_zone = "Asia/Vientiane"
    laos.save()
    focal_point.name = "Head of the section for disarmament and multilateral affairs " * 2
    focal_point.language = language
    focal_point.save()
    draft = filing.begin(laos, "annual", 2025, by=focal_point)
    draft.original = uploads.receive(
        io.BytesIO(pdf("long")), laos, focal_point, name="article-7-" + "report-" * 26 + ".pdf"
    )
    draft.marks = {
        form.key: {"mark": "not-applicable", "sentence": LONG_SENTENCE} for form in FORMS
    }
    draft.language = language
    draft.save()

    row = receipt.hand_in(draft, by=focal_point)
    revision = receipt.issue_paper(row).revisions.get()

    with default_storage.open(revision.pdf) as file:
        paper = Paper(file.read())
    assert len(paper.pages) == 1
    assert row.original.sha256 in paper.words.replace(" ", "")
