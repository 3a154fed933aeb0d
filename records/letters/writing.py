"""The text of a letter in its reader's language, and single letters that others ask for."""

from collections.abc import Iterable, Mapping
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from records.letters import carrying
from records.models import Letter, Revision, Upload
from records.seams import Opens
from states import passes
from states.models import Contact, State, User

type Enclosed = Upload | Revision


def render(template: str, language: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of `records/letters/<template>.txt`; its first line is the subject.

    The text is plain: one line for each paragraph, an empty line between them. Where a letter
    carries a pass, `link` is the words that stand for it until the letter leaves.
    """
    facts = {
        "site": settings.SITE_URL,
        "isu_address": settings.ISU_ADDRESS,
        "unoda_address": settings.UNODA_ADDRESS,
        "language": language,
        "link": carrying.place(language),
        "days": passes.DAYS,
    } | dict(context)
    with translation.override(language):
        text = render_to_string(f"records/letters/{template}.txt", facts)
    subject, _newline, body = text.strip().partition("\n")
    lines = (line.strip() for line in body.strip().splitlines())
    paragraphs: list[str] = []
    for line in lines:
        if line or (paragraphs and paragraphs[-1]):
            paragraphs.append(line)
    return subject.strip(), "\n".join(paragraphs) + "\n"


@transaction.atomic
def write(
    *,
    key: str,
    kind: str,
    to: str,
    template: str,
    context: Mapping[str, Any] | None = None,
    language: str = "en",
    state: State | None = None,
    contact: Contact | None = None,
    cc: str = "",
    reply_to: str = "",
    enclosures: Iterable[Enclosed] = (),
    held: bool = False,
    resend: bool = False,
    why: str = "",
    by: User | None = None,
    due_key: str = "",
    opens: Opens | None = None,
    of_state_itself: bool = False,
) -> Letter:
    """A single letter, in the transaction of what it tells of; it leaves once that is committed.

    `key` says what the letter is, such as "receipt/A7-2025-LAO-01": asked for again, the letter
    that exists is returned and nothing is sent twice. `cc` holds addresses separated by commas.
    `enclosures` are stored files, attached when the letter is sent. `held` waits for a person.
    `resend`: a copy is better than none, if a crash leaves doubt whether it left. `by` is who
    wanted it, where that is a person: a letter that is not held counts as released by them.
    `due_key`: what it asks about, where planning has to know that this was asked. `opens`: the pass
    that it carries; the template says where, by `link`. `of_state_itself`: a State writes to its
    own people about its draft, and the desk does not read it.
    """
    subject, body = render(
        template, language, {"state": state, "contact": contact} | dict(context or {})
    )
    now = timezone.now()
    Letter.objects.bulk_create(
        [
            Letter(
                key=key,
                kind=kind,
                state=state,
                contact=contact,
                to=to,
                cc=cc,
                reply_to=reply_to,
                language=language,
                subject=subject,
                body=body,
                why=why,
                enclosures=[{each._meta.model_name: each.pk} for each in enclosures],
                due_key=due_key,
                opens=carrying.kept(opens, language),
                of_state_itself=of_state_itself,
                asked_by=by,
                resend=resend,
                status=Letter.Status.HELD if held else Letter.Status.QUEUED,
                queued_at=None if held else now,
                released_at=None if held or by is None else now,
                released_by=None if held else by,
            )
        ],
        ignore_conflicts=True,
    )
    if not held:
        transaction.on_commit(poke, robust=True)
    return Letter.objects.get(key=key)


def poke() -> None:
    """Asks a worker to send what is queued. A poke that is lost costs a minute: beat pokes too."""
    current_app.send_task("records.tasks.drain_letters", ignore_result=True, retry=False)
