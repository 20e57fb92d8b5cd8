"""The pages of value: pyramid, profit, flow, and the run that computes them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access, jobs
from clientier.core.actor import Reach
from clientier.core.models import JobRun, JobState
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Customer
from clientier.rooms.value.charts import evidence
from clientier.rooms.value.charts import moves as moves_words
from clientier.rooms.value.charts import pyramid as pyramid_charts
from clientier.rooms.value.charts.links import list_url
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries import moves, work
from clientier.rooms.value.queries.pyramid import pyramid_of
from clientier.rooms.value.queries.reach import may_see_value, sees_everybody
from clientier.rooms.value.queries.standings import current_run


@require_GET
def pyramid(request: Asking) -> HttpResponse:
    """Who carries the business: customers and profit by tier, who moved, who is on the way up."""
    run = current_run()
    if run is None or not may_see_value(request.actor):
        return _nothing_yet(request, _("Pyramid"))
    page = _moves(request, run)
    if request.headers.get("HX-Request") and request.headers.get("HX-Target") in {"moves", "section#moves"}:
        return TemplateResponse(request, "value/pyramid.html#moves", page)
    whole = pyramid_of(request.actor, run)
    currency = request.setting.currency
    number, rising = moves.growth_candidates(request.actor)
    page |= {
        **_about(request, run),
        "kpis": pyramid_charts.headline(whole, currency, _interactions_url(run)),
        "pictures": pyramid_charts.pictures(whole, currency),
        "table": pyramid_charts.table(whole, currency),
        "candidates": moves_words.candidates(rising, request.setting),
        "candidates_number": number,
        "candidates_url": list_url(
            "customers",
            "standing__growth_candidate:is:yes",
            "standing__tier:in:ordinary,small",
            order="standing__gap_to_next",
        ),
    }
    return TemplateResponse(request, "value/pyramid.html", page)


def _moves(request: Asking, run: ValueRun) -> dict[str, Any]:
    way = request.GET.get("moved", "")
    asked = request.GET.get("page", "1")
    found = moves.movement(request.actor, run, way, int(asked) if asked.isdigit() else 1)
    labels = {"": _("All"), moves.UP: _("Up"), moves.DOWN: _("Down"), moves.NEW: _("New")}
    counts = {"": sum(found.counts.values()), **found.counts}
    return {
        "run": run,
        "movers": moves_words.rows(
            found.movers, run.facts["counts"]["customers"]["in_pyramid"], request.setting
        ),
        "previous_day": formats.day(run.previous.as_of) if run.previous else "",
        "ways": [
            {
                "label": label,
                "count": formats.number(counts[name]),
                "url": f"?moved={name}" if name else "?",
                "active": name == way,
            }
            for name, label in labels.items()
        ],
        "way": way,
        "page": found.page,
        "pages": found.pages,
    }


def _about(request: Asking, run: ValueRun) -> dict[str, Any]:
    """What stands over every page of value: of which day, by which rules, whose customers, and how to ask again."""
    running = work.waited_for(request.actor)
    return {
        "run": run,
        "as_of": formats.day(run.as_of),
        "everybody": sees_everybody(request.actor),
        "may_compute": request.actor.reach(ValueRun, "add") is not Reach.NONE,
        "progress": _progress(running) if running else None,
        "show_why": request.GET.get("why") == "1",
        "started_at": formats.moment(run.started_at),
        "seconds": formats.number(run.seconds, 1),
        "definitions": evidence.definitions(),
        "rules": evidence.rules(run.policy.rules),
        "model": evidence.model(run.facts["model"]),
        "left_out": evidence.left_out(run.facts["set_aside"], request.setting.currency),
    }


def _nothing_yet(request: Asking, title: str) -> HttpResponse:
    """What the place is for, and the first step: customers to judge, or the first run."""
    running = work.waited_for(request.actor)
    seen = may_see_value(request.actor)
    return TemplateResponse(
        request,
        "value/nothing_yet.html",
        {
            "title": title,
            "may_see": seen,
            "has_customers": seen and access.visible(request.actor, Customer).exists(),
            "may_compute": request.actor.reach(ValueRun, "add") is not Reach.NONE,
            "progress": _progress(running) if running else None,
        },
    )


def _interactions_url(run: ValueRun) -> str:
    first = run.as_of - dt.timedelta(days=run.policy.rules["window_days"] - 1)
    return list_url("interactions", f"at:between:{first},{run.as_of}")


@require_GET
def profit(request: Asking) -> HttpResponse:
    raise NotImplementedError


@require_GET
def flow(request: Asking) -> HttpResponse:
    raise NotImplementedError


@require_POST
def compute(request: Asking, task: Any) -> HttpResponse:
    """Start a value run in the background, unless one of this person's is under way."""
    access.require(request.actor, ValueRun, "add")
    if work.waited_for(request.actor) is None:
        jobs.start(
            task,
            kind=work.KIND,
            label=_("Computing value"),
            actor=request.actor,
            as_of=request.setting.today.isoformat(),
            user_id=request.actor.user_id,
        )
    return redirect("value-pyramid")


@require_GET
def progress(request: Asking, pk: UUID) -> HttpResponse:
    """How far the run is; when it has come to its end, the whole page is shown afresh."""
    run = work.started(request.actor, pk)
    shown = _progress(run)
    response = TemplateResponse(request, "kit/parts/progress.html", {"progress": shown})
    if run.state == JobState.DONE:
        response.headers["HX-Refresh"] = "true"
    return response


def _progress(run: JobRun) -> dict[str, Any]:
    words = {
        JobState.QUEUED: _("Waiting for its turn"),
        JobState.RUNNING: _("Reading orders and costs, judging every customer"),
        JobState.DONE: _("Done"),
        JobState.FAILED: run.error or _("It failed. The former figures stay."),
    }
    return {
        "title": run.label,
        "text": words[JobState(run.state)],
        "finished": run.state in {JobState.DONE, JobState.FAILED},
        "failed": run.state == JobState.FAILED,
        "url": reverse("value-progress", args=[run.pk]),
    }
