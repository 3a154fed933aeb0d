"""The registers of those who sign in: users, appointments, passes, recoveries."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states import access, passes
from states.access import BY_DIRECTION
from states.admin.acts import Act, StaffRequest, WhyForm
from states.admin.base import ReadOnlyAdmin, ReasonedForm, WorkplaceAdmin
from states.admin.parts import Line, Part, lines
from states.admin.people import EndForm, Standing
from states.models import Appointment, Pass, PassUse, RecoveryRequest, User
from states.words import day, moment


class UserForm(ReasonedForm):
    """What staff may correct about a person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


@admin.register(User)
class UserAdmin(WorkplaceAdmin):
    """People who sign in. They come by invitation; rights come from appointments alone."""

    section = "people"
    stays_in_the_house = True
    view_right = "appoint"
    change_right = "appoint"
    asks_why = True
    form = UserForm
    guidance = lazy(
        "Nobody is given a right here: rights come from appointments and end with them. A new "
        "address is entered by the person, under “Account”."
    )
    list_display = ["name", "email", "language", "acts_as", "is_active", "last_login"]
    list_filter = ["is_active", "language", "appointments__role"]
    search_fields = ["name", "email", "appointments__state__name_en"]
    fields = ["email", ("title", "name"), "language", "is_active", "last_login"]
    readonly_fields = ["email", "last_login"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With their appointments."""
        return super().get_queryset(request).prefetch_related("appointments__state")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Nobody closes their own account by mistake, nor that of who directs."""
        fixed = list(self.readonly_fields)
        if obj is not None and (obj == request.user or not _may_end_all(request.user, obj)):
            fixed.append("is_active")
        return fixed

    @admin.display(description=lazy("acts as"))
    def acts_as(self, row: User) -> str:
        """The appointments of today."""
        today = localdate()
        return ", ".join(
            f"{one.get_role_display()} ({one.state_id or one.organisation_id or 'ISU'})"
            for one in row.appointments.all()
            if one.from_on <= today and not one.is_over(today)
        )

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The two forms about people."""
        return [*super().list_acts(request), *people_acts(request.user)]

    def parts(self, request: HttpRequest, obj: User) -> list[Part]:
        """For whom the person acts, and the passes made for them."""
        part = Part(
            "appointments",
            _("Appointments"),
            (_("Role"), _("For"), _("From"), _("Until"), _("Reference")),
            links=people_acts(request.user),
        )
        part.lines = lines(
            (
                row,
                (
                    str(row.get_role_display()),
                    str(row.state or row.organisation or _("the secretariat")),
                    day(row.from_on),
                    day(row.until_on) if row.until_on else _("open"),
                    row.reference,
                ),
            )
            for row in obj.appointments.select_related("state", "organisation")
        )
        return [part]


def people_acts(user: Any) -> list[dict[str, str]]:
    """Invite a person, help one to sign in again."""
    acts = []
    if access.may(user, "appoint"):
        acts.append({"url": reverse("invite"), "label": _("Invite a person")})
    if access.may(user, "help_to_sign_in"):
        acts.append({"url": reverse("recovery"), "label": _("Recover a sign-in")})
    return acts


def _may_end_all(user: Any, person: User) -> bool:
    directs = bool(access.may(user, "change_practice"))
    return directs or not person.appointments.filter(role__in=BY_DIRECTION).exists()


def _end_appointment(request: StaffRequest, row: Appointment, data: dict[str, Any]) -> None:
    _refuse_unless_ended_by(request.user, row)
    access.end_appointment(row, on=data["on"], by=request.user, reason=data["reason"])


def _end_at_once(request: StaffRequest, row: Appointment, data: dict[str, Any]) -> None:
    _refuse_unless_ended_by(request.user, row)
    access.end_at_once(row, by=request.user, reason=data["reason"])


def _refuse_unless_ended_by(user: User, row: Appointment) -> None:
    if row.is_over(localdate()):
        raise ValidationError(_("This appointment has ended already."))
    if not _may_end(user, row):
        raise ValidationError(_("Only the Director ends this appointment."))


def _may_end(user: Any, row: Appointment) -> bool:
    runs = not row.is_over(localdate())
    return runs and (row.role not in BY_DIRECTION or bool(access.may(user, "change_practice")))


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Who acts for whom, since when, on whose word."""

    section = "people"
    final = lazy(
        "An appointment is not edited: it is ended on a day, and a new one is made with its own "
        "reference."
    )
    list_display = ["user", "role", "of", "from_on", "until_on", "reference"]
    list_filter = [Standing, "role", "secretariat"]
    list_select_related = ["user", "state", "organisation"]
    search_fields = ["user__name", "user__email", "state__name_en", "state__iso3", "reference"]
    fields = [
        "user",
        "role",
        "of",
        ("from_on", "until_on", "ended_at_once"),
        "reference",
        "appointed_by",
    ]
    readonly_fields = ["of", "ended_at_once"]
    acts = (
        Act(
            "end",
            lazy("End the appointment"),
            "appoint",
            does=_end_appointment,
            form=EndForm,
            open_to=_may_end,
            bulk=True,
            done=lazy("Ended: %(count)s."),
            help=lazy("On a day: it is the last one with the rights."),
        ),
        Act(
            "end-at-once",
            lazy("End it at once"),
            "appoint",
            does=_end_at_once,
            form=WhyForm,
            open_to=_may_end,
            bulk=True,
            done=lazy("Ended: %(count)s."),
            help=lazy("The rights go now, not at the end of the day."),
        ),
    )

    @admin.display(description=lazy("for"))
    def of(self, row: Appointment) -> str:
        """State, organisation or secretariat."""
        return str(row.state or row.organisation or _("the secretariat"))

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """A new one comes by invitation, to a known person too."""
        return [*super().list_acts(request), *people_acts(request.user)]


def _revoke(request: StaffRequest, row: Pass, data: dict[str, Any]) -> None:
    passes.revoke(row, by=request.user)


def _works(user: Any, row: Pass) -> bool:
    return row.revoked_at is None and row.expires_at > timezone.now()


@admin.register(Pass)
class PassAdmin(ReadOnlyAdmin):
    """Links that work without an account. The secret is not here: it is stored hashed."""

    section = "people"
    stays_in_the_house = True
    view_right = "appoint"
    final = lazy("A pass is not edited: it is revoked, and a new one is made.")
    list_display = ["mailbox", "purpose", "opens", "made_at", "expires_at", "revoked_at", "uses"]
    list_filter = ["purpose", ("revoked_at", admin.EmptyFieldListFilter)]
    date_hierarchy = "made_at"
    search_fields = ["mailbox", "subject"]
    fields = [
        ("purpose", "opens", "mailbox"),
        ("made_at", "made_by"),
        ("expires_at", "uses_allowed"),
        ("revoked_at", "revoked_by"),
    ]
    readonly_fields = ["opens"]
    acts = (
        Act(
            "revoke",
            lazy("Revoke the pass"),
            "appoint",
            does=_revoke,
            open_to=_works,
            closed=lazy("This pass does not work any more."),
            bulk=True,
            done=lazy("Revoked: %(count)s."),
            help=lazy("The link stops working at once."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pass]:
        """With their uses; to whom a State handed a form of its draft is the State's alone."""
        rows = super().get_queryset(request).exclude(purpose=Pass.Purpose.FORM)
        return rows.prefetch_related("uses")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With what the passes of the page open, asked once for all of them."""
        changelist = super().get_changelist_instance(request)
        names = passes.subjects(row.subject for row in changelist.result_list)
        for row in changelist.result_list:
            row.named = names.get(row.subject, "–")
        return changelist

    @admin.display(description=lazy("subject"), ordering="subject")
    def opens(self, row: Pass) -> str:
        """The person, State or contact that it is about."""
        named = vars(row).get("named")
        return named or passes.subjects([row.subject]).get(row.subject, "–")

    @admin.display(description=lazy("uses"))
    def uses(self, row: Pass) -> str:
        """How often it was used, of how often it may be."""
        return f"{len(row.uses.all())} / {row.uses_allowed}"

    def parts(self, request: HttpRequest, obj: Pass) -> list[Part]:
        """Each use."""
        part = Part("uses", _("Uses"), (_("When"), _("What")), empty=_("Not used yet."))
        part.lines = [Line((moment(one.used_at), one.act)) for one in obj.uses.all()]
        return [part]


@admin.register(PassUse)
class PassUseAdmin(ReadOnlyAdmin):
    """Each use of a pass."""

    section = "people"
    stays_in_the_house = True
    view_right = "appoint"
    final = lazy(
        "What was done with a pass stays on the record. If it should not have been used, revoke "
        "the pass and correct what was done with it."
    )
    list_display = ["used_pass", "used_at", "act"]
    list_select_related = ["used_pass"]
    search_fields = ["used_pass__mailbox", "act"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PassUse]:
        """As the passes themselves."""
        rows = super().get_queryset(request)
        return rows.exclude(used_pass__purpose=Pass.Purpose.FORM)


@admin.register(RecoveryRequest)
class RecoveryAdmin(ReadOnlyAdmin):
    """Sign-ins made anew: one of the secretariat asked, another agreed."""

    section = "people"
    stays_in_the_house = True
    view_right = "help_to_sign_in"
    final = lazy("Settled on the page “Recover a sign-in”, by a second person.")
    list_display = ["user", "asked_by", "asked_at", "approved_by", "refused_by", "done_at"]
    list_filter = [("done_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "asked_by", "approved_by", "refused_by"]
    search_fields = ["user__email", "user__name"]

    def list_acts(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The page on which two settle it."""
        return [*super().list_acts(request), *people_acts(request.user)]
