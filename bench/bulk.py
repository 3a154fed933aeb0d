"""Rows in number for a throwaway database: `python -m bench.bulk 1` makes some, `20` twenty times.

What grows is what a portal gathers: deadlines of years gone by, versions of reports, letters,
documents. What a page shows of it stays the same.
"""

from __future__ import annotations

import os
import sys

import django

LETTERS = 2000

REPORTS = """
INSERT INTO records_upload (path, sha256, size, media_type, name, state_id, received_at, verdict,
    finding)
SELECT 'bench/' || s.iso3 || y, md5(s.iso3 || y) || md5(y || s.iso3), 200000 + y,
    'application/pdf', s.iso3 || '-' || y || '.pdf', s.iso3, now(), 'not-scanned', ''
FROM (SELECT DISTINCT state_id AS iso3 FROM states_obligation) s, generate_series(2018, 2025) y;
INSERT INTO reporting_report (state_id, kind, year, covers_from, covers_to, number, language,
    schema, marks, original_id, channel, note, status, reference, drafted_at, drafted_by_id,
    touched_at,
    handed_in_at, handed_in_by_id, received_by_isu, sent_by_state_said, as_published,
    published_on, demo)
SELECT u.state_id, 'annual', u.size - 200000, make_date((u.size - 200000)::int, 1, 1),
    make_date((u.size - 200000)::int, 12, 31), 1, 'en', 'art7-2010', '{}', u.id, 'portal', '',
    'published', 'BENCH-' || u.id, now(), p.id, now(), now(), p.id,
    make_date((u.size - 199999)::int, 4, 20), false, '{}',
    make_date((u.size - 199999)::int, 5, 2), false
FROM records_upload u, (SELECT min(id) AS id FROM states_user) p
WHERE starts_with(u.path, 'bench/');
"""

DOCUMENTS = """
INSERT INTO records_document (reference, kind, family, state_id, language, audience)
SELECT 'BENCH-{times}-' || n, 'receipt', 'secretariat', NULL, 'en', 'public'
FROM generate_series(1, {count}) n;
INSERT INTO records_revision (document_id, language, standing, number, status, title, body, html,
    pdf, sha256, text_sha256, issued_at, issued_by_portal)
SELECT d.id, 'en', 'original', 1, 'issued', 'Bench ' || d.id, repeat('Text. ', 100), '', '',
    md5(d.reference) || md5(d.reference), md5(d.reference) || md5(d.reference),
    timestamptz '2020-01-01' + d.id * interval '1 minute', true
FROM records_document d WHERE starts_with(d.reference, 'BENCH-{times}-');
"""

LETTER = """
INSERT INTO records_letter (key, kind, due_key, state_id, "to", cc, reply_to, language, subject,
    body, why, enclosures, opens, resend, status, planned_at, attempts, last_error, sent_at,
    settled_note, of_state_itself)
SELECT 'bench-{times}-' || n, 'art7-annual', '', NULL, 'bench@example.org', '', '', 'en', 'Bench',
    repeat('Text. ', 200), '', '[]', '{{}}', false, 'sent', now(), 1, '', now(), '', false
FROM generate_series(1, {count}) n;
"""

VERSIONS = """
INSERT INTO reporting_report (state_id, kind, year, covers_from, covers_to, number, language,
    schema, marks, original_id, channel, note, status, reference, drafted_at, drafted_by_id,
    touched_at,
    handed_in_at, handed_in_by_id, received_by_isu, sent_by_state_said, as_published,
    published_on, demo)
SELECT state_id, kind, year, covers_from, covers_to, n, language, schema, marks, original_id,
    channel, note, status, reference || '-' || n, drafted_at, drafted_by_id, touched_at,
    handed_in_at,
    handed_in_by_id, received_by_isu, sent_by_state_said, as_published, published_on, demo
FROM reporting_report, generate_series(2, {times}) n WHERE starts_with(reference, 'BENCH-');
"""

# As if the Convention had been in force for some hundred years more.
YEARS_BEFORE = """
INSERT INTO states_deadline (obligation_id, year, position, by_rule_on, due_on, stands_from,
    stands_assumed, recorded_at, basis, symbol, reason, confidence, source, note)
SELECT o.id, y, 0, make_date(y + 1, 4, 30), make_date(y + 1, 4, 30), o.known_on, false, now(), '',
    '', '', 'high', '', ''
FROM states_obligation o, generate_series({first}, 2006) y WHERE o.kind = 'art7-annual';
"""


def make(times: int) -> dict[str, int]:
    """Makes the rows; returns how many of each there are now. The database is spoilt for all else.

    Rows go in with triggers switched off: they have no history.
    """
    from django.db import connection

    from states.history import act
    from states.models import User

    user = User.objects.order_by("pk").first()
    if user is None:
        with act(by=None, reason="somebody handed in the reports of the bench"):
            User.objects.create(email="bench@example.org", name="Bench", password="!")
    if times == 1:
        statements = [REPORTS, DOCUMENTS, LETTER]
    else:
        statements = [VERSIONS, DOCUMENTS, LETTER, YEARS_BEFORE]
    counts = {
        "deadlines": "states_deadline",
        "reports": "reporting_report",
        "letters": "records_letter",
        "documents": "records_document",
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT count(*) FROM states_deadline")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM states_obligation WHERE kind = 'art7-annual'")
        first = 2007 - round(before * (times - 1) / cursor.fetchone()[0])
        for statement in statements:
            number = LETTERS if statement is LETTER else 900
            text = (
                statement
                if statement is REPORTS
                else statement.format(times=times, first=first, count=number * max(1, times - 1))
            )
            cursor.execute(text)
        cursor.execute("RESET session_replication_role")
        # The cache has to see that something has changed.
        cursor.execute("INSERT INTO states_generationmove DEFAULT VALUES")
        cursor.execute("ANALYZE")
        for name, table in counts.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = cursor.fetchone()[0]
    return counts


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    django.setup()
    found = make(int(sys.argv[1]))
    print(", ".join(f"{number:,} {name}" for name, number in found.items()))
