from __future__ import annotations

from django.urls import path

from clientier.rooms.stewardship.web import hand_overs, packs, papers, reviews, upkeep

urlpatterns = [
    path("customers/<int:pk>/card.pdf", papers.card, name="customer-card-paper"),
    path("visits/", packs.pack, name="pack"),
    path("visits/take/", packs.take, name="pack-take"),
    path("visits/pack.pdf", packs.paper, name="pack-paper"),
    path("visits/<int:pk>/earlier/", packs.move, name="pack-move"),
    path("visits/<int:pk>/return/", packs.bring_back, name="pack-return"),
    path("customers/<int:pk>/confirm/", upkeep.confirm, name="customer-confirm"),
    path("contacts/<int:pk>/confirm/", upkeep.confirm_contact, name="contact-confirm"),
    path("completeness/", upkeep.by_owner, name="completeness"),
    path("reviews/week/", reviews.week, name="reviews-week"),
    path("reviews/report/", reviews.report, name="reviews-report"),
    path("hand-overs/new/", hand_overs.new, name="hand-over-new"),
    path("hand-overs/<int:pk>/plan/", hand_overs.plan, name="hand-over-plan"),
    path("hand-over-briefs/<int:pk>/read/", hand_overs.brief, name="brief"),
    path("hand-over-briefs/<int:pk>/brief.pdf", hand_overs.brief_paper, name="brief-paper"),
    path("settings/upkeep/", upkeep.rules, name="settings-upkeep"),
]
