"""Files as people have them on their disks: a report in PDF, a workbook of contacts."""

import io
import random
from collections.abc import Sequence

import openpyxl
import pikepdf


def pdf(words: str, *, weight: int = 0) -> bytes:
    """A PDF of one page that says `words`, with `weight` bytes in it that nobody can compress."""
    made = io.BytesIO()
    with pikepdf.new() as paper:
        page = paper.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = paper.make_stream(f"BT /F1 16 Tf 72 720 Td ({words}) Tj ET".encode())
        if weight:
            paper.Root.Weight = paper.make_stream(random.Random(words).randbytes(weight))
        paper.save(made)
    return made.getvalue()


def workbook(heads: Sequence[str], *lines: Sequence[str]) -> bytes:
    """An .xlsx of one sheet."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heads))
    for line in lines:
        sheet.append(list(line))
    book.save(made)
    return made.getvalue()
