from __future__ import annotations

from django.urls import path

from clientier.rooms.value import jobs, web

urlpatterns = [
    path("value/pyramid/", web.pyramid, name="value-pyramid"),
    path("value/profit/", web.profit, name="value-profit"),
    path("value/flow/", web.flow, name="value-flow"),
    path("value/forecast/", web.forecast, name="value-forecast"),
    path("value/run/", web.compute, {"task": jobs.judge}, name="value-compute"),
    path("value/run/<uuid:pk>/", web.progress, name="value-progress"),
]
