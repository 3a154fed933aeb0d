"""Refuses addresses that cannot be of anything here, before anything is looked up."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class WholeAddressMiddleware:
    """No name here holds a null character, and PostgreSQL takes none: such an address is nowhere.

    Without this each view that looks a name up would answer with an error of the portal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)
