"""What the secretariat decides for itself and the law leaves open: data, never constants."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from states.history import kept


class Practice(models.Model):
    """One choice of the secretariat's practice, with its standing."""

    class Key(models.TextChoices):
        """The choices that exist; each has a default that stands until the ISU changes it."""

        RECEIPT_THAT_COUNTS = "receipt-that-counts", _("Which day of receipt meets a deadline")
        LATENESS_IN_PUBLIC = "lateness-in-public", _("Public pages may say that a State is late")
        MET_IN_PUBLIC = (
            "met-in-public",
            _("In public it is said when reports were received and whether deadlines were met"),
        )
        LETTERS_STOPPED = "letters-stopped", _("No letter leaves the portal")
        FIRST_RELEASE = "first-release", _("The first release of letters has been confirmed")
        ENQUIRIES_KEPT = (
            "enquiries-kept",
            _("How long settled questions to the ISU are kept"),
        )
        AFTER_OUTAGE = (
            "after-outage",
            _("How many whole days after the portal was down a report is still in time"),
        )
        FORMS_OF_2022 = "forms-of-2022", _("New reports are written in the adapted forms of 2022")
        FIRST_REPORTS = "first-reports", _("How many of the first reports on a year are praised")

    DEFAULTS: dict[str, str] = {
        Key.RECEIPT_THAT_COUNTS: "received_by_unoda",
        Key.LATENESS_IN_PUBLIC: "no",
        Key.MET_IN_PUBLIC: "no",
        Key.LETTERS_STOPPED: "no",
        Key.FIRST_RELEASE: "no",
        Key.ENQUIRIES_KEPT: "24-months",
        Key.AFTER_OUTAGE: "1",
        Key.FORMS_OF_2022: "no",
        Key.FIRST_REPORTS: "3",
    }
    VALUES: dict[str, tuple[str, ...]] = {
        Key.RECEIPT_THAT_COUNTS: (
            "received_by_isu",
            "mailed_to_isu",
            "sent_to_unoda",
            "received_by_unoda",
        ),
        Key.LATENESS_IN_PUBLIC: ("yes", "no"),
        Key.MET_IN_PUBLIC: ("yes", "no"),
        Key.LETTERS_STOPPED: ("yes", "no"),
        Key.FIRST_RELEASE: ("yes", "no"),
        Key.ENQUIRIES_KEPT: ("6-months", "12-months", "24-months", "60-months"),
        Key.AFTER_OUTAGE: ("1", "2", "3", "5", "10"),
        Key.FORMS_OF_2022: ("yes", "no"),
        Key.FIRST_REPORTS: ("0", "1", "2", "3", "5", "10"),
    }

    WORDS: dict[str, Any] = {
        "yes": _("yes"),
        "no": _("no"),
        "6-months": _("six months"),
        "12-months": _("one year"),
        "24-months": _("two years"),
        "60-months": _("five years"),
        "received_by_isu": _("the day on which the ISU received it"),
        "mailed_to_isu": _("the day on which it was handed in here or mailed to the ISU"),
        "sent_to_unoda": _("the day on which it was sent to UNODA"),
        "received_by_unoda": _("the day on which UNODA received it"),
        "0": _("none"),
        "1": "1",
        "2": "2",
        "3": "3",
        "5": "5",
        "10": "10",
    }

    key = models.TextField(_("choice"), choices=Key.choices, primary_key=True)
    value = models.TextField(_("value"))
    to_be_confirmed = models.BooleanField(_("to be confirmed by the ISU"), default=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.get_key_display())

    @classmethod
    def of(cls, key: str) -> str:
        """The value in force; one query, so ask once for each page."""
        row = cls.objects.filter(key=key).values_list("value", flat=True).first()
        return row if row is not None else cls.DEFAULTS[key]

    @classmethod
    def on(cls, key: str) -> bool:
        """Whether a yes-or-no choice is yes."""
        return cls.of(key) == "yes"

    def clean(self) -> None:
        """Only the values that the portal understands."""
        from django.core.exceptions import ValidationError  # noqa: PLC0415 -- rarely needed

        allowed = self.VALUES.get(self.key, ())
        if self.value not in allowed:
            raise ValidationError(
                {
                    "value": _("Choose one of: %(values)s.")
                    % {"values": ", ".join(str(self.WORDS[value]) for value in allowed)}
                }
            )


kept()(Practice)
