"""Customers as a whole."""

from __future__ import annotations

from django.db.models import Q

from clientier.rooms.parties.models import Customer


def holds(customer: Customer, rule: Q) -> bool:
    """Whether the filter holds for this customer."""
    return Customer.objects.filter(rule, pk=customer.pk).exists()


def there_are_customers() -> bool:
    return Customer.objects.exists()
