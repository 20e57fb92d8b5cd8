"""What the value engine takes when it is installed alone: `python -m bench.library` prints; it judges nothing.

The package is built and installed without the server into an environment of its own, and removed again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLIENTIER_SHARED_DATA") or ROOT.parent / "shared" / "data")
TIMES = 5


def _seconds(command: list[str]) -> float:
    """The best time of several runs of a command."""
    best = float("inf")
    for _ in range(TIMES):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - began)
    return best


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Install, weigh, import, score CDNOW with a report."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        programs = Path(folder) / "bin"
        site = next(Path(folder).glob("lib/python*/site-packages"))
        bare = _megabytes(site)
        install = [programs / "python", "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        subprocess.run([*install, ROOT], check=True, stderr=subprocess.DEVNULL)
        print(f"installed: {_megabytes(site) - bare:.0f} MB (target 300)")
        python = str(programs / "python")
        start = _seconds([python, "-c", "pass"])
        print(
            f"import clientier.worth: {_seconds([python, '-c', 'import clientier.worth']) - start:.2f} s (target 1)"
        )
        book = SHARED / "cdnow" / "CDNOW_master.txt"
        if not book.exists():
            print(f"left out, not found: {book}")
            return
        score = [str(programs / "clientier"), "score", str(book), "--out", f"{folder}/scores.parquet",
                 "--report", f"{folder}/report.html"]  # fmt: skip
        print(f"CDNOW master scored with report from the shell: {_seconds(score):.2f} s (target 2)")


if __name__ == "__main__":
    main()
