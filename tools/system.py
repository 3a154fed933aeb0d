"""Installs what only the distribution gives: libraries and fonts of PDF; for tests, more."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

LIBRARIES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
ANTIVIRUS = "clamav-daemon"
FONTS = ["fonts-noto-core", "fonts-noto-cjk"]
# Where Debian puts daemons is not on everybody's PATH.
PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure(*, tests: bool) -> bool:
    """Installs what is missing as root on Debian or Ubuntu, else prints the one command that does.

    Returns False when the libraries without which no PDF can be written are still missing; missing
    fonts, and what tests use (a browser, the antivirus), are only said.
    """
    missing = _missing(tests=tests)
    if not missing:
        return True
    if _is_debian() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' '.join(missing)}.", flush=True)
        # One after the other: what tests use must not keep the rest from being installed.
        for packages in ([p for p in missing if p != ANTIVIRUS], [ANTIVIRUS]):
            if set(packages) & set(missing):
                _apt(packages)
        missing = _missing(tests=tests)
        if not missing:
            return True
    print(f"Missing: {' '.join(missing)}.\nInstall with: {_command(missing)}", file=sys.stderr)
    return not set(missing) & set(LIBRARIES)


def chromium() -> str | None:
    """The browser that tests drive: CHROMIUM, else one on PATH, else playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright"
    own = sorted(Path(cache).expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None


def _missing(*, tests: bool) -> list[str]:
    if _is_debian():
        missing = _absent_packages([*LIBRARIES, *FONTS])
    else:
        missing = [
            package
            for package, library in zip(
                LIBRARIES, ["pango-1.0", "pangoft2-1.0", "harfbuzz-subset"], strict=True
            )
            if not ctypes.util.find_library(library)
        ]
        folders = (
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "/Library/Fonts",
            "~/Library/Fonts",
        )
        fonts = {path.name for f in folders for path in Path(f).expanduser().rglob("Noto*")}
        if not any(name.startswith("NotoSans") for name in fonts):
            missing.append("fonts-noto-core")
        if not any("CJK" in name or "SansSC" in name for name in fonts):
            missing.append("fonts-noto-cjk")
    if tests and not chromium():
        missing.append("chromium")
    if tests and _is_debian() and not shutil.which("clamd", path=PROGRAMS):
        missing.append(ANTIVIRUS)
    return missing


def _is_debian() -> bool:
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    lines = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    family = f"{lines.get('ID', '')} {lines.get('ID_LIKE', '')}".replace('"', "").split()
    return bool({"debian", "ubuntu"} & set(family)) and shutil.which("dpkg-query") is not None


def _absent_packages(packages: list[str]) -> list[str]:
    # Ubuntu may carry a library under a name with a suffix (t64); the wildcard finds that too.
    found = subprocess.run(
        [
            "dpkg-query",
            "-W",
            "-f",
            "${db:Status-Status} ${Package}\n",
            *(p + "*" for p in packages),
        ],
        check=False,
        capture_output=True,
        text=True,
    ).stdout
    installed = [line.split()[1] for line in found.splitlines() if line.startswith("installed ")]
    return [p for p in packages if p not in installed and f"{p}t64" not in installed]


def _apt(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            ["apt-get", *arguments],
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        if done.returncode != 0:
            print(done.stderr.decode(errors="replace")[-2000:], file=sys.stderr)


def _command(packages: list[str]) -> str:
    if sys.platform == "darwin":
        return (
            "brew install pango harfbuzz && brew install --cask font-noto-sans font-noto-sans-cjk"
        )
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
