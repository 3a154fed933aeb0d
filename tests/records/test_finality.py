"""What is final stays as it is, whoever asks and however: the database itself refuses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import InternalError, ProgrammingError, models, transaction
from django.utils import timezone
from django.utils.safestring import mark_safe

from records import documents
from records.models import Event, Letter, NoteVerbale, Revision, Upload
from records.models.events import record
from reporting.models import Remark, Report
from states import passes
from states.models import PassUse, State, User
from tests import factories

REFUSED = (ProgrammingError, InternalError)


def an_upload(state: State, by: User) -> Upload:
    return Upload.objects.create(
        path="files/aa",
        sha256="a" * 64,
        size=3,
        media_type="application/pdf",
        name="a.pdf",
        state=state,
        received_by=by,
    )


def an_event(state: State, by: User) -> Event:
    return record("test", state, by=by, state=state)


def a_sent_letter(state: State, by: User) -> Letter:
    return Letter.objects.create(
        key="sent",
        kind="test",
        to="a@example.org",
        subject="A",
        body="B",
        state=state,
        status="sent",
        sent_at=timezone.now(),
    )


def an_issued_revision(state: State, by: User) -> Revision:
    row = documents.draft(
        series="ISU",
        year=2026,
        kind="note",
        family="secretariat",
        title="A",
        body=mark_safe("<p>B</p>"),
        by=by,
    )
    Revision.objects.filter(pk=row.pk).update(
        status="issued", issued_at=timezone.now(), issued_by=by
    )
    return Revision.objects.get(pk=row.pk)


def a_withdrawn_revision(state: State, by: User) -> Revision:
    row = an_issued_revision(state, by)
    Revision.objects.filter(pk=row.pk).update(status="withdrawn")
    return Revision.objects.get(pk=row.pk)


def a_note(state: State, by: User) -> NoteVerbale:
    return NoteVerbale.objects.create(
        reference="NV-2026-01",
        direction="received",
        state=state,
        subject="Appointment",
        received_on=dt.date(2026, 11, 2),
        registered_by=by,
    )


def a_use_of_a_pass(state: State, by: User) -> PassUse:
    _row, secret = passes.make("contacts", "contact/1", "a@example.org", by=by)
    passes.use(secret, "contacts", act="confirmed")
    return PassUse.objects.get()


def a_handed_in_report(state: State, by: User) -> Report:
    return factories.ReportFactory(
        state=state,
        status="handed-in",
        original=an_upload(state, by),
        reference="A7-2025-LAO-01",
        handed_in_at=timezone.now(),
        handed_in_by=by,
        received_by_isu=dt.date(2026, 4, 3),
    )


def a_published_report(state: State, by: User) -> Report:
    report = a_handed_in_report(state, by)
    Report.objects.update(status="published", published_on=dt.date(2026, 5, 4))
    report.refresh_from_db()
    return report


def a_remark(state: State, by: User) -> Remark:
    return Remark.objects.create(
        report=a_handed_in_report(state, by), side="secretariat", text="Form F?", made_by=by
    )


def a_line_of_history(state: State, by: User) -> models.Model:
    return state.history.first()


# The row, and a field of it with another value.
FINAL: list[tuple[Callable[[State, User], Any], str, Any]] = [
    (an_event, "note", "Otherwise"),
    (an_event, "actor_name", "Somebody else"),
    (a_sent_letter, "body", "Otherwise"),
    (a_sent_letter, "status", "held"),
    (an_issued_revision, "html", "<p>Otherwise</p>"),
    (an_issued_revision, "status", "draft"),
    (a_withdrawn_revision, "status", "issued"),
    (a_note, "subject", "Otherwise"),
    (an_upload, "sha256", "b" * 64),
    (an_upload, "path", "files/bb"),
    (a_use_of_a_pass, "act", "Otherwise"),
    (a_handed_in_report, "marks", {"A": {"mark": "unchanged"}}),
    (a_handed_in_report, "status", "draft"),
    (a_handed_in_report, "note", "Otherwise"),
    (a_published_report, "published_on", dt.date(2026, 4, 29)),
    (a_remark, "text", "Otherwise"),
    (a_line_of_history, "name_en", "Otherwise"),
]
NAMES = [f"{make.__name__}-{field}" for make, field, _value in FINAL]


def save(row: Any, field: str, value: Any) -> None:
    setattr(row, field, value)
    row.save()


def update(row: Any, field: str, value: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{field: value})


def bulk_update(row: Any, field: str, value: Any) -> None:
    setattr(row, field, value)
    type(row)._default_manager.bulk_update([row], [field])


def update_or_create(row: Any, field: str, value: Any) -> None:
    type(row)._default_manager.update_or_create(pk=row.pk, defaults={field: value})


@pytest.mark.parametrize("how", [save, update, bulk_update, update_or_create])
@pytest.mark.parametrize(("make", "field", "value"), FINAL, ids=NAMES)
def test_a_final_row_cannot_be_changed(
    how: Callable[[Any, str, Any], None],
    make: Callable[[State, User], Any],
    field: str,
    value: Any,
    laos: State,
    officer: User,
) -> None:
    row = make(laos, officer)
    before = getattr(row, field)

    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        how(row, field, value)

    row.refresh_from_db()
    assert getattr(row, field) == before


MAKERS = list(dict.fromkeys(make for make, _field, _value in FINAL))


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_final_row_cannot_be_deleted(
    make: Callable[[State, User], Any], laos: State, officer: User
) -> None:
    row = make(laos, officer)
    rows = type(row)._default_manager.filter(pk=row.pk)

    with pytest.raises(REFUSED, match="Cannot"), transaction.atomic():
        row.delete()
    with pytest.raises(REFUSED, match="Cannot"), transaction.atomic():
        rows.delete()

    assert rows.exists()


@pytest.mark.parametrize("status", ["held", "queued", "overtaken", "failed", "doubtful"])
def test_no_letter_is_deleted_and_no_key_changes(status: str, db: None) -> None:
    row = Letter.objects.create(
        key="one", kind="test", to="a@example.org", subject="A", body="B", status=status
    )

    with pytest.raises(REFUSED, match="Cannot delete"), transaction.atomic():
        row.delete()
    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        Letter.objects.filter(pk=row.pk).update(key="two")

    assert Letter.objects.get().key == "one"


def test_recorded_days_and_publication_are_still_possible_after_hand_in(
    laos: State, officer: User
) -> None:
    report = a_handed_in_report(laos, officer)

    report.received_by_unoda = dt.date(2026, 4, 20)
    report.status, report.published_on = "published", dt.date(2026, 5, 4)
    report.save()

    report.refresh_from_db()
    assert report.status == "published"
    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(status="handed-in")


@pytest.mark.parametrize("field", ["html", "title", "sha256", "pdf"])
def test_a_text_is_withdrawn_as_it_was_issued(field: str, laos: State, officer: User) -> None:
    row = an_issued_revision(laos, officer)
    rows = Revision.objects.filter(pk=row.pk)

    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        rows.update(**{"status": "withdrawn", field: "otherwise"})

    assert rows.get().status == "issued"


def test_a_reference_and_whose_file_it_is_stay_for_good(laos: State, peru: State, officer: User):
    document = an_issued_revision(laos, officer).document
    upload = an_upload(laos, officer)

    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        documents.Document.objects.filter(pk=document.pk).update(reference="ISU-2026-99")
    with pytest.raises(REFUSED, match="Cannot update"), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(state=peru)


def test_every_table_of_history_only_grows(db: None) -> None:
    tables = [
        model
        for model in apps.get_models()
        if model.__name__.endswith("History") and hasattr(model, "pgh_context")
    ]

    assert len(tables) > 10
    for table in tables:
        kinds = {str(trigger.operation) for trigger in table._meta.triggers}
        assert any("UPDATE" in kind and "DELETE" in kind for kind in kinds), table


@pytest.mark.parametrize("how", ["update", "delete"])
def test_history_of_a_state_cannot_be_rewritten(how: str, laos: State) -> None:
    history = laos.history.all()
    count = history.count()

    with pytest.raises(REFUSED, match="Cannot"), transaction.atomic():
        history.update(name_en="Otherwise") if how == "update" else history.delete()

    assert count > 0
    assert laos.history.count() == count
