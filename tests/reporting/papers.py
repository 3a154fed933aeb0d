"""Real files for tests of what States hand in."""

import functools
import io

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from records import uploads
from records.models import Upload
from states.models import State, User


@functools.cache  # the same words are the same bytes: a paper made anew bears another moment
def pdf(words: str = "report") -> bytes:
    """A whole PDF of one empty page; other words, other bytes."""
    document = pikepdf.new()
    document.add_blank_page()
    document.docinfo["/Title"] = words
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def chosen(name: str = "article-7.pdf", words: str = "report") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, pdf(words), "application/pdf")


def received(state: State, by: User | None = None, words: str = "report") -> Upload:
    """A file that was taken."""
    return uploads.receive(io.BytesIO(pdf(words)), state, by, name="article-7.pdf")


def picture(name: str = "photograph.png") -> SimpleUploadedFile:
    """A small picture as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
