"""The OpenAPI document as it is published: what the edge does to every operation is written at every operation."""

from collections.abc import Callable, Collection, Iterable
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


def document(
    app: FastAPI,
    routes: Iterable[APIRoute],
    models: Iterable[type[BaseModel]] = (),
    optional: Collection[Callable[..., Any]] = (),
) -> dict[str, Any]:
    """The document of an application.

    routes: all that it serves.
    models: shapes that no operation names (events of streams), published as components for typed clients.
    optional: dependencies that look at a credential without asking for one; an operation that has one of them and
    nothing stricter is open to visitors, and its security says so.
    """
    told = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
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
    for route in routes:
        if route.include_in_schema and _is_open(route.dependant, optional):
            for method in route.methods or ():
                operation = told["paths"][route.path_format][method.lower()]
                operation["security"] = [{}, *operation.get("security", [])]
    told["components"]["schemas"] = dict(sorted(schemas.items()))
    return told


def _is_open(dependant: Dependant, optional: Collection[Callable[..., Any]]) -> bool:
    """Whether an operation itself depends on an optional look at the credential, and on nothing that insists."""
    below = [child.call for child in dependant.dependencies]
    insists = [
        child for child in dependant.dependencies if child.call not in optional and _within(child, optional)
    ]
    return any(call in optional for call in below) and not insists


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
