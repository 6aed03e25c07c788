"""How a call of the Bot API comes over a form: nested values as JSON, method names in camel case."""

import json
from collections.abc import Mapping
from typing import Any

_JSON_FIELDS = (
    "reply_markup",
    "link_preview_options",
    "commands",
    "scope",
    "allowed_updates",
    "reply_parameters",
)


def read_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with what came as JSON read."""
    decoded = dict(params)
    for name in _JSON_FIELDS:
        if isinstance(decoded.get(name), str):
            decoded[name] = json.loads(decoded[name])
    return decoded


def snake_case(method: str) -> str:
    """ "sendMessage" as "send_message"."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in method)
