"""Takes in an archive of past reports on the server: the same steps as in the admin."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from records.archive.container import Unreadable
from records.workflow import Refused
from reporting.archive import running
from reporting.models import Archive, ArchiveLine, Finding
from states.models import User
from states.resources import harmless

HEADS = ("line", "would do", "State", "kind", "year", "file", "doubts", "why", "became", "report")


class Command(BaseCommand):
    """Reads an archive and says what it would do; takes it in only when told to."""

    help = "Reads a .zip of past reports with its index.csv; takes in what is not in doubt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, who answers for it, and what to do."""
        parser.add_argument("zip", type=Path, help="the archive on this machine")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="whose act it is")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--preview", action="store_true", help="only read it (the default)")
        what.add_argument("--confirm", action="store_true", help="take in what is not in doubt")
        parser.add_argument("--findings", type=Path, help="write the lines to this .csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Goes on where an earlier run of the same archive was cut."""
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody here has the address {options['by']}.")
        try:
            archive = self._archive(options["zip"], by)
            running.advance(archive.pk)
            archive.refresh_from_db()
            if archive.problem:
                raise CommandError(archive.problem)
            if options["confirm"]:
                if running.ready(archive).exists():
                    running.confirm(archive, by=by)
                running.advance(archive.pk)
        except (Unreadable, Refused) as refused:
            raise CommandError(" ".join(map(str, refused.args))) from refused
        self._say(archive)
        if options["findings"]:
            self._write(archive, options["findings"])

    def _archive(self, path: Path, by: User) -> Archive:
        """The archive: the one that was begun with the same bytes, or a new one."""
        try:
            with path.open("rb") as file:
                return running.receive(file, by=by, name=path.name, go_on=True)
        except OSError as fault:
            raise CommandError(f"{path}: {fault.strerror}") from fault

    def _say(self, archive: Archive) -> None:
        self.stdout.write(f"{archive}")
        counted = archive.lines.order_by().values_list("finding").annotate(Count("pk"))
        for finding, count in counted:
            self.stdout.write(f"{count:6} {Finding(finding).label if finding else 'not read'}")
        waiting = [line for line in archive.lines.filter(outcome="") if line.waits]
        self.stdout.write(f"{len(waiting):6} in doubt: answer them in the admin")
        for line in waiting[:20]:
            self.stdout.write(f"       line {line.number}: {' '.join(line.doubts)}")
        self.stdout.write(running.summary(archive))

    @staticmethod
    def _write(archive: Archive, to: Path) -> None:
        with to.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(HEADS)
            lines = ArchiveLine.objects.filter(archive=archive).select_related("state", "report")
            for line in lines.iterator(chunk_size=500):
                cells = (
                    line.number,
                    line.get_finding_display(),
                    line.state_id or line.given.get("state", ""),
                    line.kind,
                    line.year or line.given.get("year", ""),
                    line.file,
                    " ".join(line.doubts),
                    " ".join([line.sentence, *line.notes]).strip(),
                    line.get_outcome_display(),
                    line.report.reference if line.report else "",
                )
                writer.writerow([harmless(cell) for cell in cells])
