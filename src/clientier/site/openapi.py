"""The description of the REST interface, as text that changes only when the interface does."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder

from clientier.site.urls import rest


def document() -> str:
    """The OpenAPI document as indented JSON with sorted keys."""
    schema = rest.get_openapi_schema()
    return json.dumps(schema, cls=DjangoJSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
