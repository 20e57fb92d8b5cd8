from __future__ import annotations

from django.urls import path

from clientier.rooms.stewardship.web import papers

urlpatterns = [
    path("customers/<int:pk>/card.pdf", papers.card, name="customer-card-paper"),
]
