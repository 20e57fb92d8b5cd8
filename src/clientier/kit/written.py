"""What programs send to be written, as far as it can be. No future annotations here: ninja reads the real types."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, model_validator

from clientier.core.outside import refuse_unstorable


class Written(Schema):
    """A field that cannot be written is named as a mistake, not passed over; so is a text that cannot be stored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unstorable(cls, sent: Any) -> Any:
        if isinstance(sent, dict):
            refuse_unstorable(sent)
        return sent
