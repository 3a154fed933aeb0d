"""Templates, guides, model laws and checklists that help a State to do what it has to do."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.models.uploads import Upload
from states import access
from states.models.actors import Confidence
from states.words import out_of_reach


class ToolQuerySet(models.QuerySet["Tool"]):
    """Questions asked of tools."""

    def visible_to(self, user: access.Person) -> "ToolQuerySet":
        """The published ones; staff see the others, too."""
        if access.may(user, "register_notes"):
            return self.all()
        return self.filter(published=True)


class Tool(models.Model):
    """One tool: a link, or a file that is kept here, or a paper known by its symbol alone.

    `use` names what it helps with: a form of the report by its key, or one of the other steps,
    apart by spaces.
    """

    class Kind(models.TextChoices):
        """What it is."""

        TEMPLATE = "template", _("template")
        GUIDE = "guide", _("guide")
        MODEL_LAW = "model-law", _("model law")
        CHECKLIST = "checklist", _("checklist")

    key = models.SlugField(_("key"), unique=True, help_text=_("A short name that never changes."))
    kind = models.TextField(_("kind"), choices=Kind.choices)
    title_en = models.TextField(_("title in English"))
    title_fr = models.TextField(_("title in French"), blank=True)
    title_es = models.TextField(_("title in Spanish"), blank=True)
    link = models.CharField(
        _("link"),
        max_length=500,
        blank=True,
        help_text=_("Begins with https://, or with / for a page of this portal."),
    )
    symbol = models.TextField(_("symbol"), blank=True)
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="tools", editable=False
    )
    language = models.CharField(
        _("language"), max_length=2, blank=True, help_text=_("Empty: several languages.")
    )
    use = models.TextField(
        _("helps with"),
        default="report",
        help_text=_("Keys of forms, or: report, extension, laws. Apart by spaces."),
    )
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )
    to_be_confirmed = models.BooleanField(_("to be confirmed by the ISU"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=50)
    published = models.BooleanField(_("published"), default=True)

    objects = ToolQuerySet.as_manager()

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["position", "title_en", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language, where it has one there."""
        language = (get_language() or "en")[:2]
        return str(getattr(self, f"title_{language}", "") or self.title_en)

    def clean(self) -> None:
        """A link leads somewhere safe."""
        if self.link and not self.link.startswith(("https://", "/")):
            raise ValidationError({"link": _("Begin with https://, or with / for a page here.")})
        if self.as_of is not None and (why := out_of_reach(self.as_of)):
            raise ValidationError({"as_of": why})
