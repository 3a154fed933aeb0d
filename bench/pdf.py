"""What the PDF door costs over WeasyPrint alone, with the same variant and font configuration.

`python -m bench.pdf` prints one line per document: medians of alternating runs and their ratio.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django

TARGET = 1.1
ISSUED = datetime(2027, 4, 30, 12, tzinfo=UTC)
STYLE = Path(__file__).resolve().parents[1] / "static" / "paper.css"

SENTENCE = (
    "<p>The Convention on Cluster Munitions, adopted in Dublin on 30 May 2008, prohibits all use, "
    "stockpiling, production and transfer of cluster munitions, and asks each State Party for a "
    "report by 30 April of every year.</p>"
)
PASSAGES = (
    '<p lang="fr">La Convention est entrée en vigueur le 1er août 2010.</p>'
    '<p lang="ru">Конвенция по кассетным боеприпасам.</p>'
    '<p lang="ar" dir="rtl">اتفاقية الذخائر العنقودية.</p>'
)


@dataclass(frozen=True)
class Outcome:
    """Seconds (medians) of the door and of the library alone, for one document."""

    name: str
    door: float
    alone: float

    @property
    def ratio(self) -> float:
        """How many times the library's own time the door takes."""
        return self.door / self.alone


def documents() -> dict[str, str]:
    """Return whole pages by name: a letter, a report in parts of several languages, a table."""
    rows = "".join(
        f'<tr><th scope="row">Area {n}</th><td>District {n % 17}</td><td>{n * 1234:,}</td></tr>'
        for n in range(200)
    )
    table = (
        '<table><thead><tr><th scope="col">Area</th><th scope="col">District</th>'
        f'<th scope="col">Size, m²</th></tr></thead><tbody>{rows}</tbody></table>'
    )
    bodies = {
        "one page": SENTENCE * 6,
        "ten pages": f"<h2>Part</h2>{SENTENCE * 12}{PASSAGES}" * 8,
        "table of 200 rows": table,
    }
    return {
        name: '<!doctype html><html lang="en"><head><title>Bench</title>'
        f'<link rel="stylesheet" href="static:paper.css"></head>'
        f"<body><main><h1>Bench</h1>{body}</main></body></html>"
        for name, body in bodies.items()
    }


def measure(html: str, runs: int = 5) -> tuple[float, float]:
    """Return the median seconds of the door and of the library alone, run in turns."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    from records import pdf

    plain = html.replace("static:paper.css", STYLE.as_uri())

    # A fetcher of its own per document would cost the library 20 ms each time.
    fetcher = URLFetcher()

    def through_the_door() -> bytes:
        made = pdf.make(html, identifier="BENCH", title="Bench", language="en", issued_at=ISSUED)
        return made.content

    def alone() -> bytes:
        return HTML(string=plain, url_fetcher=fetcher).write_pdf(
            pdf_variant=pdf.VARIANT, pdf_identifier=b"BENCH", font_config=pdf.fonts()
        )

    def seconds(work: Callable[[], bytes]) -> float:
        gc.collect()
        start = time.process_time()
        work()
        return time.process_time() - start

    seconds(through_the_door), seconds(alone)
    turns = [(seconds(through_the_door), seconds(alone)) for _ in range(runs)]
    return statistics.median(a for a, _ in turns), statistics.median(b for _, b in turns)


def run(runs: int = 5) -> list[Outcome]:
    """Measure every document, print a line for each and return what was found."""
    outcomes = [Outcome(name, *measure(html, runs)) for name, html in documents().items()]
    for each in outcomes:
        print(
            f"pdf, {each.name}: {each.door:.3f} s through the door, {each.alone:.3f} s WeasyPrint"
            f" alone: {each.ratio:.2f} (target at most {TARGET})"
        )
    return outcomes


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    django.setup()
    run()
