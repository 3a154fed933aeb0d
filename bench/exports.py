"""What it costs to send everything that reports say: memory, and how soon the first bytes come.

Rows go into the database of the bench: 15 years of 112 States, each with a report of some hundred
and fifty answers. The export of one year and of all are read in a process of their own, whose
largest size the system tells: `python -m bench.exports year=2025` prints what one of them took.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import django

YEARS, STATES = range(2011, 2026), 112
AREAS = 12
# All years may take at most this much more memory than one.
TARGET = 1.25

UPLOADS = """
INSERT INTO records_upload (path, sha256, size, media_type, name, state_id, received_at, verdict,
    finding)
SELECT 'export/' || s.iso3 || y, md5(s.iso3 || y) || md5(y || s.iso3), y, 'application/pdf',
    s.iso3 || '-' || y || '.pdf', s.iso3, now(), 'not-scanned', ''
FROM (SELECT DISTINCT state_id AS iso3 FROM states_obligation ORDER BY 1 LIMIT %(states)s) s,
    generate_series(%(first)s, %(last)s) y;
"""
REPORTS = """
INSERT INTO reporting_report (state_id, kind, year, covers_from, covers_to, number, language,
    schema, marks, original_id, channel, note, status, reference, drafted_at, drafted_by_id,
    touched_at, handed_in_at, handed_in_by_id, received_by_isu, sent_by_state_said, as_published,
    published_on, demo)
SELECT u.state_id, 'annual', u.size, make_date(u.size::int, 1, 1), make_date(u.size::int, 12, 31),
    50, 'en', 'art7-2010', '{{}}', u.id, 'portal', '', 'published', 'EXPORT-' || u.id, now(), p.id,
    now(), now(), p.id, make_date(u.size::int + 1, 4, 20), false, '{{}}',
    make_date(u.size::int + 1, 5, 2), false
FROM records_upload u, (SELECT min(id) AS id FROM states_user) p
WHERE starts_with(u.path, 'export/');
"""
ANSWERS = """
INSERT INTO reporting_formanswers (report_id, form, said, unread, touched_at)
SELECT r.id, form, said, '{{}}', now()
FROM reporting_report r, (VALUES ('clearance', %(clearance)s::jsonb),
    ('stockpiles', %(stockpiles)s::jsonb), ('victim-assistance', %(victims)s::jsonb)) f (form, said)
WHERE starts_with(r.reference, 'EXPORT-');
"""


@dataclass(frozen=True)
class Taken:
    """What one export took."""

    rows: int
    megabytes: float
    first: float
    all: float


def make() -> int:
    """Makes the reports, with triggers switched off; returns how many. Spoils the database."""
    from django.db import connection

    from states.history import act
    from states.models import User

    if User.objects.order_by("pk").first() is None:
        with act(by=None, reason="somebody handed in the reports of the bench"):
            User.objects.create(email="bench@example.org", name="Bench", password="!")
    values = {
        "states": STATES,
        "first": YEARS[0],
        "last": YEARS[-1],
        "clearance": json.dumps(_clearance()),
        "stockpiles": json.dumps(_stockpiles()),
        "victims": json.dumps({"victims": {"women": 12, "men": 41, "girls": 3, "boys": 9}}),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (UPLOADS, REPORTS, ANSWERS):
            cursor.execute(statement.replace("{{}}", "{}"), values)
        cursor.execute("RESET session_replication_role")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM reporting_report WHERE starts_with(reference, 'EX')")
        return int(cursor.fetchone()[0])


def _clearance() -> dict[str, object]:
    """A dozen areas with what real reports say of each."""
    areas = [
        {
            "id": f"area{n:04d}",
            "area": f"Hazardous area {n}, northern province",
            "location": f"Sheet 5648-{n}, grid UG 3120 {n:04d}",
            "position": {"latitude": 19.0 + n / 100, "longitude": 102.0 + n / 100},
            "size": 12_500 + 37 * n,
            "remnants": "BLU-26, BLU-63",
            "used": "1964–1973",
            "certainty": "confirmed",
        }
        for n in range(AREAS)
    ]
    words = "Teams work from October to May; schools, roads and rice fields come first. "
    return {"areas": areas, "programme": words * 12}


def _stockpiles() -> dict[str, object]:
    """A dozen types, each with its lots and numbers."""
    rows = [
        {
            "id": f"type{n:04d}",
            "type": f"CB-{n}",
            "quantity": 100 * n,
            "lots": ", ".join(f"L{n}{lot:03d}" for lot in range(12)),
            "submunition": f"SB-{n}",
            "submunitions": 14_700 * n,
        }
        for n in range(12)
    ]
    return {"stock": rows, "destroyed": rows}


def run() -> tuple[Taken, Taken]:
    """What the export of one year took, and what that of all years took."""
    one, every = (
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "bench.exports", asked],
                check=True,
                capture_output=True,
                text=True,
            ).stdout.splitlines()[-1]
        )
        for asked in (f"year={YEARS[-1]}", "")
    )
    return Taken(**one), Taken(**every)


def _measured(query: str) -> dict[str, float]:
    """Reads one export as a server would, keeping nothing of it."""
    from django.conf import settings
    from django.test import Client

    client: Any = Client(HTTP_HOST=urlsplit(settings.SITE_URL).netloc)
    begun = time.monotonic()
    pieces = iter(client.get(f"/reports/answers.csv?{query}", secure=True).streaming_content)
    next(pieces)
    first = time.monotonic() - begun
    rows = sum(piece.count(b"\r\n") for piece in pieces)
    return {
        "rows": rows,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "first": first,
        "all": time.monotonic() - begun,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    django.setup()
    if sys.argv[1:] == ["make"]:
        print(f"{make():,} reports")
    else:
        print(json.dumps(_measured(*sys.argv[1:])))
