"""What can go wrong, in words a person can read. The edges turn these into pages or problem documents."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the business said no. ``code`` is stable; the message is translated."""

    code = "refused"
    status = 409
    message: str | Promise = _("This is not possible now. Nothing was changed.")

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(message if message is not None else self.message)

    def __str__(self) -> str:
        return str(self.args[0])


class NotAllowed(DomainError):
    """The actor lacks the right; nothing was changed."""

    code = "not_allowed"
    status = 403
    message = _("Your role does not allow this. Nothing was changed; ask an administrator if you need it.")


class LeavesReach(NotAllowed):
    """The change would push the record out of its writer's own reach; handing over is a right of its own."""

    message = _(
        "This would put the record out of your reach. Nothing was changed; "
        "choose an owner and a territory that you look after."
    )


class OnLoan(NotAllowed):
    """Who reaches a record only because it was shared cannot make it somebody else's, and least of all their own."""

    message = _(
        "This record was shared with you. Whose it is, only those decide who look after it. Nothing was changed."
    )


class NotFound(DomainError):
    """Also raised for rows that exist but are out of the actor's reach: a 403 would leak them."""

    code = "not_found"
    status = 404
    message = _("There is no such record, or it is not among those you can see.")


class Conflict(DomainError):
    """Somebody else changed the record meanwhile, or other records depend on it."""

    code = "conflict"
    status = 409


class BadQuestion(DomainError):
    """A filter, order or page that cannot be understood."""

    code = "bad_question"
    status = 400
