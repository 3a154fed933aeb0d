"""What both directions share: the kind of file, the answer of reading, the refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML 1.0 cannot hold (section 2.2): control characters, halves of surrogates, two signs.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unreadable(ValueError):
    """The file cannot be read as a Word document; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a Word document says, as clean HTML, and how much of it is not in the HTML.

    `changes` is the number of tracked changes, all taken as accepted.
    """

    html: SafeString
    changes: int = 0
    comments: int = 0
    pictures: int = 0
    hidden: int = 0

    @property
    def remarks(self) -> list[str]:
        """Sentences for whoever sent the file; none where everything was taken over."""
        found = []
        if self.changes:
            words = ngettext(
                "The file holds %(n)s tracked change: the text is read as if it were accepted.",
                "The file holds %(n)s tracked changes: the text is read as if all were accepted.",
                self.changes,
            )
            found.append(words % {"n": self.changes})
        if self.comments:
            words = ngettext(
                "%(n)s comment in the margin is left out.",
                "%(n)s comments in the margin are left out.",
                self.comments,
            )
            found.append(words % {"n": self.comments})
        if self.pictures:
            words = ngettext(
                "%(n)s picture is left out: only the text is read.",
                "%(n)s pictures are left out: only the text is read.",
                self.pictures,
            )
            found.append(words % {"n": self.pictures})
        if self.hidden:
            found.append(_("The file holds hidden text, which is left out."))
        return found


def plain(text: str) -> str:
    """The text without what XML cannot hold."""
    return UNWRITABLE.sub("", text)
