from __future__ import annotations

from django.urls import path

from clientier.rooms.trade.web import invoices, lines, orders, payments, stock

urlpatterns = [
    path("orders/new/", orders.new, name="order-new"),
    path("orders/line/", lines.row, name="document-line"),
    path("orders/line/facts/", lines.of_product, name="document-line-facts"),
    path("orders/<int:pk>/edit/", orders.edit, name="order-edit"),
    path("orders/<int:pk>/open/", orders.open_, name="order-open"),
    path("orders/<int:pk>/deliver/", orders.deliver, name="order-deliver"),
    path("orders/<int:pk>/invoice/", orders.invoice, name="order-invoice"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/close/", orders.close, name="order-close"),
    path("deliveries/<int:pk>/take-back/", orders.take_back, name="delivery-take-back"),
    path("invoices/new/", invoices.new, name="invoice-new"),
    path("invoices/<int:pk>/post/", invoices.post, name="invoice-post"),
    path("invoices/<int:pk>/credit/", invoices.credit, name="invoice-credit"),
    path("stock/move/", stock.move, name="stock-move"),
    path("stock/transfer/", stock.transfer, name="stock-transfer"),
    path("stock/shortages/", stock.short, name="shortages"),
    path("stock/shortages/<int:pk>/divide/", stock.divide, name="stock-divide"),
    path("stock/lines/<int:pk>/decide/", stock.decide, name="stock-decide"),
    path("payments/new/", payments.new, name="payment-new"),
    path("payments/<int:pk>/settle/", payments.settle, name="payment-settle"),
    path("payments/<int:pk>/take-back/", payments.take_back, name="payment-take-back"),
]
