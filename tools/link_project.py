"""Link this checkout into the environment: its source on the path, and a `clientier` program."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PROGRAM = """#!{python}
import sys

from clientier.site.command import main

sys.exit(main())
"""


def link() -> Path:
    """Write the path file and the program; return the program."""
    packages = Path(sysconfig.get_path("purelib"))
    (packages / "clientier.pth").write_text(f"{CHECKOUT / 'src'}\n", encoding="utf-8")
    program = Path(sysconfig.get_path("scripts")) / "clientier"
    program.write_text(PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    return program


if __name__ == "__main__":
    link()
