"""What listings refuses.

Malformed                          422
├── PatentNumberInvalid                  the check digit of a Chinese patent number does not fit
├── PriceFormInconsistent                the amounts do not fit the form of the price
├── SharesInconsistent                   shares that do not make 100 %
└── DatesOutOfOrder                      an end before its beginning
Conflict                           409
├── AchievementNotEditable               beyond draft: the operator must return it first
├── AchievementIncomplete                posting needs a few things; these are missing
├── OwnerConfirmationMissing             typed in on somebody's behalf, who has not confirmed yet
├── OwnerConfirmationNotNeeded
├── NothingToConfirm
└── SecretNotPublished                   a statute forbids it
Forbidden                          403
├── BehalfNotAllowed                     only clerks, and only for parties of their region
├── SubmissionNotAllowed
├── WithdrawalNotAllowed
└── AuthorMayNotReview
"""

from app.kit.errors import Conflict, Forbidden, Malformed


class PatentNumberInvalid(Malformed):
    """A Chinese patent number whose check digit does not fit its other digits."""

    code = "patent_number_invalid"
    title_zh = "专利号校验位不正确"
    title_en = "The patent number's check digit does not fit"
    remedy_zh = "请对照受理通知书或证书核对号码，校验位是小数点后的一位。"
    remedy_en = "Compare the number with the certificate; the check digit is the one after the point."


class PriceFormInconsistent(Malformed):
    """The amounts do not fit the form of the price."""

    code = "price_form_inconsistent"
    title_zh = "价格与价格形式不一致"
    title_en = "The amounts do not fit the form of the price"
    remedy_zh = "面议不填金额；参考区间至少填一端且下限不高于上限；要价填一个金额。"
    remedy_en = (
        "Negotiable has no amounts, a range at least one with the lower first, an asking price exactly one."
    )


class SharesInconsistent(Malformed):
    """Shares must name each holder once and make 100 %."""

    code = "shares_inconsistent"
    title_zh = "权属份额不成立"
    title_en = "The ownership shares do not add up"
    remedy_zh = "每个权利人填一次，份额合计 10000 个基点（100 %）。"
    remedy_en = "Name each holder once; the shares make 10,000 basis points (100 %)."


class DatesOutOfOrder(Malformed):
    """An end lies before its beginning."""

    code = "dates_out_of_order"
    title_zh = "日期先后颠倒"
    title_en = "A date lies before the one it must follow"


class AchievementNotEditable(Conflict):
    """Only drafts and returned achievements can be changed."""

    code = "achievement_not_editable"
    title_zh = "提交之后不能再修改"
    title_en = "It can no longer be changed"
    remedy_zh = "请联系运营方退回后修改，再重新提交。"
    remedy_en = "Ask the operator to return it, change it, and submit it again."


class AchievementIncomplete(Conflict):
    """Submission needs title, abstract, field, contact, a right or know-how, and a price form. House rule (R13)."""

    code = "achievement_incomplete"
    title_zh = "还不能提交，内容不全"
    title_en = "It is not complete enough to be submitted"
    remedy_zh = "请补齐列出的各项；份额、权属与保密审查可以到挂牌时再补。"
    remedy_en = (
        "Complete the fields named; shares, title and the secrecy statement can wait for the offering."
    )


class OwnerConfirmationMissing(Conflict):
    """Somebody else's clerk typed it in; the owner confirms it before it is submitted. House rule (代录)."""

    code = "owner_confirmation_missing"
    title_zh = "代录的成果须先经权利人确认"
    title_en = "The owner has not confirmed what was entered on his behalf"
    remedy_zh = "请由成果所属单位登录后确认。"
    remedy_en = "The owning party signs in and confirms it."


class OwnerConfirmationNotNeeded(Conflict):
    """Nobody typed it in on the owner's behalf, or it is confirmed already."""

    code = "owner_confirmation_not_needed"
    title_zh = "无需确认"
    title_en = "There is nothing that needs the owner's confirmation"


class NothingToConfirm(Conflict):
    """No share waits for this party's confirmation."""

    code = "nothing_to_confirm"
    title_zh = "没有待本单位确认的份额"
    title_en = "No share waits for your confirmation"


class SecretNotPublished(Conflict):
    """What is secret, or internal, is never published."""

    code = "secret_not_published"
    title_zh = "涉密成果不得发布"
    title_en = "An achievement with a level of secrecy is never published"
    remedy_zh = "请经定密机关解密并更正密级后再办理；涉密内容请勿上传。"
    remedy_en = "Have it declassified first; do not upload secret text."
    source = "促进科技成果转化法 art. 11"


class BehalfNotAllowed(Forbidden):
    """Entering on behalf of others is for clerks, within their region."""

    code = "behalf_not_allowed"
    title_zh = "不能代该单位录入"
    title_en = "You may not enter on behalf of this party"
    remedy_zh = "代录由具备代录权限的人员在其区域内办理。"
    remedy_en = "A clerk with that permission does it, within his region."


class SubmissionNotAllowed(Forbidden):
    """Submitting is for the holder's officers, or for the clerk who entered it."""

    code = "submission_not_allowed"
    title_zh = "无权提交"
    title_en = "You may not submit it"
    remedy_zh = "请由本单位有提交权限的人员提交。"
    remedy_en = "Somebody of your organisation with that permission submits it."


class WithdrawalNotAllowed(Forbidden):
    """Whoever may write may take back a draft; what has been submitted takes somebody who may submit."""

    code = "withdrawal_not_allowed"
    title_zh = "无权撤回"
    title_en = "You may not withdraw it"
    remedy_zh = "请由本单位有提交权限的人员或运营方办理。"
    remedy_en = "Somebody of your organisation who may submit does it, or the operator."


class AuthorMayNotReview(Forbidden):
    """Nobody reviews what he typed in himself. House rule (separation of duties)."""

    code = "author_may_not_review"
    title_zh = "不能审核自己录入的成果"
    title_en = "You may not review what you entered yourself"
    remedy_zh = "请由另一位审核人员办理。"
    remedy_en = "Another reviewer does it."
