from __future__ import annotations

from django.urls import path

from clientier.rooms.catalog.web import holders, prices, trees

urlpatterns = [
    path("products/<int:pk>/parts/", trees.parts, name="product-parts"),
    path("products/<int:pk>/holders/", holders.holders, name="product-holders"),
    path("products/<int:pk>/price/", prices.asked, name="product-price"),
]
