"""Folders for tests of the embedded server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the server's own account can enter, gone with the block.

    It lies beside pytest's folders, not within: whenever pytest starts anywhere on the machine, it closes
    the one that all its runs share, and a server under an account of its own would lose its way.
    """
    folder = Path(tempfile.mkdtemp(prefix="clientier-tests-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
