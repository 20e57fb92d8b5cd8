"""Cards as PDF."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from clientier.core import access
from clientier.kit import paper
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Customer
from clientier.rooms.stewardship.queries import papers


@require_GET
def card(request: Asking, pk: int) -> HttpResponse:
    """The card of a customer as one or two pages."""
    customer = access.get(request.actor, Customer, pk)
    told = papers.card_as_paper(request.actor, customer, request.setting)
    return printed(papers.paper(request.actor, request.setting, [told]), str(customer))


def printed(facts: dict[str, Any], name: str) -> HttpResponse:
    """The paper as a file that browsers show, and keep under its name."""
    answer = HttpResponse(paper.pdf(papers.DOCUMENT, facts), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}.pdf"
    return answer
