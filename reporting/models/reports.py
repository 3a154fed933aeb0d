"""Transparency reports under Article 7: each row is a version; what was handed in never changes."""

import datetime as dt
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records.models import Document, Upload
from states import access
from states.models import State
from states.models.generation import seen_in_public
from states.words import day

DRAFT, HANDED_IN, PUBLISHED = "draft", "handed-in", "published"
# The recommended template exists in the six languages of the United Nations.
UN_LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions asked of reports."""

    def published(self, on: dt.date | None = None) -> "ReportQuerySet":
        """What the public reads: the last version of each State and year published by the day."""
        by_then = Q() if on is None else Q(published_on__lte=on)
        newer = Report.objects.filter(
            by_then,
            state=models.OuterRef("state"),
            kind=models.OuterRef("kind"),
            year=models.OuterRef("year"),
            status=PUBLISHED,
            number__gt=models.OuterRef("number"),
        )
        return self.filter(by_then, ~models.Exists(newer), status=PUBLISHED)

    def published_by(self, on: dt.date) -> "ReportQuerySet":
        """What the public could read on the day: the last version published by then."""
        newer = Report.objects.filter(
            state=models.OuterRef("state"),
            kind=models.OuterRef("kind"),
            year=models.OuterRef("year"),
            status=PUBLISHED,
            published_on__lte=on,
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(newer), status=PUBLISHED, published_on__lte=on)

    def handed_in(self) -> "ReportQuerySet":
        """Everything past draft."""
        return self.exclude(status=DRAFT)

    def visible_to(self, user: access.Person) -> "ReportQuerySet":
        """What exists for this reader.

        A draft exists for those who act for its State, and for the secretariat only while the
        State invites it; a State's handed-in reports for the State and the secretariat;
        published ones for everybody.
        """
        own = access.states_where(user, "view_drafts")
        visible = Q(status=PUBLISHED) | Q(state__in=own)
        if access.may(user, "record_receipt"):
            visible |= ~Q(status=DRAFT)
            visible |= Q(
                pk__in=DraftInvitation.objects.in_force(timezone.localdate()).values("report")
            )
        return self.filter(visible)


class Report(models.Model):
    """One version of a State's transparency report for a calendar year."""

    class Status(models.TextChoices):
        """Nothing handed in returns to draft."""

        DRAFT = DRAFT, _("draft")
        HANDED_IN = HANDED_IN, _("handed in")
        PUBLISHED = PUBLISHED, _("published")

    class Kind(models.TextChoices):
        """Articles 7(1) and 7(2); a State that owes nothing may report voluntarily."""

        INITIAL = "initial", _("initial report")
        ANNUAL = "annual", _("annual report")
        VOLUNTARY = "voluntary", _("voluntary report")

    class Channel(models.TextChoices):
        """How it reached the ISU."""

        PORTAL = "portal", _("portal")
        EMAIL = "e-mail", _("e-mail")
        POST = "post", _("post")
        ARCHIVE = "archive", _("archive")

    state = models.ForeignKey(State, models.PROTECT, related_name="reports")
    kind = models.TextField(_("kind"), choices=Kind.choices)
    year = models.PositiveSmallIntegerField(
        _("year"), help_text=_("The calendar year that the report covers, the last if several.")
    )
    covers_from = models.DateField(_("covers from"))
    covers_to = models.DateField(_("covers to"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    amends = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    language = models.CharField(_("language"), max_length=2, choices=UN_LANGUAGES, default="en")
    schema = models.TextField(_("version of the forms"), default="art7-2010", editable=False)
    marks = models.JSONField(_("cover page"), default=dict, blank=True)
    original = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    channel = models.TextField(_("channel"), choices=Channel.choices, default=Channel.PORTAL)
    note = models.TextField(_("note to the ISU"), blank=True)
    status = models.TextField(_("status"), choices=Status.choices, default=Status.DRAFT)
    reference = models.TextField(_("reference"), blank=True)
    drafted_at = models.DateTimeField(_("begun at"), default=timezone.now)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    touched_at = models.DateTimeField(_("last touched"), default=timezone.now)
    touched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    mailed_on = models.DateField(
        _("mailed to the ISU on"),
        null=True,
        blank=True,
        help_text=_("The day in Geneva, or of the postmark."),
    )
    mailed_at = models.DateTimeField(_("mailed to the ISU at"), null=True, blank=True)
    received_by_isu = models.DateField(_("received by the ISU"), null=True, blank=True)
    sent_to_unoda = models.DateField(_("sent to UNODA"), null=True, blank=True)
    sent_by_state_said = models.BooleanField(
        _("the State says that it has sent the report to UNODA"), default=False
    )
    received_by_unoda = models.DateField(_("received by UNODA"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    # Not said is not agreed.
    contacts_public = models.BooleanField(
        _("the State agrees that its points of contact are published"), null=True, blank=True
    )
    certified_at = models.DateTimeField(_("certified at"), null=True, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    as_published = models.JSONField(
        _("dates as published"), default=dict, blank=True, editable=False
    )
    receipt = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    demo = models.BooleanField(default=False, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("transparency report")
        verbose_name_plural = _("transparency reports")
        ordering = ["-year", "state", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "kind", "year", "number"], name="report_version_once"
            ),
            models.UniqueConstraint(
                fields=["state", "kind", "year"],
                # What the ISU files from e-mail or post does not wait for the State's own draft.
                condition=Q(status=DRAFT, channel="portal"),
                name="report_one_draft",
                violation_error_message=_("There is a draft for this State and year already."),
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="report_reference_once"
            ),
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(covers_from__lte=F("covers_to")),
                violation_error_message=_("The period ends before it begins."),
            ),
            models.CheckConstraint(
                name="report_handed_in_is_complete",
                condition=Q(status=DRAFT, handed_in_at__isnull=True)
                | (
                    ~Q(status=DRAFT)
                    & Q(handed_in_at__isnull=False, handed_in_by__isnull=False)
                    & Q(original__isnull=False)
                    # Of the past nobody may know when the ISU had its copy.
                    & (Q(received_by_isu__isnull=False) | Q(channel="archive"))
                    & ~Q(reference="")
                ),
            ),
            models.CheckConstraint(
                name="report_mailed_on_a_day",
                condition=Q(mailed_at__isnull=True) | Q(mailed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="report_published_on_a_day",
                condition=~Q(status=PUBLISHED) | Q(published_on__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="handed_in_content_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND ("
                    + " OR ".join(
                        f"OLD.{column} IS DISTINCT FROM NEW.{column}"
                        for column in (
                            "state_id",
                            "kind",
                            "year",
                            "covers_from",
                            "covers_to",
                            "number",
                            "amends_id",
                            "language",
                            "schema",
                            "marks",
                            "original_id",
                            "channel",
                            "note",
                            "as_published",
                            "reference",
                            "handed_in_at",
                            "handed_in_by_id",
                            "contacts_public",
                            "certified_at",
                            "certified_by_id",
                        )
                    )
                    + " OR NEW.status IN ('draft') OR (OLD.status IN ('published') AND "
                    "NEW.status <> 'published'))"
                ),
            ),
            pgtrigger.Protect(
                name="publication_and_receipt_are_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.status IN ('published') AND OLD.published_on IS DISTINCT FROM "
                    "NEW.published_on) OR (OLD.receipt_id IS NOT NULL AND OLD.receipt_id IS "
                    "DISTINCT FROM NEW.receipt_id))"
                ),
            ),
            pgtrigger.Protect(
                name="handed_in_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status=DRAFT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state}, {self.get_kind_display()} {self.year}"

    @property
    def working_reference(self) -> str:
        """How a draft is named before it has a reference: for ever, and in no series."""
        return self.reference or f"A7-{self.year}-{self.state_id}-D{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.state_id, self.kind, self.year, self.number])

    def owners(self) -> list[State]:
        """The State whose report it is."""
        return [self.state]


class DraftInvitationQuerySet(models.QuerySet["DraftInvitation"]):
    """Questions asked of invitations to a draft."""

    def in_force(self, on: dt.date) -> "DraftInvitationQuerySet":
        """Invitations that stand on the day."""
        return self.filter(from_on__lte=on, until_on__gte=on, revoked_at__isnull=True)


class DraftInvitation(models.Model):
    """A State lets the secretariat read a draft, for a time; it may take that back at once."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="invitations")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = DraftInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a draft")
        verbose_name_plural = _("invitations to drafts")
        ordering = ["-invited_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.report} – {day(self.until_on)}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Questions asked of remarks."""

    def of_report(self, report: Report) -> "RemarkQuerySet":
        """What was said of the report, on whichever of its versions."""
        return self.filter(
            report__state=report.state_id, report__kind=report.kind, report__year=report.year
        )

    def asked(self) -> "RemarkQuerySet":
        """The questions of the secretariat, each the head of a thread."""
        return self.filter(side=Remark.Side.SECRETARIAT, question__isnull=True)

    def open(self) -> "RemarkQuerySet":
        """The questions that are not settled."""
        return self.asked().filter(settled_at__isnull=True)

    def with_turn(self) -> Any:
        """Each question with `turn`: whose word is awaited, the State's or the secretariat's.

        The State's until it has answered the last words of the secretariat, in words or by a
        version that it handed in since.
        """
        said = Remark.objects.filter(question=models.OuterRef("pk")).order_by("-made_at", "-pk")
        newer = Report.objects.handed_in().filter(
            state=models.OuterRef("report__state"),
            kind=models.OuterRef("report__kind"),
            year=models.OuterRef("report__year"),
            number__gt=models.OuterRef("report__number"),
            handed_in_at__gte=models.OuterRef("asked_last_at"),
        )
        asked_again = said.filter(side=Remark.Side.SECRETARIAT)
        return self.annotate(
            asked_last_at=Coalesce(
                models.Subquery(asked_again.values("made_at")[:1]), models.F("made_at")
            ),
            last_side=models.Subquery(said.values("side")[:1]),
            version_since=models.Subquery(newer.order_by("number").values("reference")[:1]),
        ).annotate(
            turn=models.Case(
                models.When(
                    Q(last_side=Remark.Side.STATE) | Q(version_since__isnull=False),
                    then=models.Value(str(Remark.Side.SECRETARIAT)),
                ),
                default=models.Value(str(Remark.Side.STATE)),
                output_field=models.TextField(),
            )
        )


class Remark(models.Model):
    """A question of the secretariat on what was handed in, or a word that belongs to one.

    A row without `question` is the head of a thread, and the others name it. `form` and `place` (a
    question of the form, or a row: "areas.area0001") say what it is about; empty is the whole
    report. Only questions are settled, by the secretariat, with a word. Of the time before threads
    there are words of States that name no question.
    """

    class Side(models.TextChoices):
        """Who speaks."""

        STATE = "state", _("State")
        SECRETARIAT = "secretariat", _("ISU")

    report = models.ForeignKey(Report, models.PROTECT, related_name="remarks")
    question = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answers"
    )
    form = models.TextField(_("form"), blank=True)
    place = models.TextField(_("place"), blank=True)
    side = models.TextField(_("side"), choices=Side.choices)
    text = models.TextField(_("text"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_why = models.TextField(_("how it was settled"), blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="only_questions_settle",
                condition=Q(settled_at__isnull=True) | Q(question__isnull=True, side="secretariat"),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="text_is_final",
                fields=[
                    "report",
                    "question",
                    "form",
                    "place",
                    "side",
                    "text",
                    "made_at",
                    "made_by",
                ],
            ),
            pgtrigger.Protect(name="remarks_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.text[:60]


seen_in_public(Report, of="r.state_id", only="r.status IN ('published')")
