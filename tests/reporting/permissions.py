"""Who may do what with Lao PDR's reports: a draft is the State's own, the published are for all."""

from django.utils import timezone

from reporting.models import TranscribedForm, Transcription
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


def _confirmed(world: World) -> dict:
    return {"kept": "no preview of ours", "form": "clearance"}


def _new(world: World) -> dict:
    return {"state": "LAO", "kind": "annual", "year": "2022"}


def _sent(world: World) -> dict:
    return _new(world) | {"sent_on": "2026-04-01"}


def _until(world: World) -> dict:
    return {"until_on": "2099-01-01"}


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


def _contacts(world: World) -> dict:
    mailbox = factories.ContactFactory(state=world.laos).email
    return {"secret": passes.make("contacts", "state/LAO", mailbox, by=None)[1]}


def _wrong(world: World) -> dict:
    return {"wrong": "1", "wrong-clearance": "Three teams.", "seen": "", "function": "Desk"}


# The desk reads what was handed in; the finance officer is not of it.
HANDED_IN = own_state(200, assistant=200, officer=200, director=200)
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
    Row("report-preview", own_state(200), _draft),
    Row("report-workbook", own_state(200), _draft),
    Row("report-word", own_state(200), _draft),
    Row("report-excel", own_state(200), _draft),
    Row("report-excel", STATE_ONLY_FORM, _draft, method="post", data=_confirmed),
    Row("report-check", own_state(200), _draft),
    Row("report-hand-in", STATE_ONLY_ACT, _draft, method="post"),
    Row("report-discard", STATE_ONLY_ACT, _draft, method="post"),
    Row("report-invite", STATE_ONLY_FORM, _draft, method="post", data=_until),
    Row("report-receipt", HANDED_IN, _of("handed_in")),
    Row("report-receipt", HANDED_IN, _of("published"), note="published"),
    Row("report-receipt", own_state(404), _of("draft"), note="draft"),
    Row("report-send", own_state(200), _of("handed_in")),
    Row(
        "report-amend",
        own_state(302, assistant=302, officer=302, director=302),
        _of("handed_in"),
        method="post",
        note="staff are told that they may not",
    ),
    Row(
        "report-answer",
        own_state(302, anonymous=403, assistant=302, officer=302, director=302),
        _of("handed_in"),
        method="post",
        data=lambda world: {"text": "Those in the north."},
        note="staff are told that they may not",
    ),
    Row("transcribe", ISU_TYPES, _typed),
    Row(
        "transcribe",
        ISU_TYPES | {"anonymous": 403, "assistant": 302, "officer": 302, "director": 302},
        _typed,
        method="post",
        data=_answered,
    ),
    Row("transcribe-open", ISU_TYPES, _typed),
    Row("report-figures", own_state(200), _asked),
    Row("report-figures", own_state(404), _not_asked, note="before the State was asked"),
    Row(
        "report-figures",
        own_state(409, anonymous=403),
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
    Row("report", everyone(200), _of("published"), note="published"),
    Row("report", HANDED_IN, _of("handed_in"), note="handed in"),
    Row("report", own_state(200), _of("draft"), note="draft"),
]
