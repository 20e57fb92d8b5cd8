"""The main process of the launcher's tests: the real `hold`, with a small site in place of the product."""

from __future__ import annotations

import os
import sys

from clientier.site.halt import Halt
from clientier.site.launch.plan import Plan, Service
from clientier.site.launch.run import hold

SITE = "tests.site.launch.small_site"


def main(home: str, port: str) -> int:
    """Run the small site on `port` with its data in `home`."""
    python = sys.executable
    web = [python, "-m", "gunicorn", f"{SITE}:application", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    web += ["--log-level", "warning", "--no-control-socket"]
    plan = Plan(
        home=home,
        main_pid=os.getpid(),
        host="127.0.0.1",
        port=int(port),
        prepare=[[python, "-m", SITE]],
        services=[Service("web server", web), Service("worker", ["sleep", "3600"])],
        announce=["echo", "  sign in     anna"],
    )
    try:
        return hold(plan)
    except Halt as halt:
        print(halt, file=sys.stderr)
        return halt.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
