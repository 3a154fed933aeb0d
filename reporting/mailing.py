"""When a State sent a report by e-mail or post: read from the e-mail's header, or a postmark."""

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from reporting.models import Report
from states.words import day, out_of_reach

LONGEST = 100
# "Date: Thu, 30 Apr 2026 23:40:00 +0700 (ICT)": the name of the line and the remark go.
AROUND = re.compile(r"^\s*date\s*:|\([^()]*\)\s*$", re.IGNORECASE)
GENEVA = ZoneInfo("Europe/Zurich")


@dataclass(frozen=True, slots=True)
class Mailed:
    """The day in Geneva on which it was sent; the moment, where more than a day is known."""

    on: dt.date
    at: dt.datetime | None = None


def read(text: str) -> Mailed:
    """Reads the Date line of an e-mail, "2026-04-30 23:40", or a day; a ValueError says what to do.

    A time without a zone is Geneva's; one that says "-0000" is of Greenwich, as RFC 5322 has it.
    """
    given = AROUND.sub("", text.strip()[:LONGEST]).strip()
    found = _day(given) or _moment(given)
    if found is None:
        raise ValueError(
            _(
                "“%(given)s” cannot be read. Copy the Date line of the e-mail, such as “Thu, 30 "
                "Apr 2026 23:40:00 +0200”, or write a day, such as 2026-04-30."
            )
            % {"given": text.strip()[:LONGEST]}
        )
    if why := out_of_reach(found.on):
        raise ValueError(why)
    return found


def _day(given: str) -> Mailed | None:
    if len(given) != 10:
        return None
    try:
        return Mailed(dt.date.fromisoformat(given))
    except ValueError:
        return None


def _moment(given: str) -> Mailed | None:
    try:
        at = dt.datetime.fromisoformat(given)
        at = at if at.tzinfo else at.replace(tzinfo=GENEVA)
    except ValueError:
        try:
            at = parsedate_to_datetime(given)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        greenwich = re.search(r"-0000$|\b(UT|GMT|UTC|Z)$", given) is not None
        at = at if at.tzinfo else at.replace(tzinfo=dt.UTC if greenwich else GENEVA)
    try:
        return Mailed(at.astimezone(GENEVA).date(), at.astimezone(dt.UTC))
    except OverflowError:
        return None


def in_words(report: Report) -> str:
    """How and when the report was sent, in words; empty where that is not recorded."""
    if report.mailed_on is None:
        return ""
    if report.mailed_at is not None:
        at = timezone.localtime(report.mailed_at)
        return _("sent by %(channel)s on %(day)s at %(time)s (Geneva)") % {
            "channel": report.get_channel_display(),
            "day": day(at.date()),
            "time": at.strftime("%H:%M"),
        }
    return _("sent by %(channel)s on %(day)s") % {
        "channel": report.get_channel_display(),
        "day": day(report.mailed_on),
    }
