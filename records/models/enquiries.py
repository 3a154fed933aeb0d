"""Questions to the ISU, from any page, and their answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from states import access
from states.models import State


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Questions asked of questions."""

    def visible_to(self, user: access.Person) -> "EnquiryQuerySet":
        """The secretariat reads all; everybody else what they asked themselves."""
        if access.may(user, "ask_clarification"):
            return self.all()
        return self.filter(asked_by=user.pk) if user.is_authenticated else self.none()

    def open(self) -> "EnquiryQuerySet":
        """Neither answered nor settled."""
        return self.filter(answered_at__isnull=True, settled_at__isnull=True)


class Enquiry(models.Model):
    """A question to the ISU: by a person with an account, or with a mailbox, or by nobody known."""

    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("asked by"),
    )
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    mailbox = models.EmailField(_("mailbox for the answer"), blank=True, editable=False)
    about = models.TextField(_("page it was asked on"), blank=True, editable=False)
    language = models.CharField(_("language"), max_length=2, default="en", editable=False)
    question = models.TextField(_("question"), editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("answered by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the ISU")
        verbose_name_plural = _("questions to the ISU")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enquiry_answered_with_words",
                condition=Q(answered_at__isnull=True) | ~Q(answer="") | Q(erased_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        # Without the words: what is written of it elsewhere must not outlive them.
        return str(_("question %(number)s")) % {"number": self.pk}
