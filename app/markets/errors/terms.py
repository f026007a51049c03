"""What is refused about terms, stages and reviewers."""

from app.kit.errors import Conflict, Forbidden, Refusal


class TermsRefused(Refusal):
    """The terms of the offering contradict each other."""

    code = "terms_refused"
    title_zh = "交易条件互相矛盾"
    title_en = "The terms contradict each other"


class CapacityUnfit(TermsRefused):
    """Only one buyer can have a transfer, an exclusive or a sole licence; an auction has one winner."""

    code = "capacity_unfit"
    title_zh = "该方式只能有一个受让方"
    title_en = "Only one buyer can have this"
    remedy_zh = "请将数量设为 1，或改为普通许可并选择挂牌或协议方式。"
    remedy_en = "Set the capacity to 1, or offer an ordinary licence on the listed or negotiated path."


class ModeNeedsDemand(TermsRefused):
    """Development and service answer a demand; they are not offered from an achievement."""

    code = "mode_needs_demand"
    title_zh = "开发和服务由需求方选定方案产生"
    title_en = "Development and service come from a demand's choice"
    remedy_zh = "请在需求下提交解决方案。"
    remedy_en = "Answer a demand with a solution."


class ModeNotOnPath(TermsRefused):
    """Shares are agreed on, never bid for: an investment in kind is negotiated."""

    code = "mode_not_on_this_path"
    title_zh = "该转化方式不适用于此交易方式"
    title_en = "This mode is not sold on this path"
    remedy_zh = "作价投资请选择协议定价。"
    remedy_en = "An investment in kind takes the negotiated path."


class AskUnfit(TermsRefused):
    """An asking price and a period belong to the listed path."""

    code = "ask_unfit"
    title_zh = "挂牌价和公告期只适用于挂牌方式"
    title_en = "An ask and a period belong to the listed path"
    remedy_zh = "请去掉这些字段，或改为挂牌。"
    remedy_en = "Leave them out, or choose the listed path."


class OfferingStage(Conflict):
    """The offering is not in a state that allows this."""

    code = "offering_stage"


class ReviewerIsParty(Forbidden):
    """Who decides on an offering is not of the seller's party. Separation of duties."""

    code = "reviewer_is_party"
    title_zh = "不得审核本单位的项目"
    title_en = "Nobody reviews his own party's offering"
    remedy_zh = "请由与出让方无关的审核人员办理。"
    remedy_en = "Leave it to a reviewer who is not of the seller's party."
