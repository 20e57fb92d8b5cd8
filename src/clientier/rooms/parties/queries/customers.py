"""Customers as a whole."""

from __future__ import annotations

from clientier.rooms.parties.models import Customer


def there_are_customers() -> bool:
    return Customer.objects.exists()
