"""Documents, their revisions, and gap-free references."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import fulltext
from records.models.uploads import Upload
from states.models import State
from states.models.actors import LANGUAGES
from states.naming import folded


class Reference(models.Model):
    """The last number given in a series; its row is locked while a number is taken."""

    series = models.TextField(_("series"))
    year = models.PositiveSmallIntegerField(_("year"))
    of = models.TextField(_("of"), blank=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("reference series")
        verbose_name_plural = _("reference series")
        ordering = ["series", "-year", "of"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "of"], name="reference_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.of}-{self.last:02d}"

    @classmethod
    def take(cls, series: str, year: int, of: str = "") -> str:
        """The next reference, such as A7-2025-PER-01. Gap-free: it is given back on roll-back."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a reference is taken inside the transaction that uses it")
        cls.objects.get_or_create(series=series, year=year, of=of)
        row = cls.objects.select_for_update(of=("self",)).get(series=series, year=year, of=of)
        row.last += 1
        row.save(update_fields=["last"])
        parts = [series, str(year), of, f"{row.last:02d}"]
        return "-".join(part for part in parts if part)


class Document(models.Model):
    """A paper with a reference of ours, and a symbol once the United Nations gives one."""

    class Family(models.TextChoices):
        """Who speaks: documents.md section 0."""

        SESSION = "session", _("session document")
        SECRETARIAT = "secretariat", _("paper of the secretariat")
        STATE = "state", _("paper of a State")

    reference = models.TextField(_("reference"), unique=True)
    symbol = models.TextField(_("symbol"), null=True, blank=True)
    symbol_key = models.TextField(null=True, blank=True, unique=True, editable=False)
    kind = models.TextField(_("kind"))
    family = models.TextField(_("family"), choices=Family.choices)
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    language = models.CharField(_("original language"), max_length=2, default="en")
    audience = models.TextField(
        _("audience"),
        default="secretariat",
        help_text=_("Who may read it, such as public, states, state:LAO or secretariat."),
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        triggers = [pgtrigger.ReadOnly(name="reference_is_final", fields=["reference", "state"])]

    def __str__(self) -> str:
        return self.symbol or self.reference


class RevisionManager(models.Manager["Revision"]):
    """Leaves the words that PostgreSQL searches in PostgreSQL: nobody reads them."""

    def get_queryset(self) -> models.QuerySet["Revision"]:
        """Every text, without its index."""
        return super().get_queryset().defer("search")


class Revision(models.Model):
    """One text of a document in one language. Issued, it is final."""

    class Standing(models.TextChoices):
        """What the text is worth."""

        ORIGINAL = "original", _("original")
        OFFICIAL = "official", _("official translation")
        COURTESY = "courtesy", _("courtesy translation")

    class Status(models.TextChoices):
        """Where the text stands."""

        DRAFT = "draft", _("draft")
        ISSUED = "issued", _("issued")
        WITHDRAWN = "withdrawn", _("withdrawn")

    document = models.ForeignKey(Document, models.PROTECT, related_name="revisions")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    standing = models.TextField(_("standing"), choices=Standing.choices, default=Standing.ORIGINAL)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    status = models.TextField(_("status"), choices=Status.choices, default=Status.DRAFT)
    title = models.TextField(_("title"))
    body = models.TextField(_("text"), blank=True)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    html = models.TextField(_("page as issued"), blank=True, editable=False)
    pdf = models.TextField(_("stored PDF"), blank=True, editable=False)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_by_portal = models.BooleanField(default=False, editable=False)
    search = models.GeneratedField(
        expression=fulltext.vector(), output_field=SearchVectorField(), db_persist=True
    )

    objects = RevisionManager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["document", "language", "-number"]
        indexes = [
            models.Index(fields=["sha256"]),
            models.Index(fields=["text_sha256"]),
            GinIndex(fields=["search"], name="revision_words"),
            GinIndex(
                OpClass(folded(fulltext.plain("body")), name="gin_trgm_ops"),
                condition=~Q(language__in=fulltext.BY_WORDS_ALONE),
                name="revision_letters",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "language", "number"], name="revision_once"
            ),
            models.CheckConstraint(
                name="revision_issued_by_somebody",
                condition=Q(status="draft", issued_at__isnull=True, issued_by__isnull=True)
                | (
                    ~Q(status="draft")
                    & Q(issued_at__isnull=False)
                    & (Q(issued_by__isnull=False) | Q(issued_by_portal=True))
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="issued_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="issued") & ~pgtrigger.Q(new__status="withdrawn")
                | pgtrigger.Q(old__status="withdrawn"),
            ),
            # Withdrawing changes the status alone: the text stays what copies of it say.
            pgtrigger.Protect(
                name="withdrawn_as_it_was_issued",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status <> 'draft' AND ("
                    + " OR ".join(
                        f"OLD.{column} IS DISTINCT FROM NEW.{column}"
                        for column in (
                            "document_id",
                            "language",
                            "standing",
                            "number",
                            "title",
                            "body",
                            "upload_id",
                            "html",
                            "pdf",
                            "sha256",
                            "text_sha256",
                            "issued_at",
                            "issued_by_id",
                        )
                    )
                    + ")"
                ),
            ),
            pgtrigger.Protect(
                name="issued_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.language})"
