"""Pages about people: where one lands, passes, invitations, recoveries, a State's own contacts."""

from collections.abc import Callable
from functools import wraps
from smtplib import SMTPException
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from states import access, invitations, passes, recovery
from states.confirmation import Confirmation, current, of_pass
from states.forms import InvitationForm, PasswordForm, RecoveryForm
from states.models import Pass, RecoveryRequest, State
from states.posting import posted_from, sent_again_as

type View = Callable[..., HttpResponse]

# A secret has 256 bits; this keeps guessing out of the logs rather than out of the accounts.
RATE = "30/m/ip"
NOT_SENT = (OSError, SMTPException)


def open_by_pass(view: View, action: str = "pass", rate: str = RATE) -> View:
    """What each page behind a secret needs: no sign-in, no cache, a limit, a silent referrer.

    `action` and `rate` are others where the page saves by itself while somebody writes.

    `strict-origin` sends the name of the site and never the path, which is the secret;
    `no-referrer` would make browsers call the form's origin "null", and the form be refused.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        allowed = ratelimit.consume(
            request, app="states", action=action, config={action: rate}, limit_get=True
        )
        response = view(request, *args, **kwargs) if allowed else ratelimit.respond_429(request)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return login_not_required(
        never_cache(
            sensitive_post_parameters()(require_http_methods(["GET", "HEAD", "POST"])(wrapped))
        )
    )


def gone(request: HttpRequest) -> HttpResponse:
    """One page for unknown, used, expired and revoked passes: a stranger learns nothing."""
    return render(request, "states/pass_gone.html", status=404)


def after_login(request: HttpRequest) -> HttpResponse:
    """Where each begins: the secretariat at its desk, a State's people at what the State owes."""
    wanted = request.GET.get("next", "")
    # A bare word is no address, and `redirect` would look for a page of that name.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return HttpResponseRedirect(wanted)
    if access.is_secretariat(request.user):
        return redirect("admin:index")
    if access.own_states(request.user).exists():
        return redirect("owe")
    return redirect("home")


@open_by_pass
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Shows who is invited for what; the form sets the password, signs in, and uses the pass up."""
    row = passes.find(secret, Pass.Purpose.INVITATION)
    user = invitations.person_of(row) if row else None
    if row is None or user is None:
        return gone(request)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        accepted = invitations.accept(request, secret, form.cleaned_data["password"])
        if accepted is None:
            return gone(request)
        record_authentication(request, accepted, "password", email=accepted.email)
        entered = perform_login(request, accepted, redirect_url=reverse("mfa_index"))
        # Only now: the person reads on in the account's language.
        messages.success(request, _("Your password is set."))
        return entered
    return render(
        request,
        "states/pass_invitation.html",
        {
            "form": form,
            "person": user,
            "row": row,
            "appointments": user.appointments.select_related("state", "organisation"),
        },
    )


@open_by_pass
@transaction.atomic
def confirm_contacts(request: HttpRequest, secret: str) -> HttpResponse:
    """A State's contacts as the pass opens them; one answer for each, then the pass is used."""
    row = passes.find(secret, Pass.Purpose.CONTACTS)
    state, contacts = of_pass(row) if row else (None, [])
    whole = row is not None and row.subject.startswith("state/")
    if row is None or (state is None and not contacts):
        return gone(request)
    confirmation = Confirmation(contacts, state, request.POST or None, may_add=whole)
    if request.method == "POST" and confirmation.is_valid():
        reason = _("Confirmed by the State through pass %(number)s, sent to %(mailbox)s") % {
            "number": row.pk,
            "mailbox": row.mailbox,
        }
        if not _use_and_save(secret, confirmation, reason):
            return gone(request)
        return render(request, "states/contacts_thanks.html", {"state": state})
    others: list[State] = []
    context = {"confirmation": confirmation, "state": state, "others": others}
    return render(request, "states/contacts.html", context)


def _use_and_save(secret: str, confirmation: Confirmation, reason: str) -> bool:
    with transaction.atomic():
        if passes.use(secret, Pass.Purpose.CONTACTS, act=reason) is None:
            return False
        confirmation.save(by=None, reason=reason)
    return True


@sent_again_as(lambda: _("Confirm these contacts of your State"))
@transaction.atomic
def own_contacts(request: HttpRequest) -> HttpResponse:
    """The contacts of the State that the reader keeps them for; several States are chosen among."""
    kept = access.states_where(request.user, "keep_contacts")
    states = {state.pk: state for state in State.objects.filter(pk__in=kept)}
    asked = request.GET.get("state") or next(iter(sorted(states)), "")
    if asked not in states:
        raise Http404
    state = states.pop(asked)
    confirmation = Confirmation(current(state), state, request.POST or None)
    if request.method == "POST" and confirmation.is_valid():
        confirmation.save(
            by=access.signed_in(request), reason=_("Confirmed by the State, signed in")
        )
        messages.success(request, _("Thank you. The contacts stand as you confirmed them."))
        return redirect(f"{reverse('own-contacts')}?state={state.pk}")
    context = {"confirmation": confirmation, "state": state, "others": list(states.values())}
    return render(request, "states/contacts.html", context)


@sensitive_post_parameters()
def invite(request: HttpRequest) -> HttpResponse:
    """The secretariat invites a person: an account, an appointment, a letter with a pass."""
    if not access.may(request.user, "appoint"):
        raise Http404
    form = InvitationForm(request.POST or None, by=access.signed_in(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            invited = invitations.invite(
                email=data["email"],
                name=data["name"],
                role=data["role"],
                of=form.appointed_to(),
                from_on=data["from_on"],
                until_on=data["until_on"],
                reference=data["reference"],
                by=access.signed_in(request),
                language=data["language"],
            )
            invitations.send(invited)
        except ValidationError as refused:
            form.add_error(None, refused)
        except NOT_SENT:
            messages.error(
                request,
                _("The account stands, but the letter could not be sent. Invite once more later."),
            )
            return redirect("invite")
        else:
            words = _("%(name)s is invited; the letter went to %(email)s.")
            messages.success(request, words % {"name": invited.user, "email": invited.user.email})
            return redirect("invite")
    return render(request, "states/invite.html", {"form": form})


def recoveries(request: HttpRequest) -> HttpResponse:
    """Asks for a recovery, and shows those that wait for a second person."""
    if not access.may(request.user, "help_to_sign_in"):
        raise Http404
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.user is not None:
        try:
            recovery.ask(
                form.user, by=access.signed_in(request), reason=form.cleaned_data["reason"]
            )
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            messages.success(request, _("Asked. Somebody else of the secretariat has to agree."))
            return redirect("recovery")
    rows = RecoveryRequest.objects.select_related("user", "asked_by", "approved_by", "refused_by")
    return render(
        request,
        "states/recovery.html",
        {
            "form": form,
            "waiting": rows.filter(done_at__isnull=True),
            "settled": rows.filter(done_at__isnull=False)[:10],
        },
    )


@posted_from("recovery")
def settle_recovery(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person agrees, or either sets it aside."""
    if not access.may(request.user, "help_to_sign_in"):
        raise Http404
    row = get_object_or_404(RecoveryRequest, pk=pk)
    try:
        if request.POST.get("answer") == "approve":
            recovery.approve(row, by=access.signed_in(request))
            messages.success(request, _("Agreed. A new invitation went to the person's mailbox."))
        else:
            recovery.refuse(row, by=access.signed_in(request))
            messages.success(request, _("Set aside. Nothing changed for the person."))
    except ValidationError as refused:
        for sentence in refused.messages:
            messages.error(request, sentence)
    except NOT_SENT:
        messages.error(
            request,
            _("Agreed, but the letter could not be sent. Ask for the recovery once more later."),
        )
    return redirect("recovery")


@login_not_required
def to_sign_in(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The admin has no door of its own."""
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
