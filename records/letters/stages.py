"""The stages of reminding that ship with the portal, until the ISU confirms or changes them."""

from records.models import Stage
from states.history import act
from states.models import Contact

# article7.md section 8. The opening letter of the year, then closer to 30 April; after the day a
# word on 1 June and one before the progress report's cut-off of 30 June. For the initial report the
# day of entry into force, then by the day; monthly once it is known to be missing. For contacts one
# question when a confirmation is a year old, and one word after thirty days without an answer.
_ANNUAL = {"kind": "art7-annual", "anchor": Stage.Anchor.CALENDAR}
_INITIAL = {"kind": "art7-initial", "anchor": Stage.Anchor.DUE}

_CONTACTS = {
    "kind": "contacts",
    "anchor": Stage.Anchor.DUE,
    "purposes": " ".join(Contact.Purpose.values),
}


def _on(month: int, day: int, template: str) -> dict[str, object]:
    return {**_ANNUAL, "calendar_month": month, "calendar_day": day, "template": template}


def _off(days: int, template: str = "initial-reminder", **more: object) -> dict[str, object]:
    return {**_INITIAL, "offset_days": days, "template": template, **more}


SHIPPED: dict[str, dict[str, object]] = {
    "annual-10-january": _on(1, 10, "annual-opening"),
    "annual-1-march": _on(3, 1, "annual-reminder"),
    "annual-1-april": _on(4, 1, "annual-reminder"),
    "annual-15-april": _on(4, 15, "annual-reminder"),
    "annual-29-april": _on(4, 29, "annual-reminder"),
    "annual-1-june": _on(6, 1, "annual-follow-up"),
    "annual-23-june": _on(6, 23, "annual-follow-up"),
    "initial-entry-into-force": {
        "kind": "art7-initial",
        "anchor": Stage.Anchor.START,
        "template": "initial-welcome",
    },
    "initial-90-before": _off(-90),
    "initial-60-before": _off(-60),
    "initial-30-before": _off(-30),
    "initial-7-before": _off(-7),
    "initial-monthly-after": _off(30, "initial-follow-up", repeats_every_days=30),
    "contacts-question": {**_CONTACTS, "template": "contacts-question"},
    "contacts-30-after": {**_CONTACTS, "offset_days": 30, "template": "contacts-reminder"},
}


def ship_stages() -> int:
    """Adds the stages that are missing; what staff changed stays. Returns how many it added."""
    there = set(Stage.objects.values_list("pk", flat=True))
    missing = [
        Stage(slug=slug, held=True, to_be_confirmed=True, **facts)
        for slug, facts in SHIPPED.items()
        if slug not in there
    ]
    if missing:
        with act(by=None, reason="Shipped with the portal; to be confirmed by the ISU"):
            Stage.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
