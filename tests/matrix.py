"""The permission matrix: who gets which answer where. Rows live in tests/<app>/permissions.py."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from records.models import Upload
from reporting import delegating
from reporting.art7_2010 import ART7_2010
from reporting.models import Report
from states import access
from states.history import act
from states.models import Organisation, State, User
from states.models.rights import Role
from tests import factories

PERSONS = (
    "anonymous",
    "stranger",
    "drafter",
    "certifier",
    "focal_point",
    "other_focal_point",
    "observer",
    "assistant",
    "officer",
    "director",
    "finance_officer",
)


def everyone(status: int, **but: int) -> dict[str, int]:
    """The same answer for everybody, but for those named."""
    return dict.fromkeys(PERSONS, status) | but


def secretariat(
    status: int, *, others: int = 404, anonymous: int = 302, **but: int
) -> dict[str, int]:
    """An answer for the secretariat; others are told that there is nothing."""
    staff = dict.fromkeys(("assistant", "officer", "director", "finance_officer"), status)
    return everyone(others, anonymous=anonymous) | staff | but


def own_state(
    status: int, *, others: int = 404, anonymous: int = 302, **but: int
) -> dict[str, int]:
    """An answer for those who act for Lao PDR."""
    own = dict.fromkeys(("drafter", "focal_point"), status)
    return everyone(others, anonymous=anonymous) | own | but


@dataclass(frozen=True)
class Row:
    """One address and method, and the status that each person gets."""

    name: str
    expect: dict[str, int]
    kwargs: Callable[["World"], dict[str, Any]] = lambda world: {}
    method: str = "get"
    data: Callable[["World"], dict[str, Any]] = lambda world: {}
    query: str = ""
    note: str = ""
    persons: tuple[str, ...] = field(default=PERSONS)

    def __str__(self) -> str:
        return " ".join(part for part in (self.method.upper(), self.name, self.note) if part)


class People(dict[str, User | None]):
    """Who is here, by what they are. Each comes when first asked for: few tests ask for all."""

    def __init__(self, waiting: dict[str, Callable[[], User | None]]) -> None:
        super().__init__()
        self._waiting = waiting

    def __missing__(self, name: str) -> User | None:
        self[name] = self._waiting[name]()
        return self[name]

    def all_come(self) -> None:
        """Everybody is here; what arranges for several tests cannot leave it to one of them."""
        for name in self._waiting:
            _ = self[name]
        self._waiting = {}


class World:
    """Two of everything, so that somebody else's is never forgotten."""

    def __init__(self) -> None:
        self.laos = factories.party("LAO", "Lao People's Democratic Republic", "2009-03-18")
        self.peru = factories.party("PER", "Peru", "2012-09-26")
        self.icrc = Organisation.objects.create(code="icrc", name_en="ICRC")
        self.people = People(
            {
                "anonymous": lambda: None,
                "stranger": lambda: self._person("stranger"),
                "drafter": lambda: self._person("drafter", Role.DRAFTER, self.laos),
                "certifier": lambda: self._person("certifier", Role.CERTIFIER, self.laos),
                "focal_point": lambda: self._person("focal_point", Role.FOCAL_POINT, self.laos),
                "other_focal_point": lambda: self._person(
                    "other_focal_point", Role.FOCAL_POINT, self.peru
                ),
                "observer": lambda: self._person("observer", Role.OBSERVER, self.icrc),
                "assistant": lambda: self._person("assistant", Role.ASSISTANT),
                "officer": lambda: self._person("officer", Role.OFFICER),
                "director": lambda: self._person("director", Role.DIRECTOR),
                "finance_officer": lambda: self._person("finance_officer", Role.FINANCE_OFFICER),
            }
        )

    @staticmethod
    def _person(name: str, role: str = "", of: State | Organisation | None = None) -> User:
        user = factories.UserFactory(email=f"{name}@matrix.example", name=name)
        if role:
            access.appoint(user, role, of, from_on=dt.date(2020, 1, 1), reference="note 1", by=None)
        return User.objects.get(pk=user.pk)

    @cached_property
    def upload(self) -> Upload:
        """A stored PDF of Lao PDR."""
        return self.stored(b"%PDF-1.7\n%%EOF\n", "report.pdf", self.laos)

    @staticmethod
    def stored(content: bytes, name: str, state: State) -> Upload:
        """A file as received, stored under its hash."""
        digest = hashlib.sha256(content).hexdigest()
        path = f"uploads/{digest[:2]}/{digest}"
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(content))
        return Upload.objects.create(
            path=path,
            sha256=digest,
            size=len(content),
            media_type="application/pdf",
            name=name,
            state=state,
        )

    @cached_property
    def draft(self) -> Report:
        """Lao PDR's draft on 2025."""
        return factories.ReportFactory(state=self.laos, year=2025, original=self.upload)

    @cached_property
    def link(self) -> str:
        """The secret of a link to one form of the draft, in a colleague's hands."""
        form = ART7_2010.form("clearance")
        by = self.people["focal_point"]
        facts = {"mailbox": "mac@matrix.example", "function": "mine action centre", "by": by}
        until = timezone.localdate() + dt.timedelta(days=30)
        out = delegating.hand_out(self.draft, form, until_on=until, **facts)
        return delegating.show_link(out, by=by).split("/pass/form/")[1].partition("/")[0]

    @cached_property
    def handed_in(self) -> Report:
        """Lao PDR's report on 2024, handed in and not published."""
        return self.past("handed-in", 2024, self.laos)

    @cached_property
    def published(self) -> Report:
        """Lao PDR's report on 2023, public."""
        return self.past("published", 2023, self.laos)

    def past(self, status: str, year: int, state: State) -> Report:
        """A report that the State has handed in, whatever became of it."""
        upload = self.stored(f"%PDF-1.7\n% {year}\n%%EOF\n".encode(), f"{year}.pdf", state)
        return factories.ReportFactory(
            state=state,
            year=year,
            covers_from=dt.date(year, 1, 1),
            covers_to=dt.date(year, 12, 31),
            original=upload,
            status=status,
            reference=f"A7-{year}-{state.pk}-01",
            handed_in_at=timezone.now(),
            handed_in_by=self.people["focal_point"],
            received_by_isu=dt.date(year + 1, 4, 20),
            published_on=dt.date(year + 1, 5, 2) if status == "published" else None,
        )


@contextmanager
def standing(folder: Path, blocker: DjangoDbBlocker) -> Iterator[World]:
    """A world for a whole module, with its files in the folder; no change outlives the block."""
    storages = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        }
    }
    with (
        override_settings(STORAGES=storages),
        blocker.unblock(),
        transaction.atomic(),
        act(by=None, reason="arranged by a test"),
    ):
        made = World()
        made.people.all_come()
        _ = made.draft, made.link, made.handed_in, made.published
        yield made
        transaction.set_rollback(True)


def names(patterns: Iterable[Any] | None = None, prefix: str = "") -> set[str]:
    """The name of every address, with its namespace; an address without a name by its route."""
    found = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            found.add(prefix + (pattern.name or str(pattern.pattern)))
    return found
