"""Single forms of a draft in the hands of colleagues, who have no account."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.models import Upload
from reporting.models.reports import DRAFT, Report
from states import access
from states.access import Person
from states.models import State

OUT, BACK = "out", "back"
TAKEN, WITHDRAWN, ENDED = "taken", "withdrawn", "ended"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Questions asked of delegations."""

    def open(self) -> DelegationQuerySet:
        """Those that are not settled: with the colleague, or handed back and not taken over."""
        return self.filter(status__in=[OUT, BACK], report__status=DRAFT)

    def visible_to(self, user: Person) -> DelegationQuerySet:
        """A colleague's copy is read by those who draft for the State, and by nobody else."""
        return self.filter(report__state__in=access.states_where(user, "draft_report"))


class Delegation(models.Model):
    """One form of a draft, handed to a colleague until a day.

    The colleague writes into this copy; the State's own answers change when it is taken over, and
    not before. `began` says from which state of the form the copy began: its `token` and its mark.
    """

    class Status(models.TextChoices):
        """With the colleague, handed back, and how it ended."""

        OUT = OUT, _("with the colleague")
        BACK = BACK, _("handed back")
        TAKEN = TAKEN, _("taken over")
        WITHDRAWN = WITHDRAWN, _("withdrawn")
        ENDED = ENDED, _("ended at hand-in")

    report = models.ForeignKey(Report, models.CASCADE, related_name="delegations")
    form = models.TextField(_("form"))
    mailbox = models.EmailField(_("mailbox"))
    function = models.TextField(_("function"))
    language = models.CharField(_("language"), max_length=2, default="en")
    word = models.TextField(_("word to the colleague"), blank=True)
    until_on = models.DateField(_("until"))
    status = models.TextField(_("status"), choices=Status.choices, default=Status.OUT)
    said = models.JSONField(_("answers"), default=dict, blank=True)
    unread = models.JSONField(_("not yet answers"), default=dict, blank=True, editable=False)
    mark = models.JSONField(_("mark"), default=dict, blank=True)
    began = models.JSONField(default=dict, editable=False)
    files = models.ManyToManyField(Upload, blank=True, related_name="delegations")
    links = models.PositiveSmallIntegerField(_("links made"), default=0, editable=False)
    handed_out_at = models.DateTimeField(_("handed out at"), default=timezone.now)
    handed_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed out by")
    )
    opened_at = models.DateTimeField(_("first opened at"), null=True, blank=True)
    touched_at = models.DateTimeField(_("last touched"), default=timezone.now)
    handed_back_at = models.DateTimeField(_("handed back at"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("form with a colleague")
        verbose_name_plural = _("forms with colleagues")
        ordering = ["report", "form", "-handed_out_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "form"],
                condition=Q(status__in=[OUT, BACK]),
                name="form_with_one_colleague",
                violation_error_message=_("This form is with a colleague already."),
            )
        ]

    def __str__(self) -> str:
        # Neither the mailbox nor the function: this is what events and passes are called by.
        return f"{self.report}: {self.form}"

    def owners(self) -> list[State]:
        """The State whose draft it is of."""
        return [self.report.state]

    @property
    def touched_by(self) -> str:
        """Who holds the link, as a page says it of whoever saved a form."""
        return self.function or gettext("Somebody with this link")

    @cached_property
    def person_left(self) -> bool:
        """Whether whoever handed it out drafts for the State no more: the link ended with that.

        Whoever has the link may write, also the one who handed it out and was shown it. Another
        of the State's drafters who asks the colleague again takes it on, with a new link.
        """
        return not access.may(self.handed_out_by, "draft_report", self.report.state_id)

    def runs(self, on: dt.date) -> bool:
        """Whether the colleague may write on the day."""
        return self.status == OUT and on <= self.until_on and not self.person_left

    @property
    def has_run_out(self) -> bool:
        """Whether the day until which the colleague had it is past."""
        return self.status == OUT and self.until_on < timezone.localdate()
