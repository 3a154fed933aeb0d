"""One form as somebody has it before them: the State's own, or a colleague's copy of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from records import resumable, uploads
from records.models import Upload
from reporting import answering, last_year
from reporting.boxes import Names
from reporting.models import Delegation, FormAnswers, Report
from reporting.schema import Form
from reporting.versions import schema_of
from states.models import User

# Both hold `said`, `unread`, `touched_at` and `touched_by`.
type Answered = FormAnswers | Delegation


class Sheet(ABC):
    """What the page of a form reads and writes, wherever it stands."""

    template: str
    # What a page says once everything on it was saved.
    saved: Any

    def __init__(self, report: Report, form: Form) -> None:
        self.report, self.form = report, form

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the form is filled in."""

    @property
    @abstractmethod
    def after(self) -> str:
        """Where one goes on when the form is done."""

    @abstractmethod
    def row(self) -> Answered:
        """The answers as they stand."""

    @abstractmethod
    def mark(self) -> Mapping[str, Any]:
        """What the cover page says of the form."""

    @abstractmethod
    def uploads(self) -> dict[int, Upload]:
        """The files of the form by their number."""

    @abstractmethod
    def file_address(self, upload: Upload) -> str:
        """Where the reader of this sheet opens one of its files."""

    @abstractmethod
    def receive(self, file: UploadedFile) -> Upload:
        """Keeps a file that was chosen; raises `uploads.FileRefused`."""

    def arrived(self, sent: str) -> Upload | None:
        """A file that came before, piece by piece, and that the page names; nothing by default.

        Raises `uploads.FileRefused`.
        """
        return None

    @abstractmethod
    def save(
        self, given: Mapping[str, Any], mark: Mapping[str, Any] | None, *, seen: str
    ) -> Answered:
        """Keeps what was typed; raises `FormOvertaken` where somebody saved meanwhile."""

    @abstractmethod
    def take(self, source: FormAnswers, given: Mapping[str, Any], *, seen: str) -> Answered:
        """Keeps the earlier answers with what was typed in their place."""

    def earlier(
        self, row: Answered, names: Names, files: Mapping[int, Upload]
    ) -> last_year.Earlier | None:
        """What the State answered before."""
        return last_year.earlier(self.report, row, self.form, names, files)


class OwnSheet(Sheet):
    """A form of the State's draft before one of its own people."""

    template = "reporting/form.html"
    saved = lazy("Saved. Only your State reads this draft.")

    def __init__(self, report: Report, form: Form, by: User) -> None:
        super().__init__(report, form)
        self.by = by

    @property
    def address(self) -> str:
        """The page of the form."""
        return answering.address(self.report, self.form)

    @property
    def after(self) -> str:
        """The next form; after the last the draft."""
        order = schema_of(self.report).in_order(self.report.language)
        if after := order[order.index(self.form) + 1 :]:
            return answering.address(self.report, after[0])
        report = self.report
        return reverse("report-draft", args=[report.state_id, report.kind, report.year])

    def row(self) -> FormAnswers:
        """The State's answers."""
        return answering.row_of(self.report, self.form)

    def mark(self) -> Mapping[str, Any]:
        """As the draft has it."""
        found: Mapping[str, Any] = self.report.marks.get(self.form.key, {})
        return found

    def uploads(self) -> dict[int, Upload]:
        """The attachments of the form."""
        return answering.uploads_of(self.report, self.form)

    def file_address(self, upload: Upload) -> str:
        """Where every reader of the portal opens files."""
        return reverse("file", args=[upload.pk, upload.name])

    def receive(self, file: UploadedFile) -> Upload:
        """Keeps it for the State."""
        return uploads.receive(file, self.report.state, self.by)

    def arrived(self, sent: str) -> Upload | None:
        """What this person has sent before."""
        return resumable.taken(sent, self.report.state, self.by)

    def save(
        self, given: Mapping[str, Any], mark: Mapping[str, Any] | None, *, seen: str
    ) -> FormAnswers:
        """As `answering.save`."""
        return answering.save(self.report, self.form, given, mark, by=self.by, seen=seen)

    def take(self, source: FormAnswers, given: Mapping[str, Any], *, seen: str) -> FormAnswers:
        """As `last_year.take_over`."""
        return last_year.take_over(self.report, self.form, source, given, by=self.by, seen=seen)
