"""A real worker in a process of its own, on the database of the test: ``python -m tests.core.worker [options]``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(*options: str) -> subprocess.Popen[bytes]:
    """A worker process; it works until it is killed, or with ``--one-shot`` until there is nothing left."""
    from django.db import connection  # the child process reads this module before Django is ready

    at = connection.settings_dict
    where = f"{at['HOST']}:{at['PORT']}" if not at["HOST"].startswith("/") else ""
    socket = f"?host={at['HOST']}&port={at['PORT']}" if at["HOST"].startswith("/") else ""
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{where}/{at['NAME']}{socket}"
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "CLIENTIER_DATABASE_URL": url, "PYTHONPATH": paths}
    return subprocess.Popen([sys.executable, "-m", "tests.core.worker", *options], env=environment, cwd=ROOT)


def finish(*options: str) -> None:
    """Let a worker do all that is waiting."""
    assert start("--one-shot", *options).wait(timeout=60) == 0


def work() -> None:
    """Do all that is waiting, in this process: where it does not matter that workers are processes."""
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clientier.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    import tests.core.probe  # noqa: F401 - registers the tasks

    call_command("procrastinate", "worker", *sys.argv[1:])
