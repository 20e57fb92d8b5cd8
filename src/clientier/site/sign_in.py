"""Signing in; the sample company lets a visitor choose whom to be."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import LoginView

from clientier.rooms.people.models import User
from clientier.rooms.people.queries import organisation, sample_users, user_for
from clientier.site.demo.loading import PASSWORD


class Accounts(ModelBackend):
    """Users with their passwords; who is signed in comes with the role, in one query a request."""

    def get_user(self, user_id: int) -> User | None:
        return user_for(user_id)


class SignIn(LoginView):
    template_name = "kit/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        if organisation().sample_data:
            context["sample_accounts"] = [
                {"name": user.name, "role": str(user.role), "username": user.username, "password": PASSWORD}
                for user in sample_users()
            ]
        return super().get_context_data(**context)
