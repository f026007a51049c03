"""Identity's refusals."""

from app.kit.errors import Conflict, Forbidden, Unauthenticated


class CredentialInvalid(Unauthenticated):
    """The session or key is unknown, expired or revoked. The three look the same."""

    code = "credential_invalid"
    title_zh = "登录已失效或密钥无效"
    title_en = "The session has ended or the key is not valid"


class CsrfTokenInvalid(Forbidden):
    """A browser's unsafe call must carry the page's token and come from our own origin."""

    code = "csrf_token_invalid"
    title_zh = "页面令牌无效"
    title_en = "The page's token is missing or wrong"
    remedy_zh = "请刷新页面后重试；程序调用请使用 API 密钥。"
    remedy_en = "Reload the page and try again; programs use an API key."


class PermissionMissing(Forbidden):
    """The actor's roles (or the key's scopes) do not include the permission."""

    code = "permission_missing"


class PartyNotReviewed(Conflict):
    """The organisation may look, draft and ask; offering and bidding wait for its review. House rule (R14)."""

    code = "party_not_reviewed"
    status = 403
    title_zh = "单位尚未通过审核"
    title_en = "The organisation has not been reviewed yet"
    remedy_zh = "审核通过前可以浏览、起草和咨询；发布和出价需等待审核。"
    remedy_en = "Until the review you may look, draft and ask; offering and bidding wait for it."
