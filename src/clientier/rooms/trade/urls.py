from __future__ import annotations

from django.urls import path

from clientier.rooms.trade import jobs
from clientier.rooms.trade.web import (
    collecting,
    collection,
    credit,
    debtor,
    invoices,
    lines,
    orders,
    payments,
    receivables,
)

urlpatterns = [
    path("orders/new/", orders.new, name="order-new"),
    path("orders/line/", lines.row, name="document-line"),
    path("orders/line/facts/", lines.of_product, name="document-line-facts"),
    path("orders/<int:pk>/edit/", orders.edit, name="order-edit"),
    path("orders/<int:pk>/open/", orders.open_, name="order-open"),
    path("orders/<int:pk>/release/", credit.release, name="order-release"),
    path("credit-limits/set/", credit.new_limit, name="credit-limit-new"),
    path("orders/<int:pk>/deliver/", orders.deliver, name="order-deliver"),
    path("orders/<int:pk>/invoice/", orders.invoice, name="order-invoice"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("orders/<int:pk>/close/", orders.close, name="order-close"),
    path("deliveries/<int:pk>/take-back/", orders.take_back, name="delivery-take-back"),
    path("invoices/new/", invoices.new, name="invoice-new"),
    path("invoices/<int:pk>/post/", invoices.post, name="invoice-post"),
    path("invoices/<int:pk>/credit/", invoices.credit, name="invoice-credit"),
    path("payments/new/", payments.new, name="payment-new"),
    path("payments/<int:pk>/settle/", payments.settle, name="payment-settle"),
    path("payments/<int:pk>/take-back/", payments.take_back, name="payment-take-back"),
    path("receivables/", receivables.overview, name="receivables"),
    path("receivables/managers/", receivables.managers, name="receivables-managers"),
    path("receivables/reminders/", collection.reminders, name="receivables-reminders"),
    path("receivables/collection/", collection.sales, name="receivables-collection"),
    path("receivables/customers/<int:pk>/", debtor.show, name="receivables-customer"),
    path("receivables/customers/<int:pk>/call/", collecting.call, name="receivables-call"),
    path(
        "receivables/customers/<int:pk>/remind/", collecting.remind, {"send": jobs.send_reminder},
        name="receivables-remind",
    ),
    path("promises/note/", collecting.promise, name="promise-note"),
    path("promises/<int:pk>/withdraw/", collecting.withdraw, name="promise-withdraw"),
    path("invoices/<int:pk>/dispute/", collecting.dispute, name="invoice-dispute"),
    path("invoices/<int:pk>/end-dispute/", collecting.end_dispute, name="invoice-end-dispute"),
    path("invoices/<int:pk>/write-off/", collecting.write_off, name="invoice-write-off"),
    path("invoices/<int:pk>/take-back-write-off/", collecting.take_back_write_off, name="invoice-unwrite"),
    path("limit-proposals/<int:pk>/accept/", credit.accept, name="limit-accept"),
    path("limit-proposals/<int:pk>/refuse/", credit.refuse, name="limit-refuse"),
    path("settings/credit/", credit.rules, name="settings-credit"),
]  # fmt: skip
