"""Identity's refusals."""

from app.kit.errors import Busy, Conflict, Forbidden, Malformed, Unauthenticated


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


class OriginForeign(Forbidden):
    """A browser's unsafe call must say that it comes from a page of ours."""

    code = "origin_foreign"
    title_zh = "请求不是来自本站页面"
    title_en = "The call does not come from a page of this site"
    remedy_zh = "请在本站页面操作；带会话 Cookie 的程序须发送 Origin 头，或改用 API 密钥。"
    remedy_en = (
        "Use our own pages; a program with a session cookie sends an Origin header, or uses an API key."
    )


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


class UsccInvalid(Malformed):
    """Not a unified social credit code (GB 32100)."""

    code = "uscc_invalid"
    title_zh = "统一社会信用代码有误"
    title_en = "The unified social credit code is wrong"
    source = "GB 32100"


class PersonNumberInvalid(Malformed):
    """Not an identity number (GB 11643). The refusal never repeats it."""

    code = "person_number_invalid"
    title_zh = "身份证号有误"
    title_en = "The identity number is wrong"
    source = "GB 11643"


class RegionUnknown(Malformed):
    """GB/T 2260 has no such province."""

    code = "region_unknown"
    title_zh = "行政区划代码有误"
    title_en = "The region code is not known"
    remedy_zh = "请填写六位行政区划代码，如杭州市 330100；境外主体填写为其服务的地区。"
    remedy_en = "Give six digits such as 330100; a foreign party gives the region that serves it."
    source = "GB/T 2260"


class CountryUnfit(Malformed):
    """The country does not go with the kind of party."""

    code = "country_unfit"
    title_zh = "国别（地区）代码与主体类型不符"
    title_en = "The country does not go with the kind of party"


class IdentificationUnfit(Malformed):
    """This kind of party is identified by another number."""

    code = "identification_unfit"
    title_zh = "身份标识与主体类型不符"
    title_en = "This kind of party is identified otherwise"


class KindNotRegistrable(Forbidden):
    """An exchange runs the market; it is set up by its own people, never by registration."""

    code = "kind_not_registrable"
    title_zh = "此类主体不能自行注册"
    title_en = "Such a party cannot register itself"
    remedy_zh = "交易机构由系统管理员设立。"
    remedy_en = "An exchange is set up by the administrator of the service."


class PartyAlreadyRegistered(Conflict):
    """Another party has the same number."""

    code = "party_already_registered"
    title_zh = "该主体已经注册"
    title_en = "This party is registered already"
    remedy_zh = "请联系本单位管理员将您加入；如非本单位所为，请联系交易机构。"
    remedy_en = "Ask your organisation's manager to add you; if it was not you, tell the exchange."


class LoginTaken(Conflict):
    """Somebody has the same login."""

    code = "login_taken"
    title_zh = "登录名已被使用"
    title_en = "The login is taken"
    remedy_zh = "请换一个登录名；如果是您本人，请直接登录。"
    remedy_en = "Choose another; if it is yours, sign in."


class FirstPersonUnfit(Malformed):
    """A visitor names the first person with a password; a clerk may leave it out."""

    code = "first_person_unfit"
    title_zh = "缺少首位人员或其密码"
    title_en = "The first person or his password is missing"


class SealingNotConfigured(Busy):
    """Identity numbers are stored encrypted only; without the secret key they are not taken at all."""

    code = "sealing_not_configured"
    title_zh = "系统尚未配置密钥，暂不能登记自然人"
    title_en = "SECRET_KEY is not set: natural persons cannot be registered yet"
    remedy_zh = "请联系系统管理员设置 SECRET_KEY。"
    remedy_en = "Ask the administrator of the service to set SECRET_KEY."


class ReviewOfOwnParty(Forbidden):
    """Nobody reviews a party to which he belongs."""

    code = "review_of_own_party"
    title_zh = "不能审核自己所在的单位"
    title_en = "Nobody reviews his own party"


class ReviewReasonMissing(Malformed):
    """A refusal says why."""

    code = "review_reason_missing"
    title_zh = "退回时必须说明原因"
    title_en = "A refusal needs a reason"


class SignInRefused(Unauthenticated):
    """Unknown login, wrong password or closed account: the three look the same."""

    code = "sign_in_refused"
    title_zh = "登录名或密码不正确"
    title_en = "The login or the password is not right"
    remedy_zh = "请核对后重试；多次失败会暂停一段时间。"
    remedy_en = "Check both and try again; after many failures there is a pause."


class NoMembership(Forbidden):
    """The person belongs to no party (any more), so there is nobody to act for."""

    code = "no_membership"
    title_zh = "您目前不属于任何单位"
    title_en = "You belong to no party at present"
    remedy_zh = "请联系本单位管理员将您加入。"
    remedy_en = "Ask your organisation's manager to add you."


class SessionNeeded(Forbidden):
    """This is for people who have signed in; an API key cannot do it."""

    code = "session_needed"
    title_zh = "此操作需要登录，不能使用 API 密钥"
    title_en = "This needs a signed-in person, not an API key"
    remedy_zh = "请用登录名和密码登录后操作。"
    remedy_en = "Sign in with login and password."


class InvitationInvalid(Unauthenticated):
    """The invitation is unknown, used or expired. The three look the same."""

    code = "invitation_invalid"
    title_zh = "邀请无效或已过期"
    title_en = "The invitation is not valid or has expired"
    remedy_zh = "请让本单位管理员重新邀请。"
    remedy_en = "Ask your organisation's manager for a new one."


class InvitationUsed(Conflict):
    """The person has set a password already, or belongs to other parties, too."""

    code = "invitation_used"
    title_zh = "该人员已有账号，不能重新邀请"
    title_en = "The person has an account already and cannot be invited again"


class PasswordWeak(Malformed):
    """The password would be guessed quickly."""

    code = "password_weak"
    title_zh = "密码不够安全"
    title_en = "The password is too weak"


class PasswordWrong(Forbidden):
    """The present password, asked for again before it is changed, is not right."""

    code = "password_wrong"
    title_zh = "当前密码不正确"
    title_en = "The present password is not right"


class OwnRolesFixed(Forbidden):
    """Nobody gives himself roles or takes them from himself."""

    code = "own_roles_fixed"
    title_zh = "不能修改自己的角色"
    title_en = "Nobody changes his own roles"
    remedy_zh = "请由本单位另一位管理员办理。"
    remedy_en = "Ask another manager of your organisation."


class RoleUnfit(Malformed):
    """People of such a party cannot hold the role."""

    code = "role_unfit"
    title_zh = "该类单位不能设置此角色"
    title_en = "Such a party has no such role"


class RolesIncompatible(Malformed):
    """One person cannot hold both roles."""

    code = "roles_incompatible"
    title_zh = "角色不能兼任"
    title_en = "The roles exclude each other"


class StaffRoleReserved(Forbidden):
    """Roles that run the market are granted by the exchange, all others by the party itself."""

    code = "staff_role_reserved"
    title_zh = "无权授予或收回此角色"
    title_en = "This role is not yours to give or take"


class RegionScopeTooWide(Forbidden):
    """Nobody grants a wider region than his own."""

    code = "region_scope_too_wide"
    title_zh = "授权地区超出您的范围"
    title_en = "The region is wider than your own"


class LastManager(Conflict):
    """The party would be left without anybody who can bring in people."""

    code = "last_manager"
    title_zh = "单位至少保留一名管理员"
    title_en = "A party keeps at least one manager"
    remedy_zh = "请先指定另一位管理员。"
    remedy_en = "Appoint another manager first."


class AlreadyMember(Conflict):
    """The person belongs to the party already, or is invited."""

    code = "already_member"
    title_zh = "该人员已在本单位"
    title_en = "This person is a member already"


class TooMany(Conflict):
    """A limit of the house is reached."""

    code = "too_many"
    title_zh = "数量已达上限"
    title_en = "The limit is reached"


class ScopeTooWide(Forbidden):
    """A key cannot do more than its maker."""

    code = "scope_too_wide"
    title_zh = "密钥权限超出您的权限"
    title_en = "The key would have more permissions than you may give"


class ApiKeyKindUnfit(Conflict):
    """Sandboxes make test keys, a live market live ones."""

    code = "api_key_kind_unfit"
    title_zh = "此环境不发放这种密钥"
    title_en = "This kind of key is not made here"
