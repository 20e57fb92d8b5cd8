"""The description of the REST interface, as text that changes only when the interface does."""

from __future__ import annotations

import json

from django.core.serializers.json import DjangoJSONEncoder

from clientier.site.urls import rest

# What RFC 9110 calls it; the standard library had another name for it before Python 3.13.
UNPROCESSABLE = "Unprocessable Content"


def document() -> str:
    """The OpenAPI document as indented JSON with sorted keys, the same from every Python."""
    schema = rest.get_openapi_schema()
    for operations in schema["paths"].values():
        for operation in operations.values():
            if (refusal := operation["responses"].get(422)) is not None:
                refusal["description"] = UNPROCESSABLE
    return json.dumps(schema, cls=DjangoJSONEncoder, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
