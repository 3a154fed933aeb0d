"""Turns what falls due into letters: any hour, any number of times, always the same rows."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from records.letters import carrying
from records.letters.acts import mark_overtaken
from records.letters.gate import gate
from records.letters.writing import render
from records.models import Letter, Stage
from records.models.events import Event, record
from records.seams import Due, DueSource
from states import asking, explanation
from states.covered import lateness_of
from states.deadlines import Lateness
from states.models import Contact, Practice, RecordsKept
from states.words import day

Status = Letter.Status
# Of these the mailbox has heard, or a person has decided that it shall not.
HEARD = {Status.SENDING, Status.SENT, Status.FAILED, Status.DOUBTFUL}
# What hangs together in a letter: its words, and those among them that a link replaces.
TEXT = ("language", "subject", "body", "opens")

_sources: list[DueSource] = []


def ask_for_dues(sources: Iterable[DueSource]) -> None:
    """The project hands down what can fall due; called once, when the apps are ready."""
    _sources[:] = list(sources)


def dues(today: dt.date) -> list[Due]:
    """Everything that falls due around the day, from every app."""
    return [due for source in _sources for due in source(today)]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day on which a stage comes round for one due; `number` counts its repetitions from 0."""

    stage: Stage
    number: int
    day: dt.date

    def key(self, due: Due, contact: Contact) -> str:
        """The key of the letter: no second letter can have it."""
        parts = ["due", due.key, due.due_on.isoformat(), self.stage.slug]
        if self.number:
            parts.append(str(self.number))
        return "/".join([*parts, str(contact.pk)])


@dataclass(frozen=True, slots=True)
class Wish:
    """Where things stand for one due: the newest stage that has come, to whom, or why to nobody."""

    due: Due
    occurrence: Occurrence
    contacts: tuple[Contact, ...] = ()
    why_not: str = ""
    contact_missing: bool = False


@dataclass(slots=True)
class Planned:
    """What a run of planning did."""

    new: int = 0
    came_back: int = 0
    set_aside: int = 0
    without_contact: list[str] = field(default_factory=list)
    note: str = ""


def due_key(due: Due) -> str:
    """What is due and by which day: a moved day is another due."""
    return f"{due.key}/{due.due_on.isoformat()}"


def with_why(due: Due, sentence: str) -> str:
    """The sentence, and what the due itself says of its day."""
    return f"{sentence} {due.subject.get('why', '')}".strip()


def because(stage: Stage, due_on: dt.date) -> str:
    """Why a stage brings a letter, in a sentence."""
    return _("%(stage)s; due on %(due)s.") % {"stage": stage, "due": day(due_on)}


def reason(letter: Letter, due: Due | None = None) -> str:
    """Why the letter is written. What planning wrote is said in the language of the reader.

    What the due itself says of its day was written in one language: with `due` it says it anew.
    """
    if letter.stage is None:
        return letter.why
    due_on = dt.date.fromisoformat(letter.due_key.rpartition("/")[2])
    with translation.override(settings.LANGUAGE_CODE):
        written = because(letter.stage, due_on)
    if not letter.why.startswith(written):
        # Of a stage that was edited since: it came as it was then.
        return letter.why
    if due is not None:
        return with_why(due, because(letter.stage, due_on))
    return because(letter.stage, due_on) + letter.why.removeprefix(written)


def first_day(stage: Stage, due: Due) -> dt.date:
    """The day on which the stage first comes round."""
    if stage.anchor == Stage.Anchor.CALENDAR:
        year, month = due.due_on.year, stage.calendar_month or 1
        last = calendar.monthrange(year, month)[1]
        return dt.date(year, month, min(stage.calendar_day or 1, last))
    anchor = due.due_on if stage.anchor == Stage.Anchor.DUE else due.starts_on
    return anchor + dt.timedelta(days=stage.offset_days)


def occurrences(stage: Stage, due: Due, until: dt.date) -> Iterator[Occurrence]:
    """The days up to `until` on which the stage comes round, none before the due begins."""
    on, number = first_day(stage, due), 0
    while on <= until:
        if on >= due.starts_on:
            yield Occurrence(stage, number, on)
        if not stage.repeats_every_days:
            return
        on, number = on + dt.timedelta(days=stage.repeats_every_days), number + 1


class Circumstances:
    """What planning, outlook and digest read: stages, contacts and what the records cover."""

    def __init__(self, of: Sequence[Due], today: dt.date) -> None:
        self.today = today
        self.stages: dict[str, list[Stage]] = {}
        for stage in Stage.objects.filter(active=True):
            self.stages.setdefault(stage.kind, []).append(stage)
        self.kept = {row.kind: row for row in RecordsKept.objects.all()}
        self.contacts: dict[tuple[str, str], list[Contact]] = {}
        named = Contact.objects.current(today).reachable().in_order()
        for contact in named.filter(state__in={due.state.pk for due in of}).select_related("state"):
            of_purpose = self.contacts.setdefault((contact.state_id or "", contact.purpose), [])
            # Two rows with one mailbox are one addressee; the mailbox of the function comes first.
            if contact.email.lower() not in {each.email.lower() for each in of_purpose}:
                of_purpose.append(contact)

    def recipients(self, due: Due, stage: Stage) -> tuple[Contact, ...]:
        """The reachable contacts of the first purpose of the stage that the State has named.

        A pass works for one mailbox: of all those of the stage's purposes it goes to one.
        """
        if due.opens is not None:
            one = asking.addressee(
                (
                    contact
                    for purpose in stage.purposes.split()
                    for contact in self.contacts.get((due.state.pk, purpose), [])
                ),
                self.today,
            )
            return (one,) if one is not None else ()
        for purpose in stage.purposes.split():
            if found := self.contacts.get((due.state.pk, purpose)):
                return tuple(found)
        return ()

    def known_to_be_missing(self, due: Due, on: dt.date) -> bool:
        """Whether the portal knows that it was not met; what is not known is not late."""
        said = lateness_of(
            due.state,
            due.due_on,
            on,
            self.kept.get(due.kind),
            later_unknown=bool(due.subject.get("later_unknown")),
        )
        return said is Lateness.LATE

    def wish(self, due: Due, occurrence: Occurrence, on: dt.date) -> Wish:
        """To whom the letter of this stage goes on the day, or why to nobody."""
        late = not due.question and occurrence.day > due.due_on
        if late and not self.known_to_be_missing(due, on):
            return Wish(
                due, occurrence, why_not=_("Not known to the portal: its records do not cover it.")
            )
        contacts = self.recipients(due, occurrence.stage)
        if not contacts:
            missing = _("No contact for this letter.")
            return Wish(due, occurrence, why_not=missing, contact_missing=True)
        return Wish(due, occurrence, contacts)

    def wishes(self, of: Iterable[Due]) -> Iterator[Wish]:
        """The newest stage of each open due: of several that passed only that one is planned.

        After the due day the stages before it are past: they speak of a day to come. A question
        speaks of none.
        """
        for due in of:
            if due.settled:
                continue
            passed = [
                each
                for stage in self.stages.get(due.kind, [])
                for each in occurrences(stage, due, self.today)
                if due.question or self.today <= due.due_on or each.day > due.due_on
            ]
            if passed:
                newest = max(passed, key=lambda each: (each.day, each.stage.slug))
                yield self.wish(due, newest, self.today)


@transaction.atomic
def plan(of: Iterable[Due], today: dt.date) -> Planned:
    """Makes the letters that are due by the day, sets aside those that events overtook.

    `of` is everything that may fall due (`dues(today)`): an unsent letter about anything else is
    overtaken. A night without a worker costs nothing, a week costs one letter and not four, and a
    new contact hears where things stand. Before LETTERS_START_ON nothing is planned; without it,
    and until the first release is confirmed, every letter is held.
    """
    start: dt.date | None = settings.LETTERS_START_ON
    if start is not None and today < start:
        return Planned(note=gate(today))
    open_dues = [due for due in of if not due.settled]
    around = Circumstances(open_dues, today)
    done = Planned(note=gate(today))
    keys = {due_key(due) for due in open_dues}
    existing: dict[str, dict[str, Letter]] = {}
    known = Letter.objects.filter(due_key__in=keys).select_related("state", "contact")
    # Rows are always locked in the order of their keys, so that a release cannot deadlock with us.
    for letter in known.select_for_update(of=("self",)).order_by("pk"):
        existing.setdefault(letter.due_key, {})[letter.key] = letter
    all_held = start is None or not Practice.on(Practice.Key.FIRST_RELEASE)
    keep: set[str] = set()
    wanted: list[tuple[Wish, Contact]] = []
    for wish in around.wishes(open_dues):
        if wish.contact_missing:
            done.without_contact.append(wish.due.state.pk)
        about = existing.get(due_key(wish.due), {})
        for contact in wish.contacts:
            key = wish.occurrence.key(wish.due, contact)
            if _has_heard(about, key, contact, wish.occurrence.day):
                continue
            keep.add(key)
            wanted.append((wish, contact))
    explained = _Explained([wish.due for wish, _contact in wanted], today)
    edited = _edited(letter for about in existing.values() for letter in about.values())
    new: list[Letter] = []
    for wish, contact in wanted:
        key = wish.occurrence.key(wish.due, contact)
        old = existing.get(due_key(wish.due), {}).get(key)
        held = all_held or wish.occurrence.stage.held
        if old is None:
            new.append(_letter(wish, contact, explained, held=held))
        elif old.status == Status.OVERTAKEN:
            _bring_back(old, _letter(wish, contact, explained, held=held))
            done.came_back += 1
        else:
            _bring_in_line(old, _letter(wish, contact, explained, held=held), old.pk in edited)
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    done.new = len(new)
    # What a person asked for stands until it is answered, or a stage comes round after it.
    by_hand = {"asked_by__isnull": False, "stage__isnull": True}
    stand = keys - {due_key(wish.due) for wish, _contact in wanted}
    overtaken = list(
        Letter.objects.unsent()
        .exclude(due_key="")
        .exclude(key__in=keep)
        .exclude(**by_hand, due_key__in=stand)
        .order_by("pk")
        .select_for_update(of=("self",))
        .select_related("state")
    )
    mark_overtaken(overtaken, why=_("Overtaken: met, moved, or a newer letter took its place."))
    done.set_aside = len(overtaken)
    return done


def _has_heard(about: dict[str, Letter], key: str, contact: Contact, since: dt.date) -> bool:
    """Whether the mailbox has had this letter or one planned since its day, or a person said no."""
    for letter in about.values():
        decided = letter.status in HEARD or (
            letter.status == Status.OVERTAKEN and letter.settled_note != ""
        )
        if decided and letter.contact_id == contact.pk:
            heard_on = timezone.localdate(letter.planned_at)
            if letter.key == key or heard_on >= since:
                return True
    return False


class _Explained:
    """Why each due falls on its day, in the languages of the letters; four queries a language."""

    def __init__(self, of: Iterable[Due], today: dt.date) -> None:
        rows = {due.key: due.subject.get("deadline") for due in of}
        self.rows = {key: row for key, row in rows.items() if row is not None}
        self.today = today
        self.texts: dict[str, dict[int, str]] = {}

    def why(self, due: Due, language: str) -> str:
        """The sum in words; empty where the due has no deadline of the treaty."""
        row = self.rows.get(due.key)
        if row is None:
            return ""
        if language not in self.texts:
            with translation.override(language):
                steps = explanation.explain(self.rows.values(), self.today)
                self.texts[language] = {
                    pk: explanation.in_words(each) for pk, each in steps.items()
                }
        return self.texts[language][row.pk]


def _letter(wish: Wish, contact: Contact, explained: _Explained, *, held: bool) -> Letter:
    due, stage = wish.due, wish.occurrence.stage
    subject, body = render(
        stage.template,
        contact.language,
        {
            "due": due,
            "state": due.state,
            "state_name": due.state.name(language=contact.language),
            "contact": contact,
            "year": due.subject.get("year"),
            # Put into words by the template, so in the language of the letter.
            "due_day": lazy(day, str)(due.due_on),
            "why": explained.why(due, contact.language),
            "number": wish.occurrence.number,
        }
        | ({"days": due.opens.days} if due.opens is not None else {}),
    )
    return Letter(
        key=wish.occurrence.key(due, contact),
        kind=due.kind,
        due_key=due_key(due),
        stage=stage,
        state=due.state,
        contact=contact,
        to=contact.email,
        cc=settings.ISU_ADDRESS,
        language=contact.language,
        subject=subject,
        body=body,
        why=with_why(
            due,
            because(stage, due.due_on),
        ),
        opens=carrying.kept(due.opens, contact.language),
        resend=stage.resend or contact.resend,
        status=Status.HELD if held else Status.QUEUED,
        queued_at=None if held else timezone.now(),
    )


def _bring_back(old: Letter, fresh: Letter) -> None:
    """The due stands again: so does its letter, written anew."""
    for name in (*TEXT, "to", "why", "status", "queued_at", "planned_at"):
        setattr(old, name, getattr(fresh, name))
    old.save()
    record("come-back", old, by=None, state=old.state, was=Status.OVERTAKEN, now=old.status)


def written_anew(letters: Iterable[Letter], of: Iterable[Due], today: dt.date) -> set[int]:
    """Brings planned letters that wait in line with what is due; the keys of those that changed.

    Between two runs of planning a fact may have been corrected: who releases a letter must not
    send what was true before. The rows are locked by the caller.
    """
    dues_by_key = {due_key(due): due for due in of if not due.settled}
    waiting = [
        letter
        for letter in letters
        if letter.status == Status.HELD and letter.stage and letter.due_key in dues_by_key
    ]
    explained = _Explained([dues_by_key[letter.due_key] for letter in waiting], today)
    edited = _edited(waiting)
    changed = set()
    for letter in waiting:
        due, stage, contact = dues_by_key[letter.due_key], letter.stage, letter.contact
        assert stage is not None  # by the filter
        if contact is None:
            continue
        for each in occurrences(stage, due, today):
            if each.key(due, contact) == letter.key:
                fresh = _letter(Wish(due, each, (contact,)), contact, explained, held=True)
                if _bring_in_line(letter, fresh, letter.pk in edited):
                    changed.add(letter.pk)
    return changed


def _edited(letters: Iterable[Letter]) -> set[int]:
    """The letters whose words a person has put better."""
    waiting = [letter.pk for letter in letters if letter.status in (Status.HELD, Status.QUEUED)]
    if not waiting:
        return set()
    acts = Event.objects.filter(
        verb="edit", subject=Letter._meta.label_lower, subject_id__in=map(str, waiting)
    )
    return {int(pk) for pk in acts.values_list("subject_id", flat=True)}


def _bring_in_line(old: Letter, fresh: Letter, edited: bool) -> bool:
    """The contact or a fact was corrected before the letter left: whether its words changed.

    What a person wrote stays, if the language does. A letter that a person has released is held
    again: they released other words.
    """
    keeps_words = edited and old.language == fresh.language
    names = ["to"] if keeps_words else ["to", *TEXT]
    changed = [name for name in names if getattr(old, name) != getattr(fresh, name)]
    if not changed:
        return False
    for name in changed:
        setattr(old, name, getattr(fresh, name))
    words = set(changed) & set(TEXT)
    verb = "readdress" if "to" in changed else "rewrite"
    was = old.status
    if words and was == Status.QUEUED and old.released_by_id is not None:
        old.status = Status.HELD
        old.queued_at = old.released_at = old.released_by = None
    old.save()
    moved = {"was": was, "now": old.status} if old.status != was else {}
    record(verb, old, by=None, state=old.state, note=", ".join(changed), **moved)
    return bool(words)
