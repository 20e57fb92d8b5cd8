"""The pages of value: pyramid, profit, flow, and the run that computes them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from clientier.core import access, jobs
from clientier.core.actor import Reach
from clientier.core.models import JobRun, JobState
from clientier.core.outside import whole_number
from clientier.kit import formats
from clientier.kit.asking import Asking
from clientier.rooms.parties.models import Customer
from clientier.rooms.value.charts import bridge, cohorts, evidence, groups, whale
from clientier.rooms.value.charts import flow as flow_charts
from clientier.rooms.value.charts import forecast as forecast_charts
from clientier.rooms.value.charts import moves as moves_words
from clientier.rooms.value.charts import profit as profit_charts
from clientier.rooms.value.charts import pyramid as pyramid_charts
from clientier.rooms.value.charts.links import customers_url, list_url
from clientier.rooms.value.models import ValueRun
from clientier.rooms.value.queries import flow as flows
from clientier.rooms.value.queries import moves, retention, work
from clientier.rooms.value.queries import profit as profits
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
    if _asks_for(request, "moves"):
        return TemplateResponse(request, "value/pyramid.html#moves", page)
    whole = pyramid_of(request.actor, run)
    currency = request.setting.currency
    number, rising = moves.growth_candidates(request.actor, run)
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
            "standing__gap_to_next:gte:0.0001",
            order="standing__gap_to_next",
        ),
    }
    return TemplateResponse(request, "value/pyramid.html", page)


def _moves(request: Asking, run: ValueRun) -> dict[str, Any]:
    way = request.GET.get("moved", "")
    found = moves.movement(request.actor, run, way, whole_number(request.GET.get("page", "")) or 1)
    ranked = run.facts["counts"]["customers"]["in_pyramid"]
    labels = {"": _("All"), moves.UP: _("Up"), moves.DOWN: _("Down"), moves.NEW: pgettext("moves", "New")}
    counts = {"": sum(found.counts.values()), **found.counts}
    return {
        "run": run,
        "movers": moves_words.rows(found.movers, ranked, request.setting),
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
    """What stands over every page of value: of which day, by which rules, whose customers."""
    running = work.waited_for(request.actor)
    return {
        "run": run,
        "as_of": formats.day(run.as_of),
        "everybody": sees_everybody(request.actor),
        "may_compute": request.actor.reach(ValueRun, "add") is not Reach.NONE,
        "progress": _progress(running) if running else None,
        "show_why": request.GET.get("why") == "1",
        "started_at": formats.moment(timezone.localtime(run.started_at)),
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
    """Where the profit is made and lost: whale curve, profit bridge, groups, both ends of the ranking."""
    run = current_run()
    if run is None or not may_see_value(request.actor):
        return _nothing_yet(request, _("Profit"))
    way = request.GET.get("by", "")
    way = way if way in groups.group_words() else "tier"
    if _asks_for(request, "groups"):
        found = profits.groups_of(request.actor, run, way)
        return TemplateResponse(request, "value/profit.html#groups", _groups(request, found, way))
    found, steps = profits.groups_and_steps(request.actor, run, way)
    currency = request.setting.currency
    curve, spread = profits.whale_of(request.actor, run)
    ends = profits.extremes(request.actor)
    first = run.as_of - dt.timedelta(days=run.policy.rules["window_days"] - 1)
    page = {
        **_about(request, run),
        **_groups(request, found, way),
        "kpis": profit_charts.headline(steps, curve, spread.gini, spread.shares, currency),
        "whale": whale.chart(curve, ends.best, ends.costly, currency),
        "bridge": bridge.bridge(steps, first, run.as_of, currency),
        "best": groups.people(ends.best, currency),
        "costly": groups.people(ends.costly, currency),
        "costly_url": customers_url("standing__net_profit:lte:-0.0001", order="standing__net_profit"),
    }
    return TemplateResponse(request, "value/profit.html", page)


def _groups(request: Asking, found: list[dict[str, Any]], way: str) -> dict[str, Any]:
    words = groups.group_words()
    return {
        "ways": [
            {"label": label, "url": f"?by={name}", "active": name == way} for name, label in words.items()
        ],
        "way_label": words[way],
        "groups": groups.rows(found, way, request.setting.currency),
    }


def _asks_for(request: Asking, part: str) -> bool:
    """Whether htmx wants only this part of the page."""
    target = request.headers.get("HX-Target", "")
    return bool(request.headers.get("HX-Request")) and target.rpartition("#")[2] == part


@require_GET
def flow(request: Asking) -> HttpResponse:
    """How customers flow between classes, what leaks out of the bucket, and who still buys."""
    run = current_run()
    if run is None or not may_see_value(request.actor):
        return _nothing_yet(request, _("Flow"))
    actor, setting = request.actor, request.setting
    silence = dt.timedelta(days=run.policy.rules["lost_horizon_days"])
    months = retention.bucket_of(actor, run, silence)
    since = retention.lost_since(run.as_of)
    lost_number, lost = retention.lost_of(actor, run, silence)
    silent = f"standing__last_day:between:{since - silence},{run.as_of - silence}"
    lost_url = customers_url(silent, order="-standing__prior_net_profit")
    back_number, back = retention.back_of(actor, run)
    page = {
        **_about(request, run),
        **_streams(request, run),
        "kpis": flow_charts.headline(months, run.as_of, lost_url, back_number, setting.currency),
        "bucket": flow_charts.bucket(months, setting.currency),
        "heat": cohorts.heat(retention.cohorts_of(actor, run)),
        "lost": flow_charts.gone(lost, setting, lost=True),
        "lost_number": formats.number(lost_number),
        "lost_url": lost_url,
        "back": flow_charts.gone(back, setting, lost=False),
        "back_number": formats.number(back_number),
    }
    return TemplateResponse(request, "value/flow.html", page)


def _streams(request: Asking, run: ValueRun) -> dict[str, Any]:
    """The two days that were asked for, or the last two; and the customers of a stream that was opened."""
    runs = flows.dated_runs()
    if len(runs) < 2:
        return {}
    by_key = {str(each.pk): each for each in runs}
    later = by_key.get(request.GET.get("later", ""), runs[0])
    earlier = by_key.get(request.GET.get("earlier", ""), runs[min(runs.index(later) + 1, len(runs) - 1)])
    earlier, later = sorted((earlier, later), key=lambda each: each.as_of)
    dates = f"earlier={earlier.pk}&later={later.pk}"
    found = flows.streams(request.actor, earlier, later)
    page = {
        "dates": [{"pk": each.pk, "label": formats.day(each.as_of)} for each in runs],
        "dates_query": dates,
        "earlier": earlier,
        "later": later,
        "streams": flow_charts.streams(found, dates, current=later.pk == run.pk),
    }
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if after in flow_charts.ORDER[1:] and before in flow_charts.ORDER:
        scores = flows.stream_customers(request.actor, earlier, later, before, after)
        page["members"] = flow_charts.members(scores, request.setting.currency)
        page["stream_title"] = f"{flow_charts.class_words(before)} → {flow_charts.class_words(after)}"
    return page


@require_GET
def forecast(request: Asking) -> HttpResponse:
    """How well the forecast of an earlier day came true, for the whole company, and what follows from it."""
    run = current_run()
    if run is None or not may_see_value(request.actor):
        return _nothing_yet(request, _("Forecast"))
    held = run.facts["model"].get("holdout", {})
    page = _about(request, run)
    if sees_everybody(request.actor) and forecast_charts.checked(held):
        page |= {
            "span": forecast_charts.span(held),
            "kpis": forecast_charts.headline(held),
            "purchases": forecast_charts.purchases(held),
            "buying": forecast_charts.buying(held),
            "candidates": forecast_charts.candidates(held),
            "decisions": forecast_charts.decisions(held),
        }
    return TemplateResponse(request, "value/forecast.html", page)


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
    response = TemplateResponse(request, "value/parts/progress.html", {"progress": shown})
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
