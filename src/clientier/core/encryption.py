"""Values that lie encrypted in the database: sealed with a key that lies elsewhere, opened only when asked for.

A sealed value begins with the short name of its key, so that keys can be renewed one value after the other, and
is bound to what it is about: moved to another record it does not open. ``docs/operations.md`` says where keys lie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clientier.core.errors import DomainError

KEY_BYTES = 32
NAME_BYTES = 4
NONCE_BYTES = 12


class KeyIsMissing(DomainError):
    """The value is there, but not the key it was sealed with."""

    code = "key_is_missing"
    message = _(
        "This value cannot be read now: the key it was encrypted with is not among the keys of this "
        "installation. Nothing is lost; an administrator must put the key back."
    )


class KeysAreWrong(DomainError):
    """What stands in CLIENTIER_FIELD_KEYS is no list of keys."""

    code = "keys_are_wrong"
    message = _(
        "The field keys cannot be used: CLIENTIER_FIELD_KEYS, or the file field.keys, must hold keys of 32 bytes "
        "in base64, the newest first, separated by commas. Nothing was changed."
    )


def current_key_name() -> bytes:
    """The short name of the key with which new values are sealed."""
    return _name(_keys()[0])


def key_names() -> list[bytes]:
    """The short names of all keys, the newest first."""
    return [_name(key) for key in _keys()]


def seal(text: str, about: str) -> bytes:
    """The text encrypted with the newest key, bound to what it is ``about``."""
    key, nonce = _keys()[0], os.urandom(NONCE_BYTES)
    return _name(key) + nonce + AESGCM(_derived(key, b"values")).encrypt(nonce, text.encode(), about.encode())


def open_sealed(sealed: bytes, about: str) -> str:
    """The text, or KeyIsMissing where its key is not here or the value is about something else."""
    name, nonce = sealed[:NAME_BYTES], sealed[NAME_BYTES : NAME_BYTES + NONCE_BYTES]
    for key in _keys():
        if _name(key) == name:
            try:
                cipher = AESGCM(_derived(key, b"values"))
                return cipher.decrypt(nonce, sealed[NAME_BYTES + NONCE_BYTES :], about.encode()).decode()
            except InvalidTag:
                break
    raise KeyIsMissing


def is_current(sealed: bytes) -> bool:
    """Whether it was sealed with the newest key."""
    return sealed[:NAME_BYTES] == current_key_name()


def index_of(text: str) -> bytes:
    """By what an exactly equal text is found again, without telling the text to who has no key."""
    return _digest(_keys()[0], text)


def indexes_of(text: str) -> list[bytes]:
    """The same under every key, for values that were sealed before the newest was made."""
    return [_digest(key, text) for key in _keys()]


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(_derived(key, b"index"), text.encode(), "sha256")


def _keys() -> list[bytes]:
    try:
        found = [base64.b64decode(part, validate=True) for part in settings.FIELD_KEYS().split(",") if part]
    except (NotBase64, ValueError) as wrong:
        raise KeysAreWrong from wrong
    if not found or any(len(key) != KEY_BYTES for key in found):
        raise KeysAreWrong
    return found


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name" + key).digest()[:NAME_BYTES]


def _derived(key: bytes, purpose: bytes) -> bytes:
    """One key for each purpose, so that what one gives away tells nothing of the other."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"clientier " + purpose).derive(key)
