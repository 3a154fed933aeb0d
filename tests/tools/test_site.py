"""Commands on a folder wait for nobody: a copy that is not ready yet is named in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.test_run import OWN, ROOT
from tools.processes import free_port
from tools.site import Site


def test_a_command_on_a_portal_that_is_still_starting_gets_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", str(free_port("127.0.0.1")))

    with Site().alone():
        done = subprocess.run(
            [sys.executable, "-m", "tools.manage", "code"],
            cwd=ROOT,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 1
    assert f"process {os.getpid()}) is still starting" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
