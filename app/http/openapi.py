"""The OpenAPI document as it is published: what the edge does to every operation is written at every operation."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.http.problems import MEDIA_TYPE, Problem

_METHODS = {"get", "put", "post", "patch", "delete"}
_REF = "#/components/schemas/{model}"
_EDGE = {
    "401": "`unauthenticated`, `credential_invalid`: Sign in first (请先登录)",
    "403": "`permission_missing`, `csrf_token_invalid`: Not permitted (没有权限)",
    "409": "`conflict`: Not possible in the present state (当前状态不允许此操作)",
    "413": "`body_too_large`: The request body is too large (请求内容过大)",
    "422": "`input_invalid`: The input does not have the documented form (输入不符合要求)",
    "503": "`busy`, `outcome_unknown`: Busy, try again shortly (服务繁忙，请稍后再试)",
}
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-Id": (
        "Names this request in our logs; tell us when something goes wrong.",
        {"type": "string"},
    ),
    "ETag": ("The version of the object, for `If-Match`.", {"type": "string", "examples": ['"v7"']}),
    "Location": ("Where the new object is read, if it has a place of its own.", {"type": "string"}),
    "Retry-After": ("Seconds after which a repeat makes sense.", {"type": "integer", "minimum": 0}),
    "WWW-Authenticate": ("How to show a credential.", {"type": "string"}),
    "Idempotency-Replayed": (
        "`true`: this is the kept answer to an earlier request with the same key; nothing happened now.",
        {"type": "string", "enum": ["true"]},
    ),
}
_PARAMETERS = {
    "cursor": "`next_cursor` of the page before; left out for the first page.",
    "limit": "How many at most on a page.",
}


@dataclass(frozen=True)
class Marks:
    """Dependencies that mean something to the document.

    optional: look at a credential. strict: insist on one. keyed: insist on an `Idempotency-Key`.
    """

    optional: Collection[Callable[..., Any]] = ()
    strict: Collection[Callable[..., Any]] = ()
    keyed: Collection[Callable[..., Any]] = ()


def document(
    app: FastAPI,
    routes: Iterable[APIRoute],
    models: Iterable[type[BaseModel]] = (),
    marks: Marks = Marks(),
) -> dict[str, Any]:
    """The document of an application.

    routes: all that it serves.
    models: shapes that no operation names (events of streams), published as components for typed clients.
    marks: an operation that looks at a credential and does not insist on one is open to visitors, and its security
    says so; one that insists on a key or an `If-Match` says so, too.
    """
    told = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
        tags=app.openapi_tags,
        separate_input_output_schemas=False,
    )
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    published: tuple[type[BaseModel], ...] = (Problem, *models)
    for model in published:
        _publish(schemas, model)
    for operations in told["paths"].values():
        for method, operation in operations.items():
            if method in _METHODS:
                _complete(method, operation)
                _name_headers(operation, schemas)
    for route in routes:
        for method in route.methods or () if route.include_in_schema else ():
            _mark(told["paths"][route.path_format][method.lower()], route.dependant, marks)
    told["components"]["schemas"] = dict(sorted(schemas.items()))
    told["components"]["headers"] = {
        name: {"description": words, "schema": schema} for name, (words, schema) in _HEADERS.items()
    }
    return told


def _mark(operation: dict[str, Any], dependant: Dependant, marks: Marks) -> None:
    if _within(dependant, marks.optional) and not _within(dependant, marks.strict):
        operation["security"] = [{}, *operation.get("security", [])]
    needed = {"if-match"} | ({"idempotency-key"} if _within(dependant, marks.keyed) else set())
    for parameter in operation.get("parameters", []):
        if parameter["name"] in _PARAMETERS:
            parameter.setdefault("description", _PARAMETERS[parameter["name"]])
        if parameter["name"].lower() in needed:
            parameter["required"] = True
            variants: Sequence[dict[str, Any]] = parameter["schema"].pop("anyOf", ())
            for variant in variants:
                if variant.get("type") != "null":
                    parameter["schema"] |= variant


def _name_headers(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Every header that an answer may carry and a client may use."""
    keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    for status, response in operation["responses"].items():
        names = ["X-Request-Id"]
        if status.startswith("2") and _versioned(response, schemas):
            names.append("ETag")
        if status in ("201", "202"):
            names.append("Location")
        if status in ("429", "503"):
            names.append("Retry-After")
        if status == "401":
            names.append("WWW-Authenticate")
        # What is not kept with a key is not replayed either.
        if keyed and status not in ("401", "413", "422", "428", "429", "503"):
            names.append("Idempotency-Replayed")
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _versioned(response: dict[str, Any], schemas: dict[str, Any]) -> bool:
    for content in response.get("content", {}).values():
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if "version" in schemas.get(name, {}).get("properties", {}):
            return True
    return False


def _within(dependant: Dependant, wanted: Collection[Callable[..., Any]]) -> bool:
    return any(child.call in wanted or _within(child, wanted) for child in dependant.dependencies)


def _publish(schemas: dict[str, Any], model: type[BaseModel]) -> None:
    schema = model.model_json_schema(ref_template=_REF, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema


def _complete(method: str, operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation.setdefault("responses", {})
    for status in _edge_statuses(method, operation):
        if status == "422" or status not in responses:
            responses[status] = {"description": _EDGE[status]}
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
    operation["responses"] = dict(sorted(responses.items()))


def _edge_statuses(method: str, operation: dict[str, Any]) -> list[str]:
    """The statuses that the edge itself may give for an operation."""
    statuses = ["503"]
    if operation.get("security"):
        statuses += ["401", "403"]
    if operation.get("parameters") or operation.get("requestBody"):
        statuses.append("422")
    if method != "get":
        statuses += ["409", "413"]
    return statuses
