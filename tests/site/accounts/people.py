"""Users who can sign in, and what the audit holds of them."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from typing import Any

from django.test import Client

from clientier.core.models import AuditEntry
from clientier.rooms.people.models import User
from tests import factories as make

PASSWORD = "correct horse battery"


def some_person(**facts: Any) -> User:
    """Somebody with a password."""
    user = make.some_user(**facts)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(user: User, *, password: str = PASSWORD, browser: Client | None = None, **headers: str) -> Client:
    """The user's browser after the form was sent; whether it worked is for the test to see."""
    browser = browser or Client(headers=headers or None)
    browser.post("/sign-in/", {"username": user.username, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def told(verb: str) -> list[dict[str, Any]]:
    """What the audit keeps under a verb, the oldest first."""
    return [entry.changes for entry in AuditEntry.objects.filter(verb=verb).order_by("pk")]


def code_now(secret: str) -> str:
    """What an authenticator app shows, worked out after RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    start = digest[-1] & 15
    return str((int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF) % 10**6).zfill(6)


def set_up_app(browser: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app as its pages ask for it; its secret and the recovery codes."""
    page = browser.get("/account/second-factor/app/").content.decode()
    secret = re.findall(r'data-copy="([A-Z2-7]+)"', page)[0]
    answer = browser.post("/account/second-factor/app/", {"code": code_now(secret)})
    assert answer["Location"] == "/account/second-factor/codes/"
    codes = re.findall(r"<li><code>(\d{8})</code>", browser.get(answer["Location"]).content.decode())
    return secret, codes
