from __future__ import annotations

from django.urls import path

from clientier.rooms.parties import web

urlpatterns = [
    path("customers/map/", web.places, name="customers-map"),
    path("customers/<int:pk>/profile/<slug:group>/", web.profile_group, name="customer-profile"),
    path("customers/<int:pk>/relate/", web.relate, name="customer-relate"),
    path("relations/<int:pk>/end/", web.end_relation, name="relation-end"),
]
