"""Brings a data folder up to date in one process: static files, tables, demonstration data."""

import hashlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tools import catalogues


def main(run: Path) -> None:
    """Works in the folder `run`: waits for the mark `servers`, leaves the marks `migrated`, `who`.

    One process for all of it: each start of Django costs about a second.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccm_portal.settings")
    catalogues.compile_all(Path("locale"))
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    # Static files need no database; a copy of this process collects them on another core.
    collector = 0 if settings.DEBUG else _fork(lambda: _collect(Path(settings.STATIC_ROOT)))
    while not (run / "servers").exists():
        time.sleep(0.02)
    call_command("migrate", interactive=False, verbosity=1)
    if collector and os.waitstatus_to_exitcode(os.waitpid(collector, 0)[1]) != 0:
        sys.exit("The static files could not be collected.")
    (run / "migrated").touch()
    if not settings.DEMO:
        call_command("set_up")
    else:
        call_command("demo")
        with (run / "who.part").open("w", encoding="utf-8") as output:
            call_command("demo", "--who", stdout=output)
        (run / "who.part").replace(run / "who")


def _fork(work: Callable[[], None]) -> int:
    """Does `work` in a copy of this process; returns the copy's number."""
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _collect(root: Path) -> None:
    """Collects static files unless they are the same as last time."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            seen.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = root / ".collected"
    if stamp.exists() and stamp.read_text(encoding="ascii") == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(seen.hexdigest(), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
