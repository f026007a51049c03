"""Reading the published document: what each operation takes, and where in it which kind of value stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ID = "018f0000-0000-7000-8000-000000000000"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Operation:
    """One operation with a JSON body or a query."""

    method: str
    path: str
    name: str
    body: dict[str, Any] | None
    query: tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class Leaf:
    """A single value in a body: where it stands and what it must be like."""

    path: Path
    schema: dict[str, Any]

    @property
    def pointer(self) -> str:
        """Where a problem document says it is."""
        return "/" + "/".join(("body", *map(str, self.path)))


class Shapes:
    """A document's operations and values."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]
        self._paths = document["paths"]

    def operations(self) -> Iterator[Operation]:
        """All of them."""
        for path, found in self._paths.items():
            for method, told in found.items():
                content = told.get("requestBody", {}).get("content", {}).get("application/json")
                query = tuple(
                    (parameter["name"], self.plain(parameter["schema"]))
                    for parameter in told.get("parameters", [])
                    if parameter["in"] == "query"
                )
                yield Operation(
                    method,
                    path,
                    told["operationId"],
                    self.plain(content["schema"]) if content else None,
                    query,
                )

    def plain(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema without references, and without `null` as the alternative."""
        while True:
            if "$ref" in schema:
                schema = self._schemas[schema["$ref"].rpartition("/")[2]]
            elif "anyOf" in schema:
                # What may be of several kinds is judged by its own tests.
                kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
                schema = kinds[0] if len(kinds) == 1 else {}
            elif "allOf" in schema and len(schema["allOf"]) == 1:
                schema = schema["allOf"][0]
            else:
                return schema

    def leaves(self, schema: dict[str, Any], at: Path = ()) -> Iterator[Leaf]:
        """Every single value that may stand in a body, one item for a list."""
        schema = self.plain(schema)
        if "properties" in schema:
            for name, below in schema["properties"].items():
                yield from self.leaves(below, (*at, name))
        elif schema.get("type") == "array":
            yield from self.leaves(schema["items"], (*at, 0))
        elif schema.get("type") == "object":
            yield from self.leaves(_values(schema), (*at, "title"))
        else:
            yield Leaf(at, schema)

    def sample(self, schema: dict[str, Any]) -> Any:
        """A whole body in which every value is present and has its form."""
        schema = self.plain(schema)
        if "properties" in schema:
            return {name: self.sample(below) for name, below in schema["properties"].items()}
        if schema.get("type") == "array":
            return [self.sample(schema["items"])]
        if schema.get("type") == "object":
            return {"title": self.sample(_values(schema))}
        return _value(schema)


def _values(schema: dict[str, Any]) -> dict[str, Any]:
    """What an object with free keys holds; nothing is known of it where anything may stand there."""
    free = schema.get("additionalProperties")
    if free is True:
        return {}
    found: dict[str, Any] = free or next(iter(schema["patternProperties"].values()))
    return found


def _value(schema: dict[str, Any]) -> Any:
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    if schema.get("examples"):
        return schema["examples"][0]
    kinds = {"integer": schema.get("minimum", 1), "boolean": True}
    forms = {"uuid": ID, "date": "2026-11-02", "date-time": "2026-11-02T01:00:00Z"}
    long_enough = "文字" * (1 + int(schema.get("minLength", 0)) // 2)
    return kinds.get(str(schema.get("type")), forms.get(str(schema.get("format")), long_enough))


def put(body: Any, path: Path, value: Any) -> None:
    """Set one value in a body."""
    for step in path[:-1]:
        body = body[step]
    body[path[-1]] = value


def is_money(schema: dict[str, Any]) -> bool:
    """Whether a value is an amount."""
    return str(schema.get("pattern", "")).endswith(r"\.[0-9]{2}$")


def is_text(schema: dict[str, Any]) -> bool:
    """Whether a value is what a person writes: no form of its own but its length."""
    return schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(schema)
