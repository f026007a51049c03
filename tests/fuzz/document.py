"""The published document with the market's examples in it, and the fuzzer's configuration for one cast."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.config import ROOT
from tests.fuzz.world import Example, Examples

ETAGS = tuple(f'"v{number}"' for number in range(1, 6))


def with_examples(told: dict[str, Any], examples: Examples) -> dict[str, Any]:
    """The document, each known operation with one request that succeeds. Raises KeyError for an unknown one."""
    _without_examples(told["components"]["schemas"])
    by_id = {
        operation["operationId"]: operation
        for operations in told["paths"].values()
        for operation in operations.values()
    }
    for name, example in examples.items():
        operation, given = by_id[name], _parameters(example)
        for parameter in operation.get("parameters", []):
            if parameter["name"] in given:
                parameter["examples"] = {"seeded": {"value": given[parameter["name"]]}}
        if example.body is not None:
            for content in operation["requestBody"]["content"].values():
                content["examples"] = {"seeded": {"value": example.body}}
    return told


def _without_examples(told: Any) -> None:
    """Take the examples of single fields away: one of them beside ours makes a request that nobody meant."""
    if isinstance(told, dict):
        if isinstance(told.get("examples"), list):
            del told["examples"]
        for part in told.values():
            _without_examples(part)
    elif isinstance(told, list):
        for part in told:
            _without_examples(part)


def _parameters(example: Example) -> dict[str, str]:
    given = {**example.path, **example.query, "Idempotency-Key": str(uuid4())}
    if example.id is not None:
        given["id"] = str(example.id)
    if example.version is not None:
        given["if-match"] = f'"v{example.version}"'
    return given


def configuration(examples: Examples, told: dict[str, Any], key: str | None) -> str:
    """The committed configuration, with the key under the scheme it belongs to (so that the fuzzer can try to do
    without), and with ids that exist for half of what is made up."""
    lines = [(ROOT / "schemathesis.toml").read_text(encoding="utf-8")]
    if key is not None:
        lines.append(f'[auth.openapi.api_key]\nbearer = "{key}"\n')
    lines.append(f"[dictionaries.etags]\nvalues = {json.dumps(ETAGS)}\n")
    operations = {
        operation["operationId"]: operation
        for found in told["paths"].values()
        for operation in found.values()
    }
    bindings = []
    for name, example in sorted(examples.items()):
        given = {**example.path} | ({"id": str(example.id)} if example.id is not None else {})
        bound = []
        for parameter, value in given.items():
            lines.append(f"[dictionaries.{name}_{parameter}]\nvalues = [{json.dumps(value)}]\n")
            bound.append(f'"path.{parameter}" = {{ dictionary = "{name}_{parameter}", probability = 0.5 }}\n')
        if any(p["name"] == "if-match" for p in operations[name].get("parameters", [])):
            bound.append('"header.if-match" = { dictionary = "etags", probability = 0.5 }\n')
        if bound:
            bindings.append(
                f'[[operations]]\ninclude-operation-id = "{name}"\n[operations.parameters]\n{"".join(bound)}'
            )
    return "\n".join([*lines, *bindings])


def write(directory: Path, told: dict[str, Any], examples: Examples, key: str | None) -> tuple[Path, Path]:
    """Write the document and the configuration. Gives their paths."""
    document, config = directory / "openapi.json", directory / "schemathesis.toml"
    document.write_text(json.dumps(with_examples(told, examples), ensure_ascii=False), encoding="utf-8")
    config.write_text(configuration(examples, told, key), encoding="utf-8")
    return document, config
