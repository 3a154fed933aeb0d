"""The mailboxes that a State has named: most of them belong to people who never sign in."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from states.history import kept
from states.models.actors import LANGUAGES, Organisation, State


class ContactQuerySet(models.QuerySet["Contact"]):
    """Questions asked of contacts."""

    def current(self, on: dt.date) -> "ContactQuerySet":
        """Contacts that stand on the day."""
        return self.filter(
            Q(from_on__isnull=True) | Q(from_on__lte=on),
            Q(until_on__isnull=True) | Q(until_on__gte=on),
        )

    def reachable(self) -> "ContactQuerySet":
        """Contacts with an address from which nothing came back."""
        return self.exclude(email="").filter(bounced_on__isnull=True)

    def in_order(self) -> "ContactQuerySet":
        """Role mailboxes first: a person leaves, a mailbox stays."""
        return self.order_by("-role_mailbox", "pk")


class Contact(models.Model):
    """Where letters to a State or an organisation go, in which language, for what."""

    class Purpose(models.TextChoices):
        """What the contact is for."""

        ARTICLE_7 = "article-7", _("transparency reports")
        GENERAL = "general", _("general correspondence")
        FINANCE = "finance", _("contributions")
        VICTIM_ASSISTANCE = "victim-assistance", _("victim assistance")
        CLEARANCE = "clearance", _("clearance")

    class Place(models.TextChoices):
        """Where the contact sits."""

        CAPITAL = "capital", _("capital")
        GENEVA = "geneva", _("Geneva")
        NEW_YORK = "new-york", _("New York")

    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="contacts")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    purpose = models.TextField(_("purpose"), choices=Purpose.choices)
    place = models.TextField(_("place"), choices=Place.choices)
    role_mailbox = models.BooleanField(_("mailbox of a function"), default=False)
    form_of_address = models.TextField(_("form of address"), blank=True)
    name = models.TextField(_("name"), blank=True)
    function = models.TextField(_("function"), blank=True)
    institution = models.TextField(_("institution"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.TextField(_("telephone"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    may_publish = models.BooleanField(_("the State agrees to publication"), default=False)
    resend = models.BooleanField(_("asked to be sent reminders again when in doubt"), default=False)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    bounced_on = models.DateField(_("letters came back since"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    recorded_on = models.DateField(_("recorded on"), default=localdate, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["state", "purpose", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_of_one",
                condition=Q(state__isnull=False, organisation__isnull=True)
                | Q(state__isnull=True, organisation__isnull=False),
                violation_error_message=_("A contact belongs to one State or to one organisation."),
            ),
            models.CheckConstraint(
                name="contact_dates_in_order",
                condition=Q(from_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(from_on__lte=models.F("until_on")),
                violation_error_message=_("The contact ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        who = self.name or self.function or self.institution or self.email
        return f"{who} ({self.get_place_display()})"

    @property
    def printed(self) -> list[str]:
        """Who it is and how to write there, part by part; what is not known is left out."""
        who = f"{self.form_of_address} {self.name}".strip() if self.name else ""
        return [
            part
            for part in (who, self.function, self.institution, self.email, self.telephone)
            if part
        ]

    def stands(self, on: dt.date) -> bool:
        """Whether the contact stands on the day; as `current` asks the database."""
        begun = self.from_on is None or self.from_on <= on
        return begun and (self.until_on is None or self.until_on >= on)


# The day of recording is a fact of the row itself and never changes.
kept(exclude=["recorded_on"])(Contact)
