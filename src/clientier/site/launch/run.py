"""`clientier run`: everything on one machine, from one terminal, and nothing left when it ends."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from clientier.site.embedded import lease
from clientier.site.halt import Halt
from clientier.site.home import CHECKOUT, home
from clientier.site.launch.notice import Door
from clientier.site.launch.plan import Plan, Service

WEB_WORKERS = 2
WEB_THREADS = 4
GRACE_SECONDS = 4
SETTINGS = "clientier.site.settings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `clientier run` takes."""
    parser.add_argument(
        "--port", type=int, default=None, help="the port to serve on (CLIENTIER_PORT, else 8000)"
    )
    parser.add_argument(
        "--host", default=None, help="the address to serve on (CLIENTIER_HOST, else 127.0.0.1)"
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="load demo data into a new database (the default for the embedded one)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start everything, wait until Ctrl-C, stop everything. Returns the exit code."""
    return hold(plan_for(arguments))


def plan_for(arguments: argparse.Namespace) -> Plan:
    """The plan of an ordinary run, from the command line and the environment."""
    url = os.environ.get("CLIENTIER_DATABASE_URL") or None
    host = arguments.host or os.environ.get("CLIENTIER_HOST") or "127.0.0.1"
    port = arguments.port if arguments.port is not None else _port_of_environment()
    demo = arguments.demo if arguments.demo is not None else url is None
    python = sys.executable
    web = [python, "-m", "gunicorn", "clientier.site.wsgi:application", "--bind", f"{host}:{port}"]
    web += ["--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS), "--worker-class", "gthread"]
    web += ["--graceful-timeout", str(GRACE_SECONDS), "--log-level", "warning", "--no-control-socket"]
    worker = [python, "-m", "django", "work", "--grace", str(GRACE_SECONDS)]
    return Plan(
        home=str(home()),
        main_pid=os.getpid(),
        host=host,
        port=port,
        database_url=url,
        prepare=[[python, "-m", "django", "prepare", "--static", *(["--demo"] if demo else [])]],
        services=[Service("web server", web), Service("worker", worker)],
        announce=[python, "-m", "django", "announce"],
    )


def hold(plan: Plan) -> int:
    """Give the plan to a keeper and stand by it: our end, of whatever kind, is its sign to stop."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "clientier.site.launch.keeper"],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C must reach us alone
        env=child_environment(),
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _as_ctrl_c)
    try:
        _tell(keeper, plan)
        code = keeper.wait()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # it takes seconds at most; a second Ctrl-C would only harm
        _close(keeper)
        code = keeper.wait()
    if code < 0:
        _clean_up_after(plan)
        raise Halt(
            "The keeper process was killed. Everything it ran has been stopped, and nothing saved is lost."
        )
    return code


def child_environment() -> dict[str, str]:
    """The environment of whatever we start: ours, with the settings module and this very source first."""
    source = str(CHECKOUT / "src")
    paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])] if Path(source).is_dir() else []
    added = {"PYTHONPATH": os.pathsep.join(paths)} if paths else {}
    return {"DJANGO_SETTINGS_MODULE": SETTINGS, **os.environ, **added, "PYTHONUNBUFFERED": "1"}


def _tell(keeper: subprocess.Popen[bytes], plan: Plan) -> None:
    assert keeper.stdin is not None  # noqa: S101 — for the type checker: we asked for a pipe
    keeper.stdin.write(plan.to_json().encode() + b"\n")
    keeper.stdin.flush()


def _close(keeper: subprocess.Popen[bytes]) -> None:
    assert keeper.stdin is not None  # noqa: S101 — as above
    keeper.stdin.close()


def _clean_up_after(plan: Plan) -> None:
    """Do what the keeper can no longer do."""
    Door(Path(plan.home)).clear_leftovers()
    if plan.database_url is None:
        lease.stop_if_unused(Path(plan.home))


def _as_ctrl_c(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _port_of_environment() -> int:
    text = os.environ.get("CLIENTIER_PORT") or "8000"
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 < port < 65536:
        raise Halt(f"CLIENTIER_PORT must be a number from 1 to 65535, not {text!r}.")
    return port
