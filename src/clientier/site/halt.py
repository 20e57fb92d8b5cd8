"""The one error that ends a command with a sentence instead of a traceback."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path


class Halt(Exception):
    """Says what stops us and what the person at the terminal can do; carries the exit code."""

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def disk_full(folder: Path) -> Halt:
    """The sentence for a full disk, with what is left of it."""
    return Halt(
        f"The disk that holds {folder} is full ({_free_megabytes(folder)} MB left). "
        "Nothing that was saved is lost. Free some space and start again, "
        "or choose a folder on another disk with CLIENTIER_HOME."
    )


def unwritable(folder: Path) -> Halt:
    """The sentence for a folder we may not write in."""
    return Halt(
        f"Clientier keeps its data in {folder} and may not write there. "
        "Give yourself the right to write in it, or choose another folder with CLIENTIER_HOME."
    )


def in_words(error: OSError, *, folder: Path) -> Halt:
    """Turn what the operating system says about `folder` into a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return unwritable(folder)
    return Halt(f"{folder} cannot be used: {error.strerror or error}.")


def _free_megabytes(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000
