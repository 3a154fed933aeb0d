"""On what rights rest: appointments, permissions that hang on States, and passes."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from states.history import kept
from states.models.actors import Organisation, State, User
from states.words import day


class Role(models.TextChoices):
    """In which capacity a person acts. What each may do stands in `states.access`."""

    FOCAL_POINT = "focal-point", _("focal point")
    DRAFTER = "drafter", _("drafter")
    CERTIFIER = "certifier", _("mission, certifies")
    COORDINATOR = "coordinator", _("coordinator")
    FINANCE_CONTACT = "finance-contact", _("finance contact")
    PRESIDENCY = "presidency", _("President's team")
    OBSERVER = "observer", _("observer")
    INVITED_EXPERT = "invited-expert", _("invited expert")
    ASSISTANT = "assistant", _("ISU assistant")
    OFFICER = "officer", _("ISU officer")
    DIRECTOR = "director", _("Director")
    ACTING_DIRECTOR = "acting-director", _("acting Director")
    FINANCE_OFFICER = "finance-officer", _("finance officer")


OF_STATES = [
    Role.FOCAL_POINT,
    Role.DRAFTER,
    Role.CERTIFIER,
    Role.COORDINATOR,
    Role.FINANCE_CONTACT,
    Role.PRESIDENCY,
]
OF_ORGANISATIONS = [Role.OBSERVER, Role.INVITED_EXPERT]
OF_SECRETARIAT = [
    Role.ASSISTANT,
    Role.OFFICER,
    Role.DIRECTOR,
    Role.ACTING_DIRECTOR,
    Role.FINANCE_OFFICER,
]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions asked of appointments."""

    def in_force(self, on: dt.date) -> "AppointmentQuerySet":
        """Appointments whose term includes the day."""
        return self.not_over(on).filter(from_on__lte=on)

    def not_over(self, on: dt.date) -> "AppointmentQuerySet":
        """Appointments whose last day has not passed on the day. A last day is included, unless
        the appointment was ended at once: then it took the rights away.
        """
        return self.filter(
            Q(until_on__isnull=True) | Q(until_on__gt=on) | Q(until_on=on, ended_at_once=False)
        )


class Appointment(models.Model):
    """A person acts for a State, an organisation or the secretariat, for a time."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.TextField(_("role"), choices=Role.choices)
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    secretariat = models.BooleanField(_("of the secretariat"), default=False)
    group = models.ForeignKey(Group, models.PROTECT, editable=False, related_name="+")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    ended_at_once = models.BooleanField(_("ended at once"), default=False, editable=False)
    reference = models.TextField(
        _("reference"), help_text=_("The mission's note verbale, or the decision of appointment.")
    )
    appointed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appointment_to_one",
                condition=Q(
                    state__isnull=False,
                    organisation__isnull=True,
                    secretariat=False,
                    role__in=OF_STATES,
                )
                | Q(
                    state__isnull=True,
                    organisation__isnull=False,
                    secretariat=False,
                    role__in=OF_ORGANISATIONS,
                )
                | Q(
                    state__isnull=True,
                    organisation__isnull=True,
                    secretariat=True,
                    role__in=OF_SECRETARIAT,
                ),
                violation_error_message=_(
                    "An appointment is to exactly one of a State, an organisation and the "
                    "secretariat, in a role that belongs there."
                ),
            ),
            models.CheckConstraint(
                name="appointment_dates_in_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message=_("The appointment ends before it begins."),
            ),
            models.CheckConstraint(
                name="appointment_ended_on_a_day",
                condition=Q(ended_at_once=False) | Q(until_on__isnull=False),
            ),
            models.CheckConstraint(
                name="acting_director_for_a_time",
                condition=~Q(role=Role.ACTING_DIRECTOR) | Q(until_on__isnull=False),
                violation_error_message=_("An acting Director is appointed until a day."),
            ),
        ]

    def is_over(self, on: dt.date) -> bool:
        """Whether the term has ended on the day, as `not_over` asks it of rows."""
        if self.until_on is None or self.until_on > on:
            return False
        return self.until_on < on or self.ended_at_once

    def __str__(self) -> str:
        of = self.state_id or self.organisation_id or "ISU"
        return f"{self.user} – {self.get_role_display()} ({of})"


class StateGroupPermission(GroupObjectPermissionBase):
    """What a role's group may do for a State; written only by `states.access`."""

    content_object = models.ForeignKey(State, models.CASCADE)


class StateUserPermission(UserObjectPermissionBase):
    """Demanded by guardian and always empty: nobody is ever granted anything personally."""

    content_object = models.ForeignKey(State, models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        constraints = [
            models.CheckConstraint(
                name="no_personal_permission",
                condition=Q(pk__isnull=True),
                violation_error_message=_("Rights are given by appointment, never to a person."),
            )
        ]


class Pass(models.Model):
    """A link that works without an account, for one purpose, one subject, one mailbox, a time."""

    class Purpose(models.TextChoices):
        """What the pass opens."""

        INVITATION = "invitation", _("set up an account")
        CONTACTS = "contacts", _("confirm or correct contacts")
        FORM = "form", _("fill in one form of a report")
        FIGURES = "figures", _("confirm figures that the ISU transcribed")

    purpose = models.TextField(_("purpose"), choices=Purpose.choices)
    subject = models.TextField(_("subject"), help_text=_("What it opens, such as contact/12."))
    mailbox = models.EmailField(_("mailbox"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("works until"))
    uses_allowed = models.PositiveSmallIntegerField(_("number of uses"), default=1)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} – {self.mailbox}"


class PassUse(models.Model):
    """One use of a pass, written once."""

    used_pass = models.ForeignKey(Pass, models.PROTECT, related_name="uses")
    used_at = models.DateTimeField(_("used at"), default=timezone.now)
    act = models.TextField(_("act"))

    class Meta:
        verbose_name = _("use of a pass")
        verbose_name_plural = _("uses of passes")
        ordering = ["-used_at", "-pk"]
        triggers = [pgtrigger.Protect(name="final", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.used_pass} – {day(localdate(self.used_at))}"


class RecoveryRequest(models.Model):
    """A person who lost the second factor is let in anew: one asks, another agrees."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="recoveries",
        verbose_name=_("person"),
    )
    reason = models.TextField(
        _("reason"), help_text=_("How you know that it is really this person who asks.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agreed by"),
    )
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("refused by"),
    )
    done_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="recovery_takes_two",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                violation_error_message=_("Somebody else has to agree: a recovery takes two."),
            ),
            models.CheckConstraint(
                name="recovery_of_somebody_else",
                condition=(Q(asked_by__isnull=True) | ~Q(asked_by=F("user")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("user"))),
                violation_error_message=_("Nobody recovers the own account."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(done_at__isnull=True),
                name="recovery_once_open",
                violation_error_message=_("A recovery for this person is waiting already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {day(localdate(self.asked_at))}"


kept()(Appointment)
kept()(RecoveryRequest)
