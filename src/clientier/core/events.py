"""News goes up: a lower room publishes what happened, higher rooms subscribe. Nothing is lost on the way.

An event is written in the transaction that made it true, together with one queued job per subscriber;
each job is retried on its own, so subscribers must bear to hear a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clientier.core import jobs
from clientier.core.models import OutboxEvent

Subscriber = Callable[[dict[str, Any]], None]
_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscribe(name: str) -> Callable[[Subscriber], Subscriber]:
    """Have ``func(facts)`` called after the transaction that publishes ``name`` has committed."""

    def register(func: Subscriber) -> Subscriber:
        label = f"{func.__module__}.{func.__qualname__}"
        if label in _subscribers.setdefault(name, {}):
            raise ValueError(f"{label} subscribes to {name!r} twice")
        _subscribers[name][label] = func
        return func

    return register


def publish(name: str, **facts: Any) -> OutboxEvent:
    """Record that it happened; must be called inside the transaction that makes it so."""
    event = OutboxEvent.objects.create(name=name, facts=facts)
    for label in _subscribers.get(name, {}):
        deliver.defer(event_id=event.pk, subscriber=label)
    return event


@jobs.task(name="core.deliver")
def deliver(event_id: int, subscriber: str) -> None:
    event = OutboxEvent.objects.get(pk=event_id)
    if func := _subscribers.get(event.name, {}).get(subscriber):
        func(event.facts)
