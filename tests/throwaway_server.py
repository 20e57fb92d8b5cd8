"""The database of one test run: an embedded server without fsync, gone when the run ends or is killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from clientier.site.embedded import server
from clientier.site.halt import Halt

# Without autovacuum: it would find the tables of a test that is not over empty, and plans would be made for that.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
        "max_connections": "60"}  # fmt: skip
REPOSITORY = Path(__file__).resolve().parents[1]


class ThrowawayServer:
    """A server in a process of its own, which watches us: our end, of whatever kind, is its end."""

    def __init__(self) -> None:
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "tests.throwaway_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY}"},
            start_new_session=True,
        )
        assert self._guard.stdout is not None
        self.url = self._guard.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the database of the tests did not start; the lines above say why")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()


def guard() -> int:
    """Start a server, print its URL, and keep it until standard input closes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    home = Path(tempfile.mkdtemp(prefix="clientier-tests-"))
    home.chmod(0o755)  # the server may run under an account of its own
    try:
        print(server.start(home, settings=FAST), flush=True)
        sys.stdin.read()
    except Halt as halt:
        print(halt, file=sys.stderr)
        return halt.exit_code
    finally:
        server.stop(home)
        shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(guard())
