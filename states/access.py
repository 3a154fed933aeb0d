"""Who may do what: the one module that answers, and the only one that speaks to guardian."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from states.history import act
from states.models.actors import Organisation, State, User
from states.models.rights import (
    OF_SECRETARIAT,
    Appointment,
    Role,
    StateGroupPermission,
)

type Person = User | AnonymousUser

# Audiences that need no State and no organisation.
PUBLIC = ("public", "")
SECRETARIAT = ("secretariat", "")

# What each role may do for the State that it is appointed to.
STATE_ROLES: dict[str, frozenset[str]] = {
    Role.FOCAL_POINT: frozenset(
        {
            "view_drafts",
            "draft_report",
            "hand_in_report",
            "request_extension",
            "declare_compliance",
            "view_contributions",
            "keep_contacts",
        }
    ),
    Role.DRAFTER: frozenset({"view_drafts", "draft_report"}),
    Role.CERTIFIER: frozenset({"view_drafts", "certify_report"}),
    Role.COORDINATOR: frozenset({"hold_office"}),
    Role.PRESIDENCY: frozenset({"hold_office"}),
    Role.FINANCE_CONTACT: frozenset({"view_contributions"}),
}

# What the secretariat may do, for all States. Drafts are not among it (section 0.4).
_OPERATIONS = frozenset(
    {
        "work_at_the_desk",
        "keep_registry",
        "keep_contacts",
        "appoint",
        "file_for_state",
        "record_receipt",
        "ask_clarification",
        "publish_report",
        "release_letters",
        "edit_stages",
        "register_notes",
        "read_history",
        "help_to_sign_in",
    }
)
_DIRECTION = frozenset({"change_practice", "stop_letters", "appoint_direction"})
# Roles that only those who direct may give: nobody hands out more than they hold.
BY_DIRECTION = frozenset({Role.DIRECTOR, Role.ACTING_DIRECTOR, Role.FINANCE_OFFICER})
SECRETARIAT_ROLES: dict[str, frozenset[str]] = {
    Role.ASSISTANT: _OPERATIONS,
    Role.OFFICER: _OPERATIONS,
    Role.DIRECTOR: _OPERATIONS | _DIRECTION | {"view_finances", "keep_finances"},
    Role.ACTING_DIRECTOR: _OPERATIONS | _DIRECTION | {"view_finances", "keep_finances"},
    Role.FINANCE_OFFICER: frozenset(
        {"work_at_the_desk", "view_finances", "keep_finances", "read_history"}
    ),
}
STATE_RIGHTS = frozenset().union(*STATE_ROLES.values())
SECRETARIAT_RIGHTS = frozenset().union(*SECRETARIAT_ROLES.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with its reason; false when no."""

    yes: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.yes


YES = Answer(True)


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may do and read on a day.

    `of_states` pairs a right with a State's code; `read` holds the audiences of the person's own
    appointments, not those that other apps know of (`audiences`).
    """

    on: dt.date
    of_states: frozenset[tuple[str, str]]
    of_secretariat: frozenset[str]
    secretariat: bool
    read: frozenset[tuple[str, str]]


NO_RIGHTS = Rights(dt.date.min, frozenset(), frozenset(), False, frozenset())


def rights(user: Person, on: dt.date | None = None) -> Rights:
    """Everything the person may do on the day, in one query, kept on the user object for the day.

    The answer follows the dates of the appointments: a term that ended yesterday gives nothing
    today, whether or not the nightly job has run.
    """
    if not isinstance(user, User) or not user.is_active:
        return NO_RIGHTS
    on = on or localdate()
    held: Rights | None = user._rights
    if held is not None and held.on == on:
        return held
    rows = (
        Appointment.objects.in_force(on)
        .filter(user=user)
        .order_by()
        .values_list(
            "role",
            "state",
            "organisation",
            "group__stategrouppermission__permission__codename",
            "group__stategrouppermission__content_object",
        )
    )
    of_states, roles, read = set(), set(), set()
    for role, state, organisation, right, iso3 in rows:
        if state:
            read |= {("states", ""), ("state", state)}
            if right:
                of_states.add((right, iso3))
        elif organisation:
            read.add(("organisation", organisation))
        else:
            roles.add(role)
            read.add(SECRETARIAT)
    held = Rights(
        on,
        frozenset(of_states),
        frozenset().union(*(SECRETARIAT_ROLES.get(role, frozenset()) for role in roles)),
        bool(roles),
        frozenset(read),
    )
    user._rights = held
    return held


def may(user: Person, right: str, state: State | str | None = None) -> Answer:
    """Whether the person may do this today, for this State where the right hangs on a State.

    A right that nobody could ever hold is a mistake in the program, not a refusal: KeyError.
    """
    iso3 = state.iso3 if isinstance(state, State) else state
    if right not in STATE_RIGHTS | SECRETARIAT_RIGHTS:
        raise KeyError(right)
    if not user.is_authenticated:
        return Answer(False, _("Sign in first."))
    held = rights(user)
    if right in held.of_secretariat or (iso3 and (right, iso3) in held.of_states):
        return YES
    if iso3:
        return Answer(
            False, _("You have no appointment for %(state)s that allows this.") % {"state": state}
        )
    return Answer(False, _("Your appointment does not allow this."))


def signed_in(request: HttpRequest) -> User:
    """Who asks; for views that stand behind the sign-in."""
    assert isinstance(request.user, User)
    return request.user


def states_where(user: Person, right: str) -> frozenset[str]:
    """The codes of the States for which the person holds the right by appointment to them."""
    return frozenset(iso3 for held, iso3 in rights(user).of_states if held == right)


def holders(right: str, state: State | str) -> models.QuerySet[User]:
    """Those who hold the right for the State today by their appointments."""
    iso3 = state.iso3 if isinstance(state, State) else state
    rows = Appointment.objects.in_force(localdate()).filter(
        state=iso3, group__stategrouppermission__permission__codename=right
    )
    return User.objects.filter(pk__in=rows.values("user"), is_active=True)


def is_secretariat(user: Person) -> bool:
    """Whether the person is of the secretariat today."""
    return rights(user).secretariat


def own_states(user: Person) -> models.QuerySet[State]:
    """The States for which the person acts today, whatever the role."""
    today = localdate()
    if not user.is_authenticated:
        return State.objects.none()
    return State.objects.filter(
        pk__in=Appointment.objects.in_force(today)
        .filter(user=user, state__isnull=False)
        .values("state")
    )


# An app answers for the audiences that it knows: (user, on) to a set of (kind, key).
type AudienceSource = Callable[[Person, dt.date], Iterable[tuple[str, str]]]
_sources: list[AudienceSource] = []


def ask_for_audiences(sources: Iterable[AudienceSource]) -> None:
    """The project hands down who else answers; called once, when the apps are ready."""
    _sources[:] = list(sources)


def audiences(user: Person, on: dt.date | None = None) -> frozenset[tuple[str, str]]:
    """Which audiences the person reads on the day: one answer for all documents and passages."""
    on = on or localdate()
    read = {PUBLIC}
    if user.is_authenticated and user.is_active:
        read |= rights(user, on).read
        for source in _sources:
            read |= set(source(user, on))
    return frozenset(read)


def group_for(role: str, of: State | Organisation | None) -> Group:
    """The group of a role, made once with the rights that the role holds for that State."""
    key = of.pk if of is not None else "ISU"
    group, made = Group.objects.get_or_create(name=f"{key}:{role}")
    if isinstance(of, State) and made:
        _grant(group, of, STATE_ROLES.get(role, frozenset()))
    return group


def _grant(group: Group, state: State, rights: Iterable[str]) -> None:
    """All at once: guardian's own way asks four questions for each right."""
    permissions = Permission.objects.filter(
        content_type__app_label="states", content_type__model="state", codename__in=rights
    )
    StateGroupPermission.objects.bulk_create(
        StateGroupPermission(group=group, permission=permission, content_object=state)
        for permission in permissions
    )


@transaction.atomic
def appoint(
    user: User,
    role: str,
    of: State | Organisation | None,
    *,
    from_on: dt.date,
    until_on: dt.date | None = None,
    reference: str,
    by: User | None,
) -> Appointment:
    """Records that `user` acts as `role` for `of` (None: the secretariat) and gives its rights.

    `reference` names the authority: the mission's note verbale, a decision. Raises
    ValidationError where the role does not belong there, the dates are out of order, `by` may
    not give this role, or the person would act for a State and for the secretariat at once: whoever
    appoints would else read a State's drafts. `by` None is the portal itself: a documented command,
    or the demonstration.
    """
    right = "appoint_direction" if role in BY_DIRECTION else "appoint"
    if by is not None and not (answer := may(by, right)):
        raise ValidationError(answer.reason)
    # One appointment of a person after the other: each is held against those that stand.
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    group = group_for(role, of)
    appointment = Appointment(
        user=user,
        role=role,
        state=of if isinstance(of, State) else None,
        organisation=of if isinstance(of, Organisation) else None,
        secretariat=of is None,
        group=group,
        from_on=from_on,
        until_on=until_on,
        reference=reference,
        appointed_by=by,
    )
    appointment.full_clean()
    _one_side_only(appointment)
    with act(by=by, reason=_("Appointed: %(reference)s") % {"reference": reference}):
        appointment.save()
    user.groups.add(group)
    user._rights = None
    return appointment


def _one_side_only(new: Appointment) -> None:
    if new.organisation_id:
        return
    others = Appointment.objects.not_over(new.from_on).filter(user=new.user)
    if new.until_on is not None:
        others = others.filter(from_on__lte=new.until_on)
    if others.filter(secretariat=True) if new.state_id else others.filter(state__isnull=False):
        raise ValidationError(
            _(
                "Nobody acts for a State and for the secretariat at the same time: a State's "
                "drafts are its own. End the other appointment first."
            )
        )


@transaction.atomic
def end_appointment(appointment: Appointment, *, on: dt.date, by: User | None, reason: str) -> None:
    """The term ends with the day `on`; the rights end with it."""
    appointment.until_on = on
    _end(appointment, by, reason)


@transaction.atomic
def end_at_once(appointment: Appointment, *, by: User | None, reason: str) -> None:
    """The term ends now, and the rights with it: also one that began today, or is yet to begin."""
    appointment.until_on = max(localdate(), appointment.from_on)
    appointment.ended_at_once = True
    _end(appointment, by, reason)


def _end(appointment: Appointment, by: User | None, reason: str) -> None:
    appointment.full_clean()
    with act(by=by, reason=reason):
        appointment.save(update_fields=["until_on", "ended_at_once"])
    lapse(localdate())


def lapse(on: dt.date) -> int:
    """Takes people out of groups whose terms are over; returns how many memberships ended.

    `rights` reads the dates, so nothing depends on this having run; it keeps the groups honest.
    """
    in_force = Appointment.objects.in_force(on).filter(
        user=models.OuterRef("user_id"), group=models.OuterRef("group_id")
    )
    stale = User.groups.through.objects.filter(~models.Exists(in_force))
    return stale.delete()[0]


def sync_roles() -> None:
    """Brings the rights of existing groups in line with `STATE_ROLES`; run after a migration."""
    for group in Group.objects.filter(name__regex=r"^[A-Z]{3}:"):
        iso3, role = group.name.split(":", 1)
        state = State.objects.filter(pk=iso3).first()
        wanted = STATE_ROLES.get(role)
        if state is None or wanted is None:
            continue
        held = StateGroupPermission.objects.filter(group=group, content_object=state)
        held.exclude(permission__codename__in=wanted).delete()
        _grant(group, state, wanted - set(held.values_list("permission__codename", flat=True)))


class AppointmentBackend(BaseBackend):
    """Answers Django's `has_perm` from the same appointments; signs nobody in."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """`states.<right>` with or without a State; every other name is no."""
        app, _dot, right = perm.partition(".")
        if app != "states" or right not in STATE_RIGHTS | SECRETARIAT_RIGHTS:
            return False
        return bool(may(user_obj, right, obj if isinstance(obj, State) else None))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whoever works at the desk sees each app's part of it."""
        return is_secretariat(user_obj)


__all__ = [
    "OF_SECRETARIAT",
    "Answer",
    "AppointmentBackend",
    "appoint",
    "ask_for_audiences",
    "audiences",
    "end_appointment",
    "end_at_once",
    "holders",
    "is_secretariat",
    "lapse",
    "may",
    "own_states",
    "rights",
    "states_where",
    "sync_roles",
]
