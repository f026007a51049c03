"""What joint buying refuses."""

from app.kit.errors import Conflict, Malformed
from app.markets.registrations.errors import QualificationRefused, RegistrationRefused


class JointNotAllowed(RegistrationRefused):
    """The notice does not allow joint buyers."""

    code = "joint_not_allowed"
    title_zh = "公告未允许联合受让"
    title_en = "The notice does not allow joint buyers"
    remedy_zh = "请以单独名义报名。"
    remedy_en = "Register alone."


class JointSharesUnfit(Malformed):
    """The members or their shares do not fit: two at least, the lead among them, none twice, 10000 basis points in all."""

    code = "joint_shares_unfit"
    title_zh = "联合受让成员或份额有误"
    title_en = "The members or their shares do not fit"
    remedy_zh = "成员不少于两方且不得重复，须含牵头方，份额合计为100%。"
    remedy_en = "Two members at least, none twice, the lead among them, and shares that sum to 100 %."


class JointMemberUnknown(Malformed):
    """A member that the registration names does not exist."""

    code = "joint_member_unknown"
    title_zh = "联合受让成员不存在"
    title_en = "A member of the joint registration does not exist"


class JointMemberTaken(RegistrationRefused):
    """A member has registered for this sale already, alone or with others. Data: `party_id`."""

    code = "joint_member_taken"
    title_zh = "联合受让成员已以其他方式报名"
    title_en = "A member has registered for this sale already"
    remedy_zh = "同一主体在一场交易中只能参加一个报名。"
    remedy_en = "A party is in one registration of a sale."


class JointConsentMissing(QualificationRefused):
    """Not every member has consented. Data: `missing`."""

    code = "joint_consent_missing"
    title_zh = "联合受让成员尚未全部同意"
    title_en = "Not every member has consented"
    remedy_zh = "请联系未同意的成员登录确认。"
    remedy_en = "Ask the members who have not consented to do so."


class ConsentedBefore(Conflict):
    """The member has consented, or the registration is decided."""

    code = "consented_before"
    title_zh = "本方已同意，或该报名已有结论"
    title_en = "The member has consented, or the registration is decided"
