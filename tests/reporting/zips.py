"""Archives of past reports as somebody sends them."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from tests.reporting import papers

HEADS = ("state", "year", "file", "kind", "language", "received_by_unoda", "published_on")


def table(lines: Sequence[Mapping[str, str]], heads: Sequence[str] = (), **how: Any) -> str:
    """An index of these lines; without heads every column that a line has."""
    names = list(heads or dict.fromkeys(name for line in lines for name in line))
    out = io.StringIO()
    writer = csv.writer(out, **how)
    writer.writerow(names)
    for line in lines:
        writer.writerow([line.get(name, "") for name in names])
    return out.getvalue()


def packed(files: Mapping[str, bytes | str]) -> io.BytesIO:
    """A .zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    out.name = "past.zip"  # type: ignore[attr-defined]
    return out


def line(state: str, year: int | str, **facts: str) -> dict[str, str]:
    """A line that says all that an index can say, the file named by State and year."""
    return {
        "state": state,
        "year": str(year),
        "file": f"{state}-{year}.pdf",
        "kind": "annual",
        "language": "en",
        **facts,
    }


def archive(*lines: Mapping[str, str], without: Sequence[str] = (), **files: bytes) -> io.BytesIO:
    """A .zip with an index of these lines and a small PDF for each file that they name."""
    held: dict[str, bytes | str] = {
        one["file"]: papers.pdf(one["file"])
        for one in lines
        if one.get("file") and one["file"] not in without
    }
    return packed({"index.csv": table(lines), **held, **files})
