"""A letter may carry a pass: its link is made when the letter leaves, and is kept nowhere.

The row of the letter says what the pass opens and holds, in its text, some words in the place of
the link. The secret follows from the key of the letter and that of the site, so that whatever is
sent again carries the same link; the row of the pass holds a digest. Where the key of the site was
changed between two attempts and the former is no fallback, the second attempt has a link of its
own, and the first link stops working when that leaves.
"""

from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from records.models import Letter
from records.seams import Opens
from states import passes


class NotSendable(Exception):
    """The letter cannot be composed; the message says why."""


def place(language: str) -> str:
    """The words that stand in a text for the link that is not made yet."""
    with translation.override(language):
        return _("[The link is put in here when the letter leaves.]")


def kept(opens: Opens | None, language: str) -> dict[str, Any]:
    """What the letter's row keeps; the words are among it, since a translation may change."""
    return {**asdict(opens), "place": place(language)} if opens is not None else {}


def place_missing(letter: Letter, body: str) -> str:
    """Why the text cannot carry the letter's link, in a sentence; empty when it can."""
    if not letter.opens or body.count(letter.opens["place"]) == 1:
        return ""
    return _("The text needs the place of the link, once: “%(place)s”") % {
        "place": letter.opens["place"]
    }


def body(letter: Letter, link: str = "") -> str:
    """The text for the addressee; without `link` only a check that it has a place for one."""
    if why := place_missing(letter, letter.body):
        raise NotSendable(why)
    return letter.body.replace(letter.opens["place"], link) if letter.opens else letter.body


def body_for_others(letter: Letter) -> str:
    """The text for those who get a copy: whoever opened the link would act for the State."""
    if not letter.opens:
        return letter.body
    with translation.override(letter.language):
        instead = _("[The link is for the addressee alone and is left out of this copy.]")
    return letter.body.replace(letter.opens["place"], instead)


def open_link(letter: Letter) -> str:
    """Makes the pass of the letter, or finds it again, and returns the address; empty without one.

    The pass works from now for as long as the letter says. Raises `NotSendable` where a person has
    revoked it.
    """
    if not letter.opens:
        return ""
    opens = letter.opens
    try:
        _row, secret = passes.renew(
            letter.key,
            opens["purpose"],
            opens["subject"],
            letter.to,
            by=letter.released_by,
            days=opens["days"],
            uses=opens["uses"],
        )
    except passes.Revoked:
        raise NotSendable(
            _("The pass of this letter was revoked by a person: write a new letter.")
        ) from None
    return passes.link(secret, opens["purpose"], letter.language)


def arrived(letter: Letter) -> bool:
    """Whether the link of this very letter has been used: then a copy of it has arrived."""
    held = _pass_of(letter)
    return held is not None and held.uses.exists()


def left(letter: Letter) -> None:
    """The letter has left: what earlier letters opened to the same end, and nobody used, ends."""
    if (held := _pass_of(letter)) is not None:
        passes.retire_others(held)


def stayed(letter: Letter) -> None:
    """Nothing left: nobody has the link. The next attempt takes the same pass up again."""
    held = _pass_of(letter)
    if held is not None and held.revoked_at is None:
        passes.revoke(held, by=None)


def without(link: str, text: str) -> str:
    """The text without the secret of the link, where something quotes it."""
    secret = link.partition("?")[0].rstrip("/").rpartition("/")[2]
    return text.replace(secret, "…") if secret else text


def _pass_of(letter: Letter) -> Any:
    if not letter.opens:
        return None
    held = passes.found(letter.key, letter.opens["purpose"])
    return held[0] if held is not None else None
