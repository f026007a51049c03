"""What a buyer's way in refuses.

RegistrationRefused               409
├── RegistrationNotOpen                 no window, not yet, or over
├── RegistrationPaused                  the sale is suspended
├── AlreadyRegistered
├── SellerMayNotRegister          403
├── BuyerBarred                   403   defaulted on this lot before
├── QuoteBelowAsk
├── QuoteNotForThis                     a quote belongs to a listed offering for one buyer
└── RegistrationOver                    the window has ended: nothing is taken back any more
QualificationRefused              409
├── AlreadyDecided
├── BuyerNotReviewed                    the buyer's organisation has not passed its review
└── ClerkIsParty                  403   nobody decides on his own party, or for his own sale
"""

from app.kit.errors import Forbidden, Refusal


class RegistrationRefused(Refusal):
    """The buyer cannot register like this."""

    code = "registration_refused"
    title_zh = "报名未被接受"
    title_en = "The registration was not accepted"


class RegistrationNotOpen(RegistrationRefused):
    """Registrations are taken only within the announced window; the market's clock decides. Data: the window."""

    code = "registration_not_open"
    title_zh = "不在报名期内"
    title_en = "Registration is not open"
    remedy_zh = "请在公告的报名期内报名；截止后不能补报。"
    remedy_en = "Register within the announced window; it cannot be done afterwards."


class RegistrationPaused(RegistrationRefused):
    """The sale is suspended: its window stands still, and what was left of it comes back with the resumption."""

    code = "registration_paused"
    title_zh = "该场交易已中止，暂停报名"
    title_en = "The sale is suspended and takes no registrations"
    remedy_zh = "请等待恢复公告；恢复后剩余的报名时间照旧。"
    remedy_en = "Wait for the resumption; what was left of the window comes back with it."


class AlreadyRegistered(RegistrationRefused):
    """The party has a registration for this offering. Data: `registration_id`."""

    code = "already_registered"
    title_zh = "本单位已报名"
    title_en = "The party has already registered"
    remedy_zh = "请在“我的报名”中查看。"
    remedy_en = "See your registrations."


class SellerMayNotRegister(RegistrationRefused):
    """Nobody buys from himself."""

    code = "seller_may_not_register"
    status = 403
    title_zh = "出让方不得报名"
    title_en = "The seller cannot register"
    remedy_zh = "如主体登记有误，请联系交易机构。"
    remedy_en = "If the parties are recorded wrongly, ask the exchange."


class BuyerBarred(RegistrationRefused):
    """Whoever defaulted on a lot takes no part when it is sold again."""

    code = "buyer_barred"
    status = 403
    title_zh = "本单位曾就该标的悔拍，不得参加重新竞价"
    title_en = "The party defaulted on this lot and is barred from its re-auction"
    remedy_zh = "如对违约认定有异议，请向交易机构提出。"
    remedy_en = "If the finding of a default is disputed, write to the exchange."
    source = "house rule, after 法释〔2016〕18号 art. 24"


class QuoteBelowAsk(RegistrationRefused):
    """A quote is at least the ask. Data: `ask`."""

    code = "quote_below_ask"
    title_zh = "报价低于挂牌价"
    title_en = "The quote is below the ask"
    remedy_zh = "请不低于挂牌价报价，或不填报价。"
    remedy_en = "Quote the ask or more, or leave the quote out."


class QuoteNotForThis(RegistrationRefused):
    """Only a listed offering for one buyer takes a quote."""

    code = "quote_not_for_this"
    title_zh = "该项目不接受报价"
    title_en = "This offering takes no quote"
    remedy_zh = "请去掉报价。"
    remedy_en = "Leave the quote out."


class RegistrationOver(RegistrationRefused):
    """After the window a registration binds."""

    code = "registration_over"
    title_zh = "报名已截止，不能退出"
    title_en = "The window has ended; the registration binds"
    remedy_zh = "不再参与即可；保证金按公告处理。"
    remedy_en = "Simply take no further part; the deposit follows the notice."


class QualificationRefused(Refusal):
    """The decision on a registration cannot be made like this."""

    code = "qualification_refused"
    title_zh = "不能作出资格审查结论"
    title_en = "The qualification cannot be decided like this"


class AlreadyDecided(QualificationRefused):
    """The registration was decided on, or has ended."""

    code = "already_decided"
    title_zh = "该报名已有结论或已结束"
    title_en = "The registration has been decided on, or has ended"
    remedy_zh = "请刷新后查看。"
    remedy_en = "Read it again."


class BuyerNotReviewed(QualificationRefused):
    """Registering and agreeing on terms need no review of the organisation; taking part and buying do. House rule (R14)."""

    code = "buyer_not_reviewed"
    title_zh = "受让方尚未通过主体审核"
    title_en = "The buyer's organisation has not passed its review"
    remedy_zh = "请待该单位通过主体审核后再办理。"
    remedy_en = "Wait until the organisation has passed its review."


class ClerkIsParty(Forbidden):
    """Nobody decides on his own party's registration, or on registrations for his own party's sale."""

    code = "clerk_is_party"
    title_zh = "不得审查本单位相关的报名"
    title_en = "Nobody decides where his own party is concerned"
    remedy_zh = "请由无关的审核人员办理。"
    remedy_en = "Leave it to somebody who is not concerned."
