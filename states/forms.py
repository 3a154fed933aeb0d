"""Forms about people: an invitation, a password, a recovery, contacts that a State confirms."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from states import access
from states.models import Contact, Organisation, State, User
from states.models.actors import LANGUAGES
from states.models.rights import OF_ORGANISATIONS, OF_SECRETARIAT, OF_STATES, Role
from states.seen import SeenForm
from states.words import alphabetical

SECRETARIAT = "ISU"


class DayInput(forms.DateInput):
    """A day, typed or picked; the browser is given it in the one form that it understands."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class InvitationForm(forms.Form):
    """Whom the secretariat invites, in which capacity, on whose authority."""

    name = forms.CharField(
        label=_("Name or function"),
        help_text=_("As it should stand in letters and in the history."),
        max_length=200,
    )
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(label=_("Language of letters and pages"), choices=LANGUAGES)
    role = forms.ChoiceField(label=_("Acts as"))
    of = forms.ChoiceField(
        label=_("For"), help_text=_("A State, an organisation, or the secretariat.")
    )
    from_on = forms.DateField(label=_("From"), widget=DayInput())
    until_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DayInput(),
        help_text=_("The last day; rights end with it."),
    )
    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("The mission's note verbale, or the decision of appointment."),
        max_length=300,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("from_on", localdate())
        super().__init__(*args, **kwargs)
        directs = bool(access.may(by, "appoint_direction"))
        secretariat = [r for r in OF_SECRETARIAT if directs or r not in access.BY_DIRECTION]
        roles = self.fields["role"]
        assert isinstance(roles, forms.ChoiceField)
        roles.choices = [
            (_("For a State"), [(role.value, role.label) for role in OF_STATES]),
            (_("For an organisation"), [(role.value, role.label) for role in OF_ORGANISATIONS]),
            (_("For the secretariat"), [(role.value, role.label) for role in secretariat]),
        ]
        states = sorted(State.objects.all(), key=lambda state: alphabetical(state.name()))
        of = self.fields["of"]
        assert isinstance(of, forms.ChoiceField)
        of.choices = [
            ("", "–"),
            (SECRETARIAT, _("The secretariat (ISU)")),
            (_("States"), [(state.iso3, state.name()) for state in states]),
            (
                _("Organisations"),
                [(f"org:{one.pk}", str(one)) for one in Organisation.objects.all()],
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """The role belongs to whom it is for; the days are in order."""
        data = super().clean() or {}
        role, of = data.get("role"), data.get("of")
        if role and of:
            kind = OF_STATES
            if of == SECRETARIAT:
                kind = OF_SECRETARIAT
            elif of.startswith("org:"):
                kind = OF_ORGANISATIONS
            if role not in kind:
                self.add_error(
                    "role",
                    _("“%(role)s” is no role there. Choose one listed for whom the person acts.")
                    % {"role": Role(role).label},
                )
        start, end = data.get("from_on"), data.get("until_on")
        if start and end and end < start:
            self.add_error("until_on", _("The appointment ends before it begins."))
        if role == Role.ACTING_DIRECTOR and not end:
            self.add_error("until_on", _("An acting Director is appointed until a day."))
        return data

    def appointed_to(self) -> State | Organisation | None:
        """For whom the person is to act; None is the secretariat."""
        of = self.cleaned_data["of"]
        if of == SECRETARIAT:
            return None
        if of.startswith("org:"):
            return Organisation.objects.get(pk=of.removeprefix("org:"))
        return State.objects.get(pk=of)


class PasswordForm(forms.Form):
    """The first password of an invited person."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_(
            "At least 12 characters. Four or five words that belong to no saying are best."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Long enough, not common, not the person's own name."""
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Typed twice alike."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return data


class RecoveryForm(forms.Form):
    """Who lost the second factor, and how one knows that it is they who ask."""

    email = forms.EmailField(label=_("E-mail of the person"))
    reason = forms.CharField(
        label=_("How do you know that it is this person?"),
        help_text=_("Such as: rang the mission at the number that we hold, and spoke to them."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )

    def clean_email(self) -> str:
        """Of somebody who has an account."""
        email = self.cleaned_data["email"].lower()
        self.user = User.objects.filter(email=email, is_active=True).first()
        if self.user is None:
            raise ValidationError(_("Nobody signs in with this address. Check it with the person."))
        return email


class ContactForm(SeenForm):
    """One contact of a State: still right, corrected here, or no longer there."""

    RIGHT, CORRECT, LEFT = "right", "correct", "left"
    answer = forms.ChoiceField(
        choices=[
            (RIGHT, _("Yes, still right")),
            (CORRECT, _("Correct it as written below")),
            (LEFT, _("This person has left, or this mailbox is closed")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether this contact is still right.")},
    )

    class Meta:
        model = Contact
        fields = [
            "form_of_address",
            "name",
            "function",
            "institution",
            "email",
            "telephone",
            "language",
            "may_publish",
        ]
        help_texts = {
            "may_publish": _(
                "Name, function, institution, e-mail and telephone then stand on the State's"
                " public page."
            ),
        }
        widgets = {
            field: forms.TextInput()
            for field in ("form_of_address", "name", "function", "institution", "telephone")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several stand on a page: each question, and each error, says of whom it speaks.
        self.fields["answer"].label = self.instance.email or str(self.instance)
        if self.instance.state_id is None:
            # Contacts of organisations are printed nowhere.
            del self.fields["may_publish"]

    @property
    def written(self) -> list[str]:
        """The fields of the contact that were written in."""
        return [name for name in self.changed_data if name in self.now]

    @property
    def opens(self) -> bool:
        """Whether the fields are of interest: something was written in them, or is to be."""
        return self.is_bound and (
            self["answer"].value() == self.CORRECT or bool(self.written) or bool(self.moved)
        )

    def clean(self) -> dict[str, Any]:
        """Nothing typed is lost: what was changed is either meant, or said to be no change."""
        data = super().clean() or {}
        changed, answer = self.written, data.get("answer")
        if self.moved:
            what = ", ".join(str(self.fields[name].label) for name in self.moved)
            self.add_error(
                "answer",
                _(
                    "Somebody changed this contact while you had the page open (%(what)s). Look at"
                    " it as it stands now and answer once more; what you wrote is still below."
                )
                % {"what": what},
            )
        elif answer == self.RIGHT and changed:
            self.add_error(
                "answer",
                _("You said “still right” and changed something below. Choose “Correct it”."),
            )
        elif answer == self.CORRECT and not changed:
            self.add_error("answer", _("Change what is wrong below, or choose “still right”."))
        if answer == self.CORRECT and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Letters need an e-mail address."))
        return data

    def apply(self, on: dt.date) -> None:
        """Writes the answer; the caller stands in an act that says who gave it.

        Only what was answered is written, so that two answers of one moment both stand.
        """
        contact = self.instance
        written = ["confirmed_on"]
        if self.cleaned_data["answer"] == self.LEFT:
            contact.refresh_from_db()
            day_before = on - dt.timedelta(days=1)
            contact.until_on = max(day_before, contact.from_on or day_before)
            written.append("until_on")
        else:
            written += self.written
            if "email" in written:
                contact.bounced_on = None
                written.append("bounced_on")
        contact.confirmed_on = on
        contact.save(update_fields=written)


def recorded_already(data: Mapping[str, Any]) -> str:
    """Why what is to be recorded is no new contact, in a sentence; empty where it is one.

    Holds the State or the organisation until the transaction ends: of two presses the second sees
    what the first recorded.
    """
    whose = {name: of for name in ("state", "organisation") if (of := data.get(name))}
    for of in whose.values():
        type(of).objects.select_for_update().get(pk=of.pk)
    email, name = data.get("email") or "", data.get("name") or ""
    today = localdate()
    if not whose or (data.get("until_on") or today) < today:
        return ""
    same = Contact.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today),
        **whose,
        purpose=data.get("purpose"),
        email__iexact=email,
        name=name,
    )
    if not email and not name:
        others = ("function", "institution", "telephone")
        same = same.filter(**{field: data.get(field) or "" for field in others})
    if found := same.first():
        return _(
            "This contact is recorded already: %(contact)s. If something about it has changed, "
            "correct it there."
        ) % {"contact": found}
    return ""


class NewContactForm(forms.ModelForm):
    """A contact that the State names besides; left empty when there is none."""

    class Meta:
        model = Contact
        fields = ["purpose", "place", "role_mailbox", *ContactForm.Meta.fields]
        help_texts = ContactForm.Meta.help_texts
        widgets = ContactForm.Meta.widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"use_required_attribute": False, "empty_permitted": True}
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean(self) -> dict[str, Any]:
        """The same contact once more, as by a second press, is one contact."""
        data = super().clean() or {}
        if not self.errors and (why := recorded_already({**data, "state": self.instance.state})):
            self.add_error("email", why)
        return data

    def has_changed(self) -> bool:
        """Whether anything was written; the lists, which always hold a choice, are nothing."""
        lists = {"purpose", "place", "language"}
        return bool(set(self.changed_data) - lists)
