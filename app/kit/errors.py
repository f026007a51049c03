"""The root of the tree of refusals.

    Refusal                     a rule says no; the caller can act on it
    ├── NotFound        404     absent, or somebody else's: the two look the same
    ├── Forbidden       403     the caller lacks a permission for a thing it may see
    ├── Unauthenticated 401     nobody is signed in, or the credential is no longer valid
    ├── Conflict        409     the thing is not in a state that allows this
    ├── Stale           412     somebody changed it since it was read
    ├── Malformed       422     the input itself is wrong
    └── Busy            503     try again, nothing happened

Each room subclasses these in its own `errors.py`. `code` is stable and part of the API.
"""

from typing import Any, ClassVar

HOUSE_RULE = "house rule"


class Again(Exception):
    """What was read has changed since: nothing has happened, and the same transaction done anew finds it as it is now."""


class Refusal(Exception):
    """A rule says no. Holds a stable code, a sentence in two languages, the remedy and the rule's source."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title_zh: ClassVar[str] = "请求被拒绝"
    title_en: ClassVar[str] = "Refused"
    remedy_zh: ClassVar[str] = "请按提示修改后重试。"
    remedy_en: ClassVar[str] = "Change the request as described and try again."
    source: ClassVar[str] = HOUSE_RULE

    def __init__(
        self,
        detail_zh: str | None = None,
        detail_en: str | None = None,
        *,
        field: str | None = None,
        **data: Any,
    ) -> None:
        self.detail_zh = detail_zh or self.title_zh
        self.detail_en = detail_en or self.title_en
        self.field = field
        self.data = data
        super().__init__(f"{self.code}: {self.detail_en}")


class NotFound(Refusal):
    """The object does not exist, or is not the caller's to see."""

    code = "not_found"
    status = 404
    title_zh = "没有找到"
    title_en = "Not found"
    remedy_zh = "请核对编号；如果它属于其他单位，请向该单位索取。"
    remedy_en = "Check the identifier; if it belongs to another party, ask that party."


class Forbidden(Refusal):
    """The caller may see the object but lacks the permission for this act."""

    code = "forbidden"
    status = 403
    title_zh = "没有权限"
    title_en = "Not permitted"
    remedy_zh = "请由具备相应角色的人员办理。"
    remedy_en = "Ask somebody who holds the role for this."


class Unauthenticated(Refusal):
    """Nobody is signed in, or the credential is unknown, expired or revoked."""

    code = "unauthenticated"
    status = 401
    title_zh = "请先登录"
    title_en = "Sign in first"
    remedy_zh = "请登录，或检查密钥是否有效。"
    remedy_en = "Sign in, or check that the key is still valid."


class Conflict(Refusal):
    """The object is not in a state that allows this."""

    code = "conflict"
    status = 409
    title_zh = "当前状态不允许此操作"
    title_en = "Not possible in the present state"
    remedy_zh = "请刷新后查看当前状态。"
    remedy_en = "Read the object again and look at its state."


class Stale(Refusal):
    """`If-Match` does not name the present version."""

    code = "stale_version"
    status = 412
    title_zh = "内容已被他人修改"
    title_en = "Somebody has changed it since you read it"
    remedy_zh = "请重新读取，核对差异后再提交。"
    remedy_en = "Read it again, look at the difference and resubmit with the new ETag."


class Malformed(Refusal):
    """The input is well-formed JSON but cannot mean anything here."""

    code = "malformed"
    status = 422
    title_zh = "输入有误"
    title_en = "The input is wrong"


class Busy(Refusal):
    """The service cannot do this now; nothing has happened."""

    code = "busy"
    status = 503
    title_zh = "服务繁忙，请稍后再试"
    title_en = "Busy, try again shortly"
    remedy_zh = "请求未产生任何效果，请稍后用同一个 Idempotency-Key 重试。"
    remedy_en = "Nothing happened. Repeat with the same Idempotency-Key."
