from __future__ import annotations

from django.urls import path

from clientier.rooms.activities import web

urlpatterns = [
    path("tasks/<int:pk>/done/", web.done, name="task-done"),
    path("tasks/<int:pk>/move/", web.move, name="task-move"),
    path("customers/<int:pk>/timeline/", web.timeline, name="customer-timeline"),
    path("interactions/log/", web.log, name="interaction-log"),
]
