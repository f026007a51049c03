"""What a negotiation refuses.

NegotiationRefused                409
├── NegotiationOver                     it has ended, or nobody spoke for too long
├── NegotiationExists                   this buyer has an open one. Data: `negotiation_id`
├── OfferNotLive                        not the latest offer, or no longer valid
├── OfferIsOwn                          nobody accepts his own offer
├── ValidityOutOfBounds                 in the past, or longer than an offer may hold
├── TermSheetUnfit                      the terms contradict themselves; `field` says which
├── NegotiationStage                    not in a state that allows this
├── DayAhead                            nothing is agreed, decided or signed in the future
├── BuyerUnnamed                        a party, or somebody new: one of them
├── BuyerConfirmedBefore                the buyer answered once
├── BuyerNotConfirmed                   no notice names a buyer who has not confirmed
├── ContestNeedsReason                  who does not stand by terms says why
├── NothingToDecide                     this seller needs neither decision nor notice
├── PriceReportMissing                  a public unit's decision rests on a price report
├── RelatedUndescribed                  a relation is described, for the notice
├── SigningOverdue                      the time for signing is over
└── ContractDiffersFromNotice           the contract's pinned terms are not the noticed ones. Data: `fields`
"""

from app.kit.errors import Refusal


class NegotiationRefused(Refusal):
    """The negotiation does not allow this."""

    code = "negotiation_refused"
    title_zh = "洽谈不允许此操作"
    title_en = "The negotiation does not allow this"


class NegotiationOver(NegotiationRefused):
    """The negotiation has ended, or nobody spoke for too long. Data: `status_now`."""

    code = "negotiation_over"
    title_zh = "洽谈已结束"
    title_en = "The negotiation is over"
    remedy_zh = "项目仍在交易中时，可重新发起洽谈。"
    remedy_en = "While the offering is on the market, open another one."


class NegotiationExists(NegotiationRefused):
    """This buyer already negotiates about this offering. Data: `negotiation_id`."""

    code = "negotiation_exists"
    title_zh = "本单位正在洽谈该项目"
    title_en = "The party already negotiates about this offering"
    remedy_zh = "请在已有洽谈中继续。"
    remedy_en = "Continue in the negotiation that is open."


class OfferNotLive(NegotiationRefused):
    """Only the latest offer counts, until its validity ends: a counter-offer ends the one before it."""

    code = "offer_not_live"
    title_zh = "该报价已失效或已被新报价取代"
    title_en = "The offer is no longer live"
    remedy_zh = "请查看最新报价。"
    remedy_en = "Look at the latest offer."


class OfferIsOwn(NegotiationRefused):
    """The other side accepts an offer, never the one that made it."""

    code = "offer_is_own"
    title_zh = "不能接受本方的报价"
    title_en = "Nobody accepts his own offer"
    remedy_zh = "请等待对方答复。"
    remedy_en = "Wait for the other side."


class ValidityOutOfBounds(NegotiationRefused):
    """An offer holds until some instant after now, at most as long as the profile allows. Data: `latest`."""

    code = "validity_out_of_bounds"
    title_zh = "报价有效期不在允许范围内"
    title_en = "The offer's validity is out of bounds"
    remedy_zh = "请按提示的范围修改。"
    remedy_en = "Choose an instant within the bounds shown."


class TermSheetUnfit(NegotiationRefused):
    """The terms contradict themselves."""

    code = "term_sheet_unfit"
    title_zh = "条款之间不一致"
    title_en = "The terms contradict themselves"
    remedy_zh = "请按提示修改所指的条款。"
    remedy_en = "Change the field that is named."


class NegotiationStage(NegotiationRefused):
    """It is not in a state that allows this. Data: `status_now`."""

    code = "negotiation_stage"
    title_zh = "洽谈当前所处环节不允许此操作"
    title_en = "The negotiation is at another stage"
    remedy_zh = "请查看该洽谈的当前环节。"
    remedy_en = "Look at where the negotiation stands."


class DayAhead(NegotiationRefused):
    """What is put on record has happened: terms agreed, decided on or signed today or before. The field says which."""

    code = "day_ahead"
    title_zh = "日期不能晚于今日"
    title_en = "The day lies in the future"
    remedy_zh = "请填写实际发生的日期。"
    remedy_en = "Give the day on which it happened."


class BuyerUnnamed(NegotiationRefused):
    """Exactly one of a party of this market and somebody new is the buyer."""

    code = "buyer_unnamed"
    title_zh = "受让方须在本市场主体与新主体中择一填写"
    title_en = "Name one buyer: a party of this market, or somebody new"
    remedy_zh = "请只填写其中一项。"
    remedy_en = "Give exactly one of the two."


class BuyerConfirmedBefore(NegotiationRefused):
    """The buyer has confirmed these terms."""

    code = "buyer_confirmed_before"
    title_zh = "受让方已确认过条款"
    title_en = "The buyer has confirmed the terms before"
    remedy_zh = "无需再次确认。"
    remedy_en = "Nothing more is needed."


class BuyerNotConfirmed(NegotiationRefused):
    """A notice names only a buyer who stands by the terms."""

    code = "buyer_not_confirmed"
    title_zh = "受让方尚未确认条款"
    title_en = "The buyer has not confirmed the terms"
    remedy_zh = "请先由受让方登录确认。"
    remedy_en = "Let the buyer sign in and confirm first."


class ContestNeedsReason(NegotiationRefused):
    """Who does not stand by terms that were entered for him says why."""

    code = "contest_needs_reason"
    title_zh = "不认可条款须说明理由"
    title_en = "Contesting the terms takes a reason"
    remedy_zh = "请填写理由。"
    remedy_en = "Give the reason."


class PriceReportMissing(NegotiationRefused):
    """A decision to sell at an agreed price rests on a price report 专利协议定价报告."""

    code = "price_report_missing"
    title_zh = "缺少协议定价报告"
    title_en = "The price report is missing"
    remedy_zh = "请填写协议定价报告的文号。"
    remedy_en = "Give the number of the price report."


class RelatedUndescribed(NegotiationRefused):
    """A relation between completers and the buyer is described, so that the notice can mark it."""

    code = "related_undescribed"
    title_zh = "关联关系须写明"
    title_en = "The relation is not described"
    remedy_zh = "请写明完成人与受让方的关联关系。"
    remedy_en = "Say how completers and buyer are related."


class SigningOverdue(NegotiationRefused):
    """The time for signing noticed terms is over. Data: `sign_due_at`."""

    code = "signing_overdue"
    title_zh = "已超过签约期限"
    title_en = "The time for signing is over"
    remedy_zh = "请重新公示后再签约。"
    remedy_en = "Put the terms on notice again."


class ContractDiffersFromNotice(NegotiationRefused):
    """The pinned terms of the contract are not the noticed ones. Data: `fields`."""

    code = "contract_differs_from_notice"
    title_zh = "合同要素与公示内容不一致"
    title_en = "The contract differs from the notice"
    remedy_zh = "价款、受让方、转化方式、范围、标的和期限须与公示一致；如需变更，请重新公示。"
    remedy_en = "Price, buyer, mode, scope, subject and term are as noticed; other terms need a new notice."


class NothingToDecide(NegotiationRefused):
    """This seller needs neither an internal decision nor a public notice: he sells with the buyer's word."""

    code = "nothing_to_decide"
    title_zh = "该出让方无须内部决策和公示"
    title_en = "This seller needs neither a decision nor a notice"
    remedy_zh = "由受让方确认条款即可成交。"
    remedy_en = "The buyer's confirmation concludes the sale."
