"""What belongs to a row and is read beside it: a small table with links."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(slots=True)
class Line:
    """One row of a part; the first cell is the link."""

    cells: tuple[Any, ...]
    url: str = ""


@dataclass(slots=True)
class Part:
    """Rows of another register that belong to this one."""

    slug: str
    title: Any
    heads: tuple[Any, ...]
    lines: list[Line] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    note: Any = ""
    empty: Any = ""

    def __post_init__(self) -> None:
        """Every empty part says so."""
        self.empty = self.empty or _("Nothing recorded.")


def change_url(row: models.Model) -> str:
    """The page of the row."""
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def list_url(model: type[models.Model], **query: Any) -> str:
    """The register, filtered."""
    opts = model._meta
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist") + (
        f"?{text}" if text else ""
    )


def add_url(model: type[models.Model], **initial: Any) -> str:
    """The form of a new row, with what is known filled in."""
    opts = model._meta
    text = "&".join(f"{key}={value}" for key, value in initial.items())
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_add") + (f"?{text}" if text else "")


def lines(rows: Iterable[tuple[models.Model, tuple[Any, ...]]]) -> list[Line]:
    """Lines that link to their rows."""
    return [Line(cells, change_url(row)) for row, cells in rows]
