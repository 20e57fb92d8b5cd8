"""The data folder of the embedded PostgreSQL: make it, and refuse one that is not ours to open."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from clientier.site.embedded.account import MAJOR_VERSION, Account
from clientier.site.halt import Halt, disk_full, in_words

SUPERUSER = "clientier"
NEEDED_MEGABYTES = 150


def check(data_folder: Path) -> None:
    """Refuse, in words, data that this PostgreSQL cannot read, before anything touches them."""
    if not data_folder.exists():
        return
    version_file = data_folder / "PG_VERSION"
    try:
        version = version_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise Halt(
            f"{data_folder} exists but holds no PostgreSQL data. Nothing was changed. "
            "Move it away, or choose another folder with CLIENTIER_HOME."
        ) from None
    except OSError as error:
        raise in_words(error, folder=data_folder) from error
    if version != str(MAJOR_VERSION):
        raise Halt(_other_version(data_folder, version))


def make(data_folder: Path, *, account: Account, programs: Path) -> None:
    """Make an empty cluster in UTF-8; a making that was cut short leaves nothing that looks like data."""
    draft = data_folder.with_name(f"{data_folder.name}.making")
    try:
        data_folder.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(data_folder.parent).free < NEEDED_MEGABYTES * 1_000_000:
            raise disk_full(data_folder.parent)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if not account.is_ours:
            os.chown(draft, account.uid, account.gid)
    except OSError as error:
        raise in_words(error, folder=data_folder.parent) from error
    done = subprocess.run(  # noqa: S603 — our own program and words
        [
            str(programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--auth=trust",  # the socket lies in a folder that only its owner can enter
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "LC_ALL": "C"},
        **account.as_popen_arguments(),
    )
    if done.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise from_log(done.stdout + done.stderr, folder=data_folder.parent)
    draft.rename(data_folder)


def from_log(text: str, *, folder: Path) -> Halt:
    """Turn what PostgreSQL wrote before it gave up into a sentence."""
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return disk_full(folder)
    telling = [
        line for line in text.splitlines() if any(word in line for word in ("FATAL", "PANIC", "error:"))
    ]
    first = (telling or text.splitlines() or ["it said nothing"])[0].strip()  # what follows is consequence
    return Halt(
        f"The embedded PostgreSQL did not start: {first}\nIts whole log is {folder / 'postgres.log'}."
    )


def _other_version(data_folder: Path, version: str) -> str:
    return (
        f"The data in {data_folder} were made by PostgreSQL {version}; this Clientier brings PostgreSQL "
        f"{MAJOR_VERSION}, and neither reads the other's files. Nothing was changed: your data are safe.\n"
        "Either install the Clientier that made them and go on as before,\n"
        "or move them: with that Clientier running, write them out with pg_dump; move the folder away;\n"
        "start this Clientier once with --no-demo and read them in with psql (see docs/operations.md),\n"
        "or begin with an empty database: move the folder away and start again."
    )
