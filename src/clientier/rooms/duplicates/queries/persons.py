"""Which contacts, and which contacts and customers, are known to be one person already."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Q

from clientier.rooms.parties.choices.relations import RelationKind
from clientier.rooms.parties.models import Contact, Customer, Relation
from clientier.rooms.parties.queries.contacts import groups_of_posts, tied_to


def posts_of_one() -> Callable[[tuple[int, int]], bool]:
    """Tells of two contacts whether they are tied as posts of one person."""
    persons = {key: number for number, group in enumerate(groups_of_posts()) for key in group}

    def are_of_one(posts: tuple[int, int]) -> bool:
        one, other = (persons.get(key) for key in posts)
        return one is not None and one == other

    return are_of_one


def ties_to_persons() -> set[tuple[int, int]]:
    """Contact and customer of every tie; whoever is tied to one post of somebody is tied to all of them."""
    posts = {key: group for group in groups_of_posts() for key in group}
    return {(post, person) for contact, person in _told() for post in posts.get(contact, {contact})}


def are_tied(contact: Contact, customer: Customer) -> bool:
    """Whether it is known already that the two are one person."""
    posts = tied_to(contact) | {contact.pk}
    forward = Q(from_contact__in=posts, to_customer=customer, to_contact=None)
    back = Q(to_contact__in=posts, from_customer=customer, from_contact=None)
    return Relation.objects.filter(forward | back, kind=RelationKind.SAME_PERSON).exists()


def _told() -> Iterator[tuple[int, int]]:
    found = Relation.objects.filter(kind=RelationKind.SAME_PERSON).order_by("pk")
    ends = ("from_contact", "from_customer", "to_contact", "to_customer")
    for from_contact, from_customer, to_contact, to_customer in found.values_list(*ends):
        yield (from_contact, to_customer) if from_contact else (to_contact, from_customer)
