"""Folders for tests of the embedded server."""

from __future__ import annotations

import os
from pathlib import Path


def reachable(folder: Path) -> Path:
    """Let the server's own account pass, which pytest's closed folders would keep out when we are root."""
    if os.geteuid() == 0:
        for part in (folder, *folder.parents):
            if "pytest" in part.name or part == folder:
                part.chmod(0o755)
    return folder
