"""The admin as a workplace: who may enter, its front page, and what joins the apps on its pages."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from states.posting import posted_from, posted_words

SECTIONS = [
    ("states", lazy("States and the law")),
    ("people", lazy("People")),
    ("reports", lazy("Reports")),
    ("letters", lazy("Letters")),
    ("documents", lazy("Documents and the register")),
    ("practice", lazy("Practice")),
]


class Workplace(admin.AdminSite):
    """The secretariat's admin: entered by appointment of today and a second factor."""

    site_header = lazy("Secretariat's desk")
    site_title = lazy("Desk · Convention on Cluster Munitions")
    index_title = lazy("Desk")
    site_url = "/"
    enable_nav_sidebar = False
    index_template = "admin/desk.html"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._actions = {}
        self._global_actions = {}

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes our own registers. What other packages offer asks other rights and is left out."""
        from states.admin.base import WorkplaceAdmin  # noqa: PLC0415 -- needs the apps loaded

        if admin_class is not None and issubclass(admin_class, WorkplaceAdmin):
            super().register(model_or_iterable, admin_class, **options)

    # -- who may enter ----------------------------------------------------------------------

    def has_permission(self, request: HttpRequest) -> bool:
        """Of the secretariat today, in a session opened with a second factor."""
        from states import access, adapter  # noqa: PLC0415 -- need the apps loaded

        return access.is_secretariat(request.user) and adapter.gave_second_factor(
            request, request.user
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Nothing of the admin exists for a signed-in stranger."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if answer := self._turned_away(request):
                return answer
            return inner(request, *args, **kwargs)

        return guarded

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        from states import access  # noqa: PLC0415 -- needs the apps loaded

        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not access.is_secretariat(request.user):
            raise Http404
        if not self.has_permission(request):
            return redirect("mfa_index")
        # PostgreSQL takes no null character: what asks for one asks for nothing that is here.
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise Http404
        return None

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one door: allauth's."""
        return self._turned_away(request) or redirect("admin:index")

    login.login_required = False  # type: ignore[attr-defined]

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one door out, too."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """On the account's own pages."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """On the account's own pages."""
        return redirect("account_email")

    # -- its pages --------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The desk's own pages beside the registers."""
        from ccm_portal import desk  # noqa: PLC0415 -- needs the apps loaded

        wrap, from_desk = self.admin_view, posted_from("admin:index")
        return [
            path("letters/outlook/", wrap(desk.outlook_page), name="outlook"),
            path("letters/digest/", wrap(desk.digest_page), name="digest"),
            path("letters/switch/", wrap(desk.switch_letters), name="switch_letters"),
            path("filters/save/", wrap(from_desk(self.save_filter)), name="save_filter"),
            path(
                "filters/<int:pk>/forget/",
                wrap(from_desk(self.forget_filter)),
                name="forget_filter",
            ),
            *super().get_urls(),
        ]

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The desk: waiting for us, late, coming; letters; drafts that exist; all registers."""
        from ccm_portal import desk  # noqa: PLC0415 -- needs the apps loaded

        return super().index(
            request,
            {
                **desk.compose(request.user, localdate()),
                "sections": self.sections(request),
                "saved_filters": self.saved_filters(request),
                **(extra_context or {}),
            },
        )

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """The registers stand on the desk, in the secretariat's words; apps are not among them."""
        return redirect(reverse("admin:index") + "#registers")

    def sections(self, request: HttpRequest) -> list[dict[str, Any]]:
        """All registers that the person may open, grouped as the work is."""
        made = []
        for slug, title in SECTIONS:
            registers = [
                {
                    "name": model._meta.verbose_name_plural,
                    "url": reverse(
                        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
                    ),
                }
                for model, model_admin in self._registry.items()
                if getattr(model_admin, "section", "") == slug
                and model_admin.has_view_permission(request)
            ]
            if registers:
                made.append({"title": title, "slug": slug, "registers": registers})
        return made

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """No page shows Django's own list, which asks eight questions of each register."""
        return []

    def get_log_entries(self, request: HttpRequest) -> Any:
        """Events and the rows' own history are the log."""
        return ()

    # -- what joins the apps ----------------------------------------------------------------

    def history_of(self, row: Any) -> list[Any]:
        """The row's changes and the events about it, in words."""
        from ccm_portal.history import history_of  # noqa: PLC0415 -- needs the apps loaded

        return history_of(row)

    def parts_of_state(self, request: HttpRequest, state: Any) -> Iterable[Any]:
        """What the apps above hold of a State, for its page."""
        from records.admin.parts import letters_of, notes_of  # noqa: PLC0415 -- needs the apps
        from reporting.admin import measures_of, reports_of  # noqa: PLC0415 -- needs the apps

        yield reports_of(request, state)
        yield measures_of(request, state)
        yield letters_of(request, state)
        yield notes_of(request, state)

    def acts_from_above(self, model: Any) -> tuple[Any, ...]:
        """What the apps above do with a register's rows."""
        from records.admin.asking import ACTS  # noqa: PLC0415 -- needs the apps loaded

        return ACTS.get(model, ())

    def practice_changed(self, request: Any, practice: Any) -> None:
        """What a choice of the ISU's practice moves in the apps above."""
        from reporting import days  # noqa: PLC0415 -- needs the apps loaded

        if practice.key == practice.Key.RECEIPT_THAT_COUNTS:
            days.bring_deadlines_in_line(by=request.user)

    # -- saved filters ----------------------------------------------------------------------

    def saved_filters(self, request: Any) -> list[Any]:
        """The person's own."""
        return list(request.user.saved_filters.all())

    def save_filter(self, request: Any) -> HttpResponse:
        """A name for the address of a list of ours; the same name again moves it."""
        from states.models import SavedFilter  # noqa: PLC0415 -- needs the apps loaded

        address, name = posted_words(request, "address"), posted_words(request, "name")
        longest = SavedFilter._meta.get_field("name").max_length or 0
        home = reverse("admin:index")
        if not address.startswith(home) or not url_has_allowed_host_and_scheme(address, None):
            raise PermissionDenied
        if not 0 < len(name) <= longest:
            messages.error(
                request,
                _("Give the filter a name of 1 to %(most)d characters, then save it again.")
                % {"most": longest},
            )
            return HttpResponseRedirect(address)
        held = SavedFilter.objects.filter(user=request.user, name=name).first()
        row = held or SavedFilter(user=request.user, name=name)
        row.address = address
        try:
            row.full_clean()
        except ValidationError as refused:
            for sentence in refused.messages:
                messages.error(request, sentence)
        else:
            row.save()
            messages.success(request, _("Saved: “%(name)s” stands on your desk.") % {"name": name})
        return HttpResponseRedirect(address)

    def forget_filter(self, request: Any, pk: int) -> HttpResponse:
        """Only one's own."""
        row = get_object_or_404(request.user.saved_filters, pk=pk)
        row.delete()
        messages.success(request, _("Forgotten: “%(name)s”.") % {"name": row.name})
        return redirect("admin:index")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("next") or request.get_full_path()
    if request.path == reverse("admin:login") and not request.GET.get("next"):
        wanted = reverse("admin:index")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        wanted = reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
