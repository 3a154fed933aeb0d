"""The files of the fictional States: a law and photographs, invented and marked so."""

import datetime as dt
import io

from django.utils.html import escape

from records import uploads
from records.models import Upload
from reporting.models import Attachment, Report
from states.models import State, User

LAW = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="static:paper.css"></head>
<body><main><h1>{title}</h1>
<p>This act was invented for a demonstration. The State does not exist.</p>
<p class="numbered"><span class="number-of">1.</span> No person shall use, develop, produce,
acquire, stockpile, retain or transfer cluster munitions, or assist anyone to do so.</p>
<p class="numbered"><span class="number-of">2.</span> Whoever acts against section 1 is liable to
imprisonment for up to ten years.</p></main></body></html>"""
# The shape that each drawing shows, in hundredths of the picture.
SHAPES = {
    "AV-12.jpg": ((12, 42, 74, 62), (74, 36, 90, 68)),
    "AV-12-s.jpg": ((40, 30, 60, 74), (46, 18, 54, 30)),
}


def law(state: State, by: User) -> Upload:
    """A PDF of one page."""
    from records import pdf  # noqa: PLC0415 -- slow to import, needed once

    title = "Act on Cluster Munitions (fictional)"
    made = pdf.make(
        LAW.format(title=escape(title)),
        identifier=f"demo-{state.iso3}-act",
        title=title,
        language="en",
        issued_at=dt.datetime(2011, 3, 1, tzinfo=dt.UTC),
    )
    name = "act-on-cluster-munitions.pdf"
    return uploads.receive(io.BytesIO(made.content), state, by, name=name)


def photograph(name: str, state: State, by: User) -> Upload:
    """A drawing in colour in the place of a photograph, which says what it is."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 -- needed once

    picture = Image.new("RGB", (900, 600), (214, 222, 214))
    pen = ImageDraw.Draw(picture)
    for left, top, right, bottom in SHAPES[name]:
        box = (left * 9, top * 6, right * 9, bottom * 6)
        pen.rounded_rectangle(box, 24, fill=(88, 104, 72), outline=(30, 36, 28), width=4)
    font = ImageFont.load_default(30)
    pen.text((24, 540), f"{name.partition('.')[0]}, a drawing: fictional", (30, 36, 28), font)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    out.seek(0)
    return uploads.receive(out, state, by, name=name)


def attach(report: Report, by: User) -> None:
    """The law to the first measure, a photograph to each type: in the draft's own answers."""
    rows = {one.form: one for one in report.forms.all()}
    files = [
        ("measures", rows["measures"].said["measures"][0], "text", law(report.state, by)),
        *(
            ("technical-characteristics", row, "photograph", photograph(name, report.state, by))
            for row, name in zip(
                rows["technical-characteristics"].said["types"], SHAPES, strict=True
            )
        ),
    ]
    for form, row, key, upload in files:
        row[key] = upload.pk
        Attachment.objects.create(report=report, form=form, upload=upload)
        rows[form].save(update_fields=["said"])
