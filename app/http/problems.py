"""Problem documents (RFC 9457) with a stable code, a sentence and a remedy in Chinese and English."""

from collections.abc import Sequence
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from app.http.answers import Answer
from app.kit.errors import Again, Busy, Conflict, Malformed, NotFound, Refusal, Stale

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
ERRORS_MAX = 50
# SQLSTATEs after which nothing has happened and a repeat may succeed.
_RETRYABLE = {"40001", "40P01", "55P03", "57014", "57P01", "57P02", "57P03", "53300", "25P03", "25P02"}

# numeric_value_out_of_range, datetime_field_overflow
_OUT_OF_RANGE = {"22003", "22008"}


class FieldError(BaseModel):
    """One thing that is wrong with one field."""

    pointer: str = Field(description="JSON pointer into the request: /body/…, /query/…, /path/…, /header/….")
    code: str
    detail: str
    detail_en: str


class Problem(BaseModel):
    """What every refusal answers. Further members hold the refusal's data."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/docs/errors#not_found"])
    title: str
    title_en: str
    status: int
    code: str
    detail: str
    detail_en: str
    remedy: str
    remedy_en: str
    source: str = Field(description="The rule's source: a statute and article, or `house rule`.")
    errors: list[FieldError]
    request_id: str


def document(refusal: Refusal, request_id: str, errors: Sequence[FieldError] = ()) -> dict[str, Any]:
    """What the answer that carries a refusal says."""
    if refusal.field and not errors:
        errors = [
            FieldError(
                pointer=refusal.field,
                code=refusal.code,
                detail=refusal.detail_zh,
                detail_en=refusal.detail_en,
            )
        ]
    return {
        **refusal.data,
        "type": f"/docs/errors#{refusal.code}",
        "title": refusal.title_zh,
        "title_en": refusal.title_en,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.detail_zh,
        "detail_en": refusal.detail_en,
        "remedy": refusal.remedy_zh,
        "remedy_en": refusal.remedy_en,
        "source": refusal.source,
        "errors": [error.model_dump() for error in errors],
        "request_id": request_id,
    }


def problem(request: Request, refusal: Refusal, errors: Sequence[FieldError] = ()) -> JSONResponse:
    """The answer that carries a refusal."""
    body = document(refusal, getattr(request.state, "request_id", ""), errors)
    return JSONResponse(body, status_code=refusal.status, media_type=MEDIA_TYPE, headers=headers_of(refusal))


def headers_of(refusal: Refusal) -> dict[str, str]:
    """The headers that belong to a refusal: when to come again, how to show a credential."""
    headers = {}
    if refusal.status in (429, 503):
        headers["Retry-After"] = str(refusal.data.get("retry_after_seconds", 1))
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="jishi"'
    return headers


def answer_of(refusal: Refusal, request_id: str) -> Answer:
    """A refusal as a finished answer, for those who answer without the framework."""
    headers = {"content-type": MEDIA_TYPE, **headers_of(refusal)}
    return Answer(refusal.status, orjson.dumps(document(refusal, request_id)), headers)


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: every refusal it may give, grouped by status."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "model": Problem,
            "description": "; ".join(f"`{kind.code}`: {kind.title_en} ({kind.title_zh})" for kind in group),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, group in by_status.items()
    }


class InputInvalid(Malformed):
    """The request does not have the documented form."""

    code = "input_invalid"
    title_zh = "输入不符合要求"
    title_en = "The input does not have the documented form"
    remedy_zh = "请按 errors 中逐项的说明修改。"
    remedy_en = "Change each field named in errors."


class OutOfRange(Malformed):
    """What was asked adds up to more than any account, count or date of ours can hold."""

    code = "out_of_range"
    title_zh = "数值超出可处理的范围"
    title_en = "A number is out of range"


class InternalFault(Refusal):
    """Our fault: something unforeseen. The text never carries the cause."""

    code = "internal_fault"
    status = 500
    title_zh = "系统内部错误"
    title_en = "Internal fault"
    remedy_zh = "请用同一个 Idempotency-Key 重试；仍失败请把 request_id 告知我们。"
    remedy_en = "Repeat with the same Idempotency-Key; if it persists, tell us the request_id."


class OutcomeUnknown(Busy):
    """The connection broke while the commit was under way: it may have happened or not."""

    code = "outcome_unknown"
    title_zh = "结果尚不确定"
    title_en = "It is not known whether it happened"
    remedy_zh = "请用同一个 Idempotency-Key 重试：若已生效会得到原来的答复，若未生效会重新办理，不会重复。"
    remedy_en = "Repeat with the same Idempotency-Key: you get the first answer if it happened, and one effect in all."


_WORDS_ZH = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "string_pattern_mismatch": "格式不符合要求",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "enum": "不在允许的取值之内",
    "literal_error": "不在允许的取值之内",
    "json_invalid": "不是合法的 JSON",
    "string_type": "应为字符串",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "uuid_parsing": "不是合法的编号",
    "uuid_type": "不是合法的编号",
    "datetime_from_date_parsing": "不是合法的时间",
    "datetime_parsing": "不是合法的时间",
    "timezone_aware": "时间必须带时区",
    "date_from_datetime_parsing": "不是合法的日期",
    "date_parsing": "不是合法的日期",
    "greater_than_equal": "数值太小",
    "greater_than": "数值太小",
    "less_than_equal": "数值太大",
    "less_than": "数值太大",
    "too_long": "项数太多",
    "too_short": "项数太少",
}


def _pointer(location: Sequence[Any]) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _field_error(error: dict[str, Any]) -> FieldError:
    kind, message = str(error["type"]), str(error["msg"])
    words = _WORDS_ZH.get(kind, "内容不符合要求")
    limits = "、".join(
        f"{name}={value}" for name, value in (error.get("ctx") or {}).items() if name != "error"
    )
    return FieldError(
        pointer=_pointer(error["loc"]),
        code=kind,
        detail=f"{words}（{limits}）" if limits else words,
        detail_en=message,
    )


def validation_problem(request: Request, errors: Sequence[Any]) -> JSONResponse:
    """422 for input that is malformed: one entry for each field, at most 50, never echoing the input."""
    named = [_field_error(error) for error in errors[:ERRORS_MAX]]
    first = named[0].pointer if named else "/body"
    refusal = InputInvalid(
        f"共有 {len(errors)} 处不符合要求，第一处：{first}。",
        f"{len(errors)} field(s) are wrong, the first: {first}.",
    )
    return problem(request, refusal, named)


def from_database(error: Exception) -> Refusal | None:
    """The refusal that a fault of the database means to a caller; None where it is a fault of ours."""
    if isinstance(error, StaleDataError):
        return Stale()
    if isinstance(error, IntegrityError):
        return Conflict(
            "与已有数据冲突，可能已被其他请求抢先办理。", "It conflicts with what another request has stored."
        )
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state in _OUT_OF_RANGE:
        return OutOfRange()
    if (
        isinstance(error, (Again, PoolTimeout, OperationalError, InterfaceError, OSError))
        or state in _RETRYABLE
    ):
        return Busy()
    if isinstance(error, DBAPIError) and (error.connection_invalidated or (state or "").startswith("08")):
        return Busy()
    return None


class MethodNotAllowed(Refusal):
    """The path exists, the method does not."""

    code = "method_not_allowed"
    status = 405
    title_zh = "不支持此方法"
    title_en = "Method not allowed"
    remedy_zh = "请使用 Allow 响应头列出的方法。"
    remedy_en = "Use a method that the Allow header names."


class Unreadable(Refusal):
    """The framework refused the request before any route of ours saw it."""

    code = "http_error"
    status = 400
    title_zh = "请求有误"
    title_en = "The request cannot be served"


def _http_refusal(error: HTTPException) -> Refusal:
    """Our refusal for one of the framework's. A path that does not exist reads like an object that does not."""
    if error.status_code == 404:
        return NotFound()
    return MethodNotAllowed() if error.status_code == 405 else Unreadable(None, str(error.detail))


def _methods(routes: Sequence[APIRoute], path: str) -> list[str]:
    """All methods of a path's resource. The framework names those of the first route that it finds only."""
    template = next((route.path for route in routes if route.path_regex.match(path)), None)
    return sorted({method for route in routes if route.path == template for method in route.methods or ()})


def install(app: FastAPI, routes: Sequence[APIRoute] = ()) -> None:
    """Make every error of the application answer as a problem document. `routes`: all that it serves."""

    async def on_refusal(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        return problem(request, error)

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return validation_problem(request, error.errors())

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        if error.status_code == 400:
            # The framework could not read the body at all: too deep, not UTF-8, a broken form.
            unread = InputInvalid("请求内容无法读取。", "The request body cannot be read.", field="/body")
            return problem(request, unread)
        response = problem(request, _http_refusal(error))
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["Allow"] = ", ".join(_methods(routes, request.url.path))
        return response

    async def on_database(request: Request, error: Exception) -> JSONResponse:
        refusal = from_database(error)
        if refusal is None:
            return await on_fault(request, error)
        if isinstance(refusal, Busy) and getattr(request.state, "committing", False):
            refusal = OutcomeUnknown()
        log.warning("database_refused", code=refusal.code, kind=type(error).__name__)
        return problem(request, refusal)

    async def on_fault(request: Request, error: Exception) -> JSONResponse:
        log.error("internal_fault", exc_info=error, path=request.url.path)
        return problem(request, InternalFault())

    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    for kind in (Again, DBAPIError, StaleDataError, PoolTimeout, OSError):
        app.add_exception_handler(kind, on_database)
    app.add_exception_handler(Exception, on_fault)
