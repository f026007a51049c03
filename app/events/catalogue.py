"""The document of all events: JSON Schema for each kind, in an AsyncAPI 3 frame. Generated, committed, drift-tested."""

from collections.abc import Mapping
from typing import Any

from app.events.model import Event


def asyncapi(catalogue: Mapping[str, type[Event]]) -> dict[str, Any]:
    """The AsyncAPI document of a catalogue of events."""
    messages, schemas = {}, {}
    for kind in sorted(catalogue):
        event = catalogue[kind]
        schemas[kind] = _schema(event)
        messages[kind] = {
            "name": kind,
            "title": event.__name__,
            "summary": (event.__doc__ or "").strip().split("\n")[0],
            "contentType": "application/json",
            "payload": {"$ref": f"#/components/schemas/{kind}"},
            "x-version": event.version,
            "x-subject": event.subject,
            "x-public": event.public,
        }
    channel = {
        "address": "/v1/stream",
        "description": "Server-sent events for one organisation, by position; `Last-Event-ID` resumes.",
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in messages},
    }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Jishi 技市 events", "version": "1.0.0", "license": {"name": "Apache-2.0"}},
        "channels": {"organisation": channel},
        "operations": {"follow": {"action": "send", "channel": {"$ref": "#/channels/organisation"}}},
        "components": {"messages": messages, "schemas": schemas},
    }


def _schema(event: type[Event]) -> dict[str, Any]:
    schema = event.model_json_schema(mode="serialization")
    # Whom it is addressed to is routing, not payload.
    schema.get("properties", {}).pop("parties", None)
    return schema
