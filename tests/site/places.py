"""Folders for tests of the embedded server."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from clientier.site.embedded import cluster
from clientier.site.embedded.account import account_for, server_programs


@contextmanager
def open_folder(*, with_data: bool = False) -> Iterator[Path]:
    """A folder that the server's own account can enter, empty or with a new database's data, gone with the block.

    It lies beside pytest's folders, not within: whenever pytest starts anywhere on the machine, it closes
    the one that all its runs share, and a server under an account of its own would lose its way.
    """
    folder = Path(tempfile.mkdtemp(prefix="clientier-tests-"))
    folder.chmod(0o755)
    try:
        if with_data:
            subprocess.run(["cp", "-a", _new_data(), folder], check=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _new_data() -> Path:
    """Data that a first start would make, made once: that takes seconds, and a copy of them a moment."""
    home = Path(tempfile.mkdtemp(prefix="clientier-tests-made-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o755)
    data_folder = home / "postgres"
    account = account_for(data_folder)
    cluster.make(data_folder, account=account, programs=server_programs(account, shelf=home))
    return data_folder
