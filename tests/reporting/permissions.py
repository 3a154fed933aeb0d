"""Who may do what with Lao PDR's reports: a draft is the State's own, the published are for all."""

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from reporting.models import Delegation, PointOfContact, TranscribedForm, Transcription
from states import passes
from tests import factories
from tests.matrix import Row, World, everyone, own_state, secretariat


def _of(name: str) -> "object":
    def kwargs(world: World) -> dict:
        report = getattr(world, name)
        return {
            "iso3": report.state_id,
            "kind": report.kind,
            "year": report.year,
            "number": report.number,
        }

    return kwargs


def _draft(world: World) -> dict:
    return {"iso3": "LAO", "kind": "annual", "year": world.draft.year}


def _form(world: World) -> dict:
    return _draft(world) | {"form": "clearance"}


def _answered(world: World) -> dict:
    return {"programme": "Two teams.", "seen": ""}


def _copied(world: World) -> dict:
    touched = Delegation.objects.get(form="clearance").touched_at
    return _answered(world) | {"seen": touched.isoformat()}


def _confirmed(world: World) -> dict:
    return {"kept": "no preview of ours", "form": "clearance"}


def _link(world: World) -> dict:
    return {"secret": world.link}


def _no_link(world: World) -> dict:
    return {"secret": "unknown"}


def _handed_out(world: World) -> dict:
    return {
        "mailbox": "va@matrix.example",
        "function": "ministry of health",
        "until_on": (localdate() + dt.timedelta(days=9)).isoformat(),
        "way": "letter",
        "language": "en",
    }


def _certified(world: World) -> dict:
    return {"act": "certify", "seen": "an earlier state of the draft"}


def _points(world: World) -> dict:
    seen = {"touched": world.draft.touched_at.isoformat()}
    return {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0", "public": "no"} | seen


def _new(world: World) -> dict:
    return {"state": "LAO", "kind": "annual", "year": "2022"}


def _sent(world: World) -> dict:
    return _new(world) | {"sent_on": "2026-04-01"}


def _until(world: World) -> dict:
    return {"until_on": "2099-01-01"}


def _word(world: World) -> dict:
    return {"facts": "0" * 64, "word": "Recount of March."}


def _wish(world: World) -> dict:
    return {"not_before": "2098-01-01", "why": "The parliament debates it first."}


def _answers(world: World) -> dict:
    return {
        "covers_from": "2025-01-01",
        "covers_to": "2025-12-31",
        "language": "en",
        "touched": world.draft.touched_at.isoformat(),
    }


def _transcribed(world: World, *, sent: bool) -> Transcription:
    """What the ISU typed from the file of Lao PDR's report on 2024, and perhaps sent to it."""
    row, made = Transcription.objects.get_or_create(
        report=world.handed_in, defaults={"begun_by": world.people["assistant"]}
    )
    if made:
        said = {"programme": "Two teams."}
        TranscribedForm.objects.create(transcription=row, form="clearance", said=said)
    if sent and row.status == "typing":
        row.status, row.sent_at, row.times_sent = "sent", timezone.now(), 1
        row.save()
    return row


def _typed(world: World) -> dict:
    return {"pk": _transcribed(world, sent=False).pk, "form": "clearance"}


def _asked(world: World) -> dict:
    _transcribed(world, sent=True)
    return _of("handed_in")(world)


def _not_asked(world: World) -> dict:
    _transcribed(world, sent=False)
    return _of("handed_in")(world)


def _figures(world: World) -> dict:
    row = _transcribed(world, sent=True)
    mailbox = factories.ContactFactory(state=world.laos).email
    return {"secret": passes.make("figures", f"transcription/{row.pk}", mailbox, by=None)[1]}


def _with_contacts(world: World) -> dict:
    """A report that named a point of contact, as if before it was handed in."""
    report = world.handed_in
    if not report.points_of_contact.exists():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            PointOfContact.objects.create(report=report, institution="Ministry", position=0)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return _of("handed_in")(world)


def _contacts(world: World) -> dict:
    mailbox = factories.ContactFactory(state=world.laos).email
    return {"secret": passes.make("contacts", "state/LAO", mailbox, by=None)[1]}


def _wrong(world: World) -> dict:
    return {"wrong": "1", "wrong-clearance": "Three teams.", "seen": "", "function": "Desk"}


# The desk reads what was handed in; the finance officer is not of it.
HANDED_IN = own_state(200, certifier=200, assistant=200, officer=200, director=200)
STATE_ONLY_ACT = own_state(302)
# The finance officer files nothing for a State, so types nothing from its file either.
ISU_TYPES = secretariat(200, finance_officer=404)
# What was typed without a session is given back, with a way to sign in.
STATE_ONLY_FORM = own_state(302, anonymous=403)

ROWS = [
    Row("owe", everyone(200, anonymous=302)),
    Row("report-begin", STATE_ONLY_FORM, method="post", data=_new),
    Row("report-begin", everyone(302), note="get"),
    Row("report-sent", STATE_ONLY_FORM, method="post", data=_sent),
    Row("report-draft", own_state(200), _draft),
    Row("report-draft", STATE_ONLY_FORM, _draft, method="post", data=_answers),
    Row("report-form", own_state(200), _form),
    Row("report-form", STATE_ONLY_FORM, _form, method="post", data=_answered),
    Row("report-form-open", own_state(200), _form),
    Row("report-delegate", own_state(200), _form),
    Row(
        "report-delegate",
        STATE_ONLY_FORM,
        lambda world: _draft(world) | {"form": "measures"},
        method="post",
        data=_handed_out,
    ),
    Row("delegated-form", everyone(200), _link, note="one form, to whoever has its link"),
    Row("delegated-form", everyone(302), _link, method="post", data=_copied, note="saves it"),
    Row("delegated-form", everyone(404), _no_link, note="unknown"),
    Row(
        "delegated-file",
        everyone(404),
        lambda world: _link(world) | {"pk": world.upload.pk},
        note="no file of the report",
    ),
    Row("report-contacts", own_state(200), _draft),
    Row("report-contacts", STATE_ONLY_FORM, _draft, method="post", data=_points),
    Row("report-contacts-sheet", HANDED_IN, _with_contacts),
    Row("report-certify", everyone(404, anonymous=302, certifier=200), _draft),
    Row(
        "report-certify",
        everyone(404, anonymous=403, certifier=409),
        _draft,
        method="post",
        data=_certified,
        note="what was not read is not certified",
    ),
    Row("report-certify-ask", STATE_ONLY_ACT, _draft, method="post"),
    Row(
        "report-certify-first",
        own_state(302, anonymous=403),
        _draft,
        method="post",
        data=lambda world: {"act": "on", "reason": "Our rule."},
        note="a drafter is told that the focal point does",
    ),
    Row("report-preview", own_state(200, certifier=200), _draft),
    Row("report-workbook", own_state(200), _draft),
    Row("report-word", own_state(200), _draft),
    Row("report-excel", own_state(200), _draft),
    Row("report-excel", STATE_ONLY_FORM, _draft, method="post", data=_confirmed),
    Row("report-check", own_state(200), _draft),
    Row(
        "report-doubt",
        own_state(422, anonymous=403, certifier=404),
        _draft,
        method="post",
        data=_word,
        note="a doubt that is not there",
    ),
    Row("report-wish", STATE_ONLY_FORM, _draft, method="post", data=_wish),
    Row(
        "report-hand-in",
        own_state(302, certifier=302),
        _draft,
        method="post",
        note="whoever certifies is told that the focal point hands in",
    ),
    Row("report-discard", STATE_ONLY_ACT, _draft, method="post"),
    Row("report-invite", STATE_ONLY_FORM, _draft, method="post", data=_until),
    Row("report-receipt", HANDED_IN, _of("handed_in")),
    Row("report-receipt", HANDED_IN, _of("published"), note="published"),
    Row("report-receipt", own_state(404), _of("draft"), note="draft"),
    Row("report-send", own_state(200, certifier=200), _of("handed_in")),
    Row(
        "report-amend",
        own_state(302, certifier=302, assistant=302, officer=302, director=302),
        _of("handed_in"),
        method="post",
        note="staff are told that they may not",
    ),
    Row(
        "report-answer",
        own_state(
            302,
            focal_point=422,
            anonymous=403,
            certifier=302,
            assistant=302,
            officer=302,
            director=302,
        ),
        _of("handed_in"),
        method="post",
        data=lambda world: {"text": "Those in the north."},
        note="nothing was asked; others are told that they may not",
    ),
    Row(
        "report-language",
        own_state(422, drafter=404, anonymous=403),
        _of("handed_in"),
        method="post",
        data=lambda world: {"language": "fr", "sort": "official"},
        note="without a file",
    ),
    Row(
        "report-language-away",
        own_state(302, drafter=404, anonymous=403),
        _of("handed_in"),
        method="post",
        data=lambda world: {"version": "1", "why": "A better one follows."},
    ),
    Row("report-changes", everyone(404, anonymous=302), _of("published"), note="of one version"),
    Row("transcribe", ISU_TYPES, _typed),
    Row(
        "transcribe",
        ISU_TYPES | {"anonymous": 403, "assistant": 302, "officer": 302, "director": 302},
        _typed,
        method="post",
        data=_answered,
    ),
    Row("transcribe-open", ISU_TYPES, _typed),
    Row("report-figures", own_state(200, certifier=200), _asked),
    Row("report-figures", own_state(404), _not_asked, note="before the State was asked"),
    Row(
        "report-figures",
        own_state(409, certifier=409, anonymous=403),
        _asked,
        method="post",
        data=_wrong,
        note="on figures that were not seen",
    ),
    Row("confirm-figures", everyone(200), _figures, note="with a pass"),
    Row(
        "confirm-figures",
        everyone(409),
        _figures,
        method="post",
        data=_wrong,
        note="on figures that were not seen",
    ),
    Row("confirm-figures", everyone(404), lambda world: {"secret": "unknown"}, note="without"),
    Row("confirm-figures", everyone(404), _contacts, note="with another pass"),
    Row("figures-file", everyone(200), _figures, note="with a pass"),
    Row("figures-file", everyone(404), _contacts, note="with another pass"),
    Row("figures-file", everyone(404), lambda world: {"secret": "unknown"}, note="without"),
    Row("report", everyone(200), _of("published"), note="published"),
    Row("report", HANDED_IN, _of("handed_in"), note="handed in"),
    Row("report", own_state(200, certifier=200), _of("draft"), note="draft"),
]
