"""The documents that are generated from the code. They are committed; a test fails when they no longer say the truth."""

import json
from collections.abc import Iterator

from app.bootstrap import EVENT_CATALOGUE, MACHINES
from app.config import Settings
from app.events.catalogue import asyncapi
from app.kit.errors import Refusal
from app.main import create_app


def generated() -> dict[str, str]:
    """Every generated document: its path from the repository's root, and its text."""
    return {
        "openapi/openapi.json": _json(create_app(Settings()).openapi()),
        "openapi/events.json": _json(asyncapi(EVENT_CATALOGUE)),
        "docs/states.md": _states(),
        "docs/errors.md": _errors(),
        "docs/settings.md": _settings(),
    }


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False) + "\n"


def _states() -> str:
    parts = [
        "# State machines\n\nGenerated from the code (`python -m app openapi`). One table each is the only truth.\n"
    ]
    parts += [f"## {machine.name}\n\n```mermaid\n{machine.diagram()}\n```\n" for machine in MACHINES]
    return "\n".join(parts)


def _errors() -> str:
    lines = [
        "# Refusals",
        "",
        "Generated from the code (`python -m app openapi`). Every refusal is a problem document (RFC 9457) whose `type`",
        "points here. `code` is stable.",
        "",
    ]
    for kind in sorted(set(_below(Refusal)), key=lambda kind: (kind.code, kind.__module__)):
        lines += [
            f'<a id="{kind.code}"></a>',
            "",
            f"## `{kind.code}` ({kind.status})",
            "",
            f"{kind.title_zh} / {kind.title_en}",
            "",
            f"- 办法：{kind.remedy_zh}",
            f"- Remedy: {kind.remedy_en}",
            f"- Source: {kind.source}",
            "",
        ]
    return "\n".join(lines)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """All refusals of the application, without those that a test made up."""
    if kind.__module__.startswith("app."):
        yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def _settings() -> str:
    lines = [
        "# Settings",
        "",
        "Generated from the code (`python -m app openapi`). Environment variables carry these names in capitals.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if name.endswith("_directory") else f"`{field.default}`"
        lines.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
