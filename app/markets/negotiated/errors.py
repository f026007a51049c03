"""What a negotiation refuses.

NegotiationRefused                409
├── NegotiationOver                     it has ended, or nobody spoke for too long
├── NegotiationExists                   this buyer has an open one. Data: `negotiation_id`
├── OfferNotLive                        not the latest offer, or no longer valid
├── OfferIsOwn                          nobody accepts his own offer
└── ValidityOutOfBounds                 in the past, or longer than an offer may hold
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
