"""Compiles the message catalogues, without GNU gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_all(locale: Path) -> int:
    """Writes every .mo that is missing or older than its .po; returns how many."""
    written = 0
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parent.parent.name)
        unfinished = target.with_suffix(".mo.part")
        with unfinished.open("wb") as output:
            write_mo(output, catalogue)
        unfinished.replace(target)
        written += 1
    return written


if __name__ == "__main__":
    compile_all(Path("locale"))
