"""Who must have a second factor, and has none yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from clientier.site.accounts.queries import has_second_factor

# What somebody may do who has to set it up first.
OPEN = ("/account/second-factor/", "/account/confirm/", "/sign-out/", "/sign-in/", "/language/", "/appearance/",
        "/static/", "/health/")  # fmt: skip


def is_missing(user: Any) -> bool:
    """Whether the user's role asks for a second factor that the user does not have."""
    return user.role.second_factor_required and not has_second_factor(user)


def is_open(request: HttpRequest) -> bool:
    return request.path.startswith(OPEN)
