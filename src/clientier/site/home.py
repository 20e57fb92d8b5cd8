"""Where this installation keeps what it must not lose: one folder, and the secret in it.

Settings and the launcher both read it, so nothing here knows Django.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
ROOTS_HOME = Path("/var/lib/clientier")


def home() -> Path:
    """The data folder: CLIENTIER_HOME, else `.local` in a checkout, else the platform's place for user data.

    Root's own folders are closed to every other account, and PostgreSQL refuses to run as root;
    a checkout in such a place therefore keeps its data in /var/lib/clientier.
    """
    chosen = os.environ.get("CLIENTIER_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if (CHECKOUT / "pyproject.toml").is_file():
        if os.geteuid() == 0 and not open_to_others(CHECKOUT):
            return ROOTS_HOME
        return CHECKOUT / ".local"
    return ROOTS_HOME if os.geteuid() == 0 else _users_data_folder()


def open_to_others(folder: Path) -> bool:
    """Whether another account can reach `folder`: every folder on the way lets all pass."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents) if part.exists())


def secret_key() -> str:
    """The key that signs sessions: CLIENTIER_SECRET_KEY, else the data folder's own, made at first use."""
    given = os.environ.get("CLIENTIER_SECRET_KEY")
    if given:
        return given
    path = home() / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _place_once(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def field_keys() -> str:
    """The keys of encrypted values, the newest first: CLIENTIER_FIELD_KEYS, else the data folder's own.

    Read anew at each use: keys are added while the product runs.
    """
    given = os.environ.get("CLIENTIER_FIELD_KEYS")
    if given:
        return "".join(given.split())
    path = _key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _place_once(path, new_field_key())
    return ",".join(path.read_text(encoding="ascii").split())


def add_field_key() -> bool:
    """Put a new key before those in the data folder; False where they come from the environment."""
    if os.environ.get("CLIENTIER_FIELD_KEYS"):
        return False
    keys = field_keys().split(",")
    draft = _draft(_key_file(), "\n".join([new_field_key(), *keys]))
    draft.replace(_key_file())
    return True


def new_field_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def _key_file() -> Path:
    return home() / "field.keys"


def _place_once(path: Path, text: str) -> None:
    """Write the file whole or not at all; of two that start at once, the first wins."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _draft(path: Path, text: str) -> Path:
    """The text in a file beside it that only its owner can read."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
    return draft


def _users_data_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Clientier"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "clientier"
