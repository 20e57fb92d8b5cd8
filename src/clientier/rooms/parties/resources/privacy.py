from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clientier.core import access
from clientier.core.actor import Actor, Reach
from clientier.core.commands import never_delete
from clientier.kit import formats, panels
from clientier.kit.cells import Cell, Setting
from clientier.kit.resource import Column, Resource, Section, register
from clientier.rooms.parties.choices.privacy import RequestKind
from clientier.rooms.parties.commands.consents import change_consent, record_consent
from clientier.rooms.parties.commands.requests import change_request, receive_request
from clientier.rooms.parties.models import Consent, PrivacyRequest, RetentionRule, SensitiveLook
from clientier.rooms.parties.queries.consents import consents_on_card, refusal_badge
from clientier.rooms.parties.queries.sensitive import answer_told, look_told, sensitive_on_card

consents = register(
    Resource(
        model=Consent,
        create=record_consent,
        update=change_consent,
        slug="consents",
        icon="circle-check",
        order="-given_on",
        columns=(
            Column(path="customer"),
            Column(path="contact"),
            Column(path="covers"),
            Column(path="purpose"),
            Column(path="given_on"),
            Column(path="valid_until"),
            Column(path="withdrawn_on"),
            Column(path="proof", shown=False),
            Column(path="given_by", shown=False),
            Column(path="recorded_by", kind="user", shown=False),
            Column(path="recorded_at", shown=False),
        ),
        form=(
            Section(_("Who agrees"), ("customer", "contact", "given_by")),
            Section(_("To what"), ("covers", "purpose", "given_on", "valid_until", "proof")),
        ),
        empty=_("What persons agreed to, until when, and how one can show it."),
    )
)


looks = register(
    Resource(
        model=SensitiveLook,
        delete=never_delete,
        slug="sensitive-looks",
        icon="eye",
        order="-at",
        columns=(
            Column(path="at"),
            Column(path="user_name"),
            Column(path="customer"),
            Column(path="contact"),
            Column(path="kind"),
            Column(path="reason"),
            Column(path="door", shown=False),
        ),
        empty=_("Every look at a sensitive fact: who, whose, which, when and why. Nobody can change it."),
    )
)
requests = register(
    Resource(
        model=PrivacyRequest,
        create=receive_request,
        update=change_request,
        slug="privacy-requests",
        icon="mail",
        order="due_on",
        columns=(
            Column(path="customer"),
            Column(path="contact"),
            Column(path="kind"),
            Column(path="received_on"),
            Column(path="due_on"),
            Column(path="answered_on"),
            Column(path="how", shown=False),
        ),
        form=(Section(_("Request"), ("kind", "customer", "contact", "received_on", "how")),),
        empty=_("Persons may ask what you know of them, and to be forgotten. Each request has a last day."),
    )
)
retention_rules = register(
    Resource(
        model=RetentionRule,
        slug="retention-rules",
        icon="hourglass",
        order="pk",
        columns=(
            Column(path="applies_to"),
            Column(path="months"),
            Column(path="step"),
            Column(path="way"),
            Column(path="is_on"),
        ),
        form=(Section(_("Rule"), ("applies_to", "months", "step", "way", "is_on")),),
        empty=_("How long the data of persons are kept after the last activity, and what happens then."),
    )
)

for slug in ("customers", "contacts"):
    panels.add(
        slug,
        panels.Panel(
            "sensitive", _("Sensitive facts"), "parties/sensitive.html", sensitive_on_card, "side", 60
        ),
    )
    panels.add(
        slug, panels.Panel("consents", _("Consents"), "parties/consents.html", consents_on_card, "side", 61)
    )
    panels.mark(slug, refusal_badge)


def _answers(actor: Actor, request: PrivacyRequest) -> list[dict[str, Any]]:
    """The way to the answer, for those who may give it."""
    if request.kind == RequestKind.ACCESS and _may(actor, request, "export"):
        url = reverse("privacy-request-file", args=[request.pk])
        return [{"label": gettext("Data of the person"), "url": url, "icon": "download", "primary": True}]
    if request.kind == RequestKind.ERASURE and not request.answered_on and _may(actor, request, "erase"):
        url = reverse("privacy-request-erase", args=[request.pk])
        return [{"label": gettext("Erase the person"), "url": url, "icon": "trash", "danger": True}]
    return []


def _deadline(actor: Actor, request: PrivacyRequest, setting: Setting) -> list[Cell]:
    """Beside an open request: how many days are left, or that it is late."""
    if request.answered_on is not None:
        return []
    left = formats.since(request.due_on, setting.today)
    late = request.due_on < setting.today
    words = gettext("overdue") if late else gettext("due %(when)s") % {"when": left}
    return [Cell("badge", words, tone="bad" if late else "warn")]


def _may(actor: Actor, record: PrivacyRequest, action: str) -> bool:
    return actor.reach(PrivacyRequest, action) is not Reach.NONE and bool(
        access.visible(actor, PrivacyRequest, action).filter(pk=record.pk)
    )


def _due(actor: Actor, rule: RetentionRule) -> list[dict[str, Any]]:
    if not actor.unlimited:
        return []
    url = reverse("retention-due", args=[rule.pk])
    return [{"label": gettext("Who it is about today"), "url": url, "icon": "list-check", "primary": True}]


panels.add("sensitive-looks", panels.Panel("look", _("Look"), "parties/told.html", look_told))
panels.add("privacy-requests", panels.Panel("answer", _("Answer"), "parties/told.html", answer_told))
panels.offer("privacy-requests", _answers)
panels.mark("privacy-requests", _deadline)
panels.offer("retention-rules", _due)
