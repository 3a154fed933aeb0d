"""The page on which anybody asks the ISU, and the page of one's own questions."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from records import enquiries
from records.models import Enquiry
from records.workflow import Refused
from states import access
from states.models import State, User

# A mission is one address for many people.
RATE = {"ask": "20/h/ip"}


class EnquiryForm(forms.Form):
    """A question; whoever has no account may leave a mailbox for the answer."""

    question = forms.CharField(
        label=_("Your question"),
        error_messages={"required": _("Write your question.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    state = forms.ModelChoiceField(
        label=_("For which State"), queryset=State.objects.none(), required=False
    )
    mailbox = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only for the answer. Without it nobody can answer you."),
        error_messages={"invalid": _("This is not an e-mail address, such as name@example.org.")},
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    # People do not see it; programs that fill in whatever they find do.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["question", "state", "mailbox", "website", "about"])
        if by is not None:
            del self.fields["mailbox"]
        own = access.own_states(by) if by is not None else State.objects.none()
        self.states = list(own.order_by("name_en", "pk")[:50])
        if len(self.states) > 1:
            choice: Any = self.fields["state"]
            choice.queryset = own.order_by("name_en", "pk")
        else:
            del self.fields["state"]

    def asked(self) -> list[forms.BoundField]:
        """What people are asked."""
        return [self[name] for name in self.fields if name not in ("about", "website")]

    def of_state(self) -> State | None:
        """The State that the person acts for."""
        if len(self.states) == 1:
            return self.states[0]
        return self.cleaned_data.get("state")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A question to the ISU, with the page that it is about."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    by = access.signed_in(request) if known else None
    if request.method != "POST":
        about = enquiries.page(request.GET.get("about", ""))
        return _page(request, EnquiryForm(by=by, initial={"about": about}), about)
    if not ratelimit.consume(request, app="records", action="ask", config=RATE):
        return ratelimit.respond_429(request)
    form = EnquiryForm(request.POST, by=by)
    about = enquiries.page(request.POST.get("about", ""))
    if not form.is_valid():
        return _page(request, form, about, status=400)
    if form.cleaned_data.get("website"):
        return redirect("asked")  # a program, which learns nothing
    try:
        enquiries.ask(
            form.cleaned_data["question"],
            about,
            by=by,
            state=form.of_state(),
            mailbox=form.cleaned_data.get("mailbox", ""),
            language=request.LANGUAGE_CODE[:2],
        )
    except Refused as refused:
        form.add_error("question", list(refused.reasons))
        return _page(request, form, about, status=400)
    if by is None:
        return redirect("asked")
    messages.success(request, _("Your question is with the ISU. The answer stands here, too."))
    return redirect("my-questions")


def _page(request: HttpRequest, form: EnquiryForm, about: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "about": about, "robots": "noindex"}
    return render(request, "records/ask.html", context, status=status)


@login_not_required
@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Thanks."""
    return render(request, "records/asked.html", {"robots": "noindex"})


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader has asked, with the answers; nobody else's."""
    rows = Enquiry.objects.filter(asked_by=access.signed_in(request))[:200]
    return render(request, "records/my_questions.html", {"rows": rows, "robots": "noindex"})
