"""Who acts: States with their treaty actions and former names, organisations, users."""

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from states import deadlines
from states.history import kept
from states.standing import INSTRUMENTS, SIGNATURE, WITHDRAWAL, Standing, standing
from states.words import day

LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]


# The longest short name of the United Nations, in three languages, has some sixty.
LONGEST_NAME = 120


class Confidence(models.TextChoices):
    """How sure a fact is. Rows of low confidence are never shown as fact."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class RegionalGroup(models.TextChoices):
    """Regional groups of the United Nations, and the few States outside them."""

    AFRICAN = "African", _("African Group")
    ASIA_PACIFIC = "Asia-Pacific", _("Asia-Pacific Group")
    EASTERN_EUROPEAN = "Eastern European", _("Eastern European Group")
    GRULAC = "GRULAC", _("Latin American and Caribbean Group")
    WEOG = "WEOG", _("Western European and Others Group")
    NONE = "", _("No regional group")


# The words that stand in an address for a regional group.
GROUPS: Mapping[str, RegionalGroup] = {
    "african": RegionalGroup.AFRICAN,
    "asia-pacific": RegionalGroup.ASIA_PACIFIC,
    "eastern-european": RegionalGroup.EASTERN_EUROPEAN,
    "latin-american-and-caribbean": RegionalGroup.GRULAC,
    "western-european-and-others": RegionalGroup.WEOG,
    "none": RegionalGroup.NONE,
}


class StateQuerySet(models.QuerySet["State"]):
    """Questions asked of States."""

    def of_the_treaty(self) -> "StateQuerySet":
        """Real States only: what is invented for demonstrations counts nowhere."""
        return self.filter(demo=False)

    def fictional(self) -> "StateQuerySet":
        """The States that exist only in the demonstration."""
        return self.filter(demo=True)

    def with_past(self) -> "StateQuerySet":
        """With what each State did and was called: two queries more, and none for any row.

        Kept as plain lists: Django's own prefetching makes a manager and a queryset for each row,
        which for two hundred States costs more than reading them.
        """
        return self.prefetch_related(
            Prefetch("actions", TreatyAction.objects.order_by(), to_attr="acted"),
            Prefetch("former_names", FormerName.objects.order_by(), to_attr="formerly"),
        )

    def bound(self, on: dt.date) -> "StateQuerySet":
        """States for which the Convention is in force on the day."""
        actions = TreatyAction.objects.filter(state=OuterRef("pk"), done_on__lte=on)
        newest = actions.filter(kind__in=INSTRUMENTS).order_by("-done_on")
        left = TreatyAction.objects.filter(
            state=OuterRef("state"),
            kind=WITHDRAWAL,
            takes_effect_on__lte=on,
            done_on__gte=OuterRef("done_on"),
        )
        return self.filter(Exists(newest.filter(takes_effect_on__lte=on).exclude(Exists(left))))


@functools.cache
def _zones() -> set[str]:
    return zoneinfo.available_timezones()


class State(models.Model):
    """A State, whatever its status towards the Convention: that is asked of its treaty actions."""

    iso3 = models.CharField(_("code"), max_length=3, primary_key=True)
    iso2 = models.CharField(_("two-letter code"), max_length=2, unique=True)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True)
    name_en = models.TextField(_("name in English"))
    name_fr = models.TextField(_("name in French"))
    name_es = models.TextField(_("name in Spanish"))
    regional_group = models.TextField(
        _("regional group"), choices=RegionalGroup.choices, blank=True
    )
    un_member = models.BooleanField(_("member of the United Nations"), default=True)
    time_zone = models.TextField(_("time zone of the capital"), blank=True)
    demo = models.BooleanField(_("fictional"), default=False, editable=False)
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = StateQuerySet.as_manager()

    class Meta:
        verbose_name = _("State")
        verbose_name_plural = _("States")
        ordering = ["name_en", "iso3"]
        constraints = [
            models.CheckConstraint(
                name="state_fictional_codes",
                condition=Q(demo=True, iso3__in=["XAA", "XAB", "XAC", "XAD"])
                | (Q(demo=False) & ~Q(iso3__in=["XAA", "XAB", "XAC", "XAD"])),
                violation_error_message=_(
                    "The codes XAA to XAD belong to the fictional States of the demonstration."
                ),
            ),
            models.CheckConstraint(
                name="state_codes_are_capitals",
                condition=Q(iso3__regex=r"^[A-Z]{3}$", iso2__regex=r"^[A-Z]{2}$"),
                violation_error_message=_("Codes are capital letters: three, and two."),
            ),
        ]
        permissions = [
            ("view_drafts", "May read what the State is drafting"),
            ("draft_report", "May draft a transparency report"),
            ("hand_in_report", "May hand a transparency report to the ISU"),
            ("certify_report", "May certify a transparency report before it is handed in"),
            ("request_extension", "May draft and submit an extension request"),
            ("declare_compliance", "May submit a declaration of compliance"),
            ("view_contributions", "May read the State's contributions, notices and receipts"),
            ("keep_contacts", "May confirm and correct the State's contacts"),
            ("hold_office", "May act in an office that the State holds"),
        ]

    def __str__(self) -> str:
        return self.name()

    def clean(self) -> None:
        """Names are short; a time zone is one that the clock knows: deadlines end in it."""
        refuse_long_names(self)
        if self.time_zone and self.time_zone not in _zones():
            raise ValidationError(
                {
                    "time_zone": _(
                        "“%(zone)s” is no time zone; write it as Asia/Vientiane or Europe/Vilnius,"
                        " or leave it empty."
                    )
                    % {"zone": self.time_zone}
                }
            )

    def get_absolute_url(self) -> str:
        return reverse("state", args=[self.iso3])

    def name(self, on: dt.date | None = None, language: str | None = None) -> str:
        """The State's short name in the language (the reader's by default) as at the day."""
        language = (language or get_language() or "en")[:2]
        if language not in {"en", "fr", "es"}:
            language = "en"
        row: State | FormerName = self
        if on is not None:
            former = sorted(self.past_names(), key=lambda name: name.until_on)
            row = next((name for name in former if on <= name.until_on), self)
        return getattr(row, f"name_{language}")

    def past_names(self) -> Iterable["FormerName"]:
        """The names that it bore before, in no order."""
        read = vars(self).get("formerly")
        return self.former_names.all() if read is None else read

    def standing(self, on: dt.date | None = None) -> Standing:
        """Where the State stands on the day (today by default)."""
        read = vars(self).get("acted")
        return standing(self.actions.all() if read is None else read, on or localdate())


def refuse_long_names(row: "State | FormerName") -> None:
    """A name stands in headings and tables: ValidationError, by column, for one that cannot."""
    longest = {
        name: len(getattr(row, name))
        for name in ("name_en", "name_fr", "name_es")
        if len(getattr(row, name)) > LONGEST_NAME
    }
    if longest:
        raise ValidationError(
            {
                name: _(
                    "This name has %(length)d letters, and a page has room for %(most)d: give the "
                    "short name, and put the full one into the note."
                )
                % {"length": length, "most": LONGEST_NAME}
                for name, length in longest.items()
            }
        )


class FormerName(models.Model):
    """A name that the State bore until a day: a table for 2015 prints the names of 2015."""

    state = models.ForeignKey(State, models.CASCADE, related_name="former_names")
    name_en = models.TextField(_("name in English"))
    name_fr = models.TextField(_("name in French"))
    name_es = models.TextField(_("name in Spanish"))
    until_on = models.DateField(_("until"))
    source = models.TextField(_("source"), blank=True)

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        ordering = ["state", "until_on"]
        constraints = [
            models.UniqueConstraint(fields=["state", "until_on"], name="former_name_once_a_day")
        ]

    def clean(self) -> None:
        """Names are short."""
        refuse_long_names(self)

    def __str__(self) -> str:
        return self.name_en


class TreatyAction(models.Model):
    """What a State did towards the Convention, and when that takes effect."""

    class Kind(models.TextChoices):
        """Articles 15, 16, 18 and 20."""

        SIGNATURE = SIGNATURE, pgettext_lazy("treaty action", "signature")
        RATIFICATION = "ratification", _("ratification")
        ACCEPTANCE = "acceptance", _("acceptance")
        APPROVAL = "approval", _("approval")
        ACCESSION = "accession", _("accession")
        PROVISIONAL = "provisional-application", _("provisional application")
        DECLARATION = "declaration", _("declaration")
        WITHDRAWAL = WITHDRAWAL, _("withdrawal")

    state = models.ForeignKey(State, models.PROTECT, related_name="actions")
    kind = models.TextField(_("kind"), choices=Kind.choices)
    done_on = models.DateField(_("done on"))
    takes_effect_on = models.DateField(_("takes effect on"), null=True, blank=True)
    effect_reason = models.TextField(
        _("why the effect differs from the rule"),
        blank=True,
        help_text=_("Article 20(3): not before the end of an armed conflict, for example."),
    )
    notification = models.TextField(_("depositary notification"), blank=True)
    confidence = models.TextField(
        _("confidence"), choices=Confidence.choices, default=Confidence.HIGH
    )
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("treaty action")
        verbose_name_plural = _("treaty actions")
        ordering = ["state", "done_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["state", "kind", "done_on"], name="treaty_action_once"),
            models.CheckConstraint(
                name="treaty_action_has_effect",
                condition=~Q(kind__in=[*INSTRUMENTS, WITHDRAWAL])
                | Q(takes_effect_on__isnull=False),
                violation_error_message=_(
                    "An instrument and a withdrawal take effect on a day (Articles 17 and 20)."
                ),
            ),
            models.CheckConstraint(
                name="treaty_action_after_opening",
                condition=Q(done_on__gte=deadlines.OPENED_FOR_SIGNATURE),
                violation_error_message=_(
                    "Article 15: the Convention was opened for signature on 3 December 2008; no"
                    " State did anything under it before. Check the day."
                ),
            ),
            models.CheckConstraint(
                name="treaty_action_signed_while_open",
                condition=~Q(kind=SIGNATURE) | Q(done_on__lt=deadlines.FIRST_ENTRY_INTO_FORCE),
                violation_error_message=_(
                    "Article 15: the Convention was open for signature until its entry into force"
                    " on 1 August 2010; since then States accede. Check the day."
                ),
            ),
            models.CheckConstraint(
                name="treaty_action_withdrawn_in_force",
                condition=~Q(kind=WITHDRAWAL) | Q(done_on__gte=deadlines.FIRST_ENTRY_INTO_FORCE),
                violation_error_message=_(
                    "Article 20: nobody withdraws before the Convention is in force, on 1 August"
                    " 2010. Check the day."
                ),
            ),
            models.CheckConstraint(
                name="treaty_action_effect_follows",
                condition=Q(takes_effect_on__isnull=True) | Q(takes_effect_on__gte=F("done_on")),
                violation_error_message=_("It cannot take effect before it is done."),
            ),
            # Who is a party follows from these rows in every list, count and sum.
            models.CheckConstraint(
                name="treaty_action_is_sure",
                condition=~Q(confidence=Confidence.LOW),
                violation_error_message=_(
                    "A treaty action decides who is a party: record it once a source confirms it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id}: {self.get_kind_display()} ({day(self.done_on)})"

    def by_rule(self) -> dt.date | None:
        """The day on which the action takes effect by Article 17 or 20, if it has one."""
        if self.kind in INSTRUMENTS:
            return deadlines.entry_into_force(self.done_on)
        if self.kind == WITHDRAWAL:
            return deadlines.withdrawal_effect(self.done_on)
        return None

    def clean(self) -> None:
        """What the law or arithmetic forbids is refused; the day of effect follows by itself."""
        from states import objections  # noqa: PLC0415 -- it reads these models

        if not (self.state_id and self.kind and self.done_on):
            return
        if self.takes_effect_on is None and not self.effect_reason:
            self.takes_effect_on = self.by_rule()
        objections.check(self)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Without a reason to differ, the rule of the Convention gives the day of effect."""
        if not self.effect_reason:
            self.takes_effect_on = self.by_rule()
        super().save(*args, **kwargs)


class Organisation(models.Model):
    """An organisation that takes part beside the States: ICRC, CMC, UNODA, GICHD."""

    code = models.SlugField(_("code"), primary_key=True, max_length=20)
    name_en = models.TextField(_("name in English"))
    name_fr = models.TextField(_("name in French"), blank=True)
    name_es = models.TextField(_("name in Spanish"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_en", "pk"]

    def __str__(self) -> str:
        return getattr(self, f"name_{(get_language() or 'en')[:2]}", "") or self.name_en


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no way to make a superuser."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who may sign in and may do nothing until appointed."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """E-mail addresses are compared without regard to case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Rights come from appointments; a superuser does not exist."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.TextField(_("name or function"))
    title = models.TextField(_("form of address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("added"), auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    # What `states.access` found for today, kept with the person for one request.
    _rights: Any = None

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                name="user_no_superuser",
                condition=Q(is_superuser=False),
                violation_error_message=_("Nobody is above the appointments."),
            ),
            models.CheckConstraint(
                name="user_email_is_lower_case",
                condition=Q(email=models.functions.Lower("email")),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Of the secretariat today; what Django's admin asks."""
        from states import access  # noqa: PLC0415 -- access reads these models

        return access.is_secretariat(self)


kept()(State)
kept()(FormerName)
kept()(TreatyAction)
kept()(Organisation)
kept(fields=["email", "name", "title", "language", "is_active"])(User)
