"""What a session refuses.

StageRefused                      409   not in this state
├── SessionStage                        the session is not in a state that allows this
├── LotOfSession                        a lot that its session announces, signs off and opens
├── LotOutOfOrder                       lots go in brochure order; data: the number whose turn it is
├── LotWaits                            deposits are not signed off, or the lot is suspended
├── SessionDayOver                      past the day's limit; it goes on on the next working day
├── CorrectionNotOfFloor
└── SessionLotUnfit                     the lot does not fit the session, with the field
SessionUnfit                      409   a field of the session contradicts another, or the rules
├── SessionOutOfBounds                  a number outside its bounds in the rule profile
├── SessionHours                        starts outside the announced hours, or not on a working day
├── SessionEmpty
└── AuctioneerUnfit
SessionRegistrationRefused        409
├── UnitsUnfit
├── AlreadyInSession
└── PaddlesUsedUp
PaddleUnknown                     404   nobody was handed this paddle in this session
PaddleVoid                        409   this paddle was lost and exchanged for another
MandateRefused                    409
NotTheAuctioneer                  403   the session is another's to conduct
HandInSession                     403   whoever conducts, or enters mandates, does not bid there
"""

from app.auctions.errors import StageRefused
from app.kit.errors import Forbidden, NotFound, Refusal


class SessionStage(StageRefused):
    """The session is not in a state that allows this."""

    code = "session_stage"
    title_zh = "专场当前状态不允许此操作"
    title_en = "The session is not in a state that allows this"


class LotOfSession(StageRefused):
    """A lot of a session is announced, signed off and opened with its session."""

    code = "lot_of_session"
    title_zh = "该标的属于专场，请在专场中办理"
    title_en = "The lot belongs to a session; do this with its session"
    remedy_zh = "公告、保证金对账和开拍均由专场统一办理。"
    remedy_en = "Its notice, the sign-off of deposits and its opening are the session's."


class LotOutOfOrder(StageRefused):
    """Lots go in brochure order, one after the other. Data: `lot_no` whose turn it is."""

    code = "lot_out_of_order"
    title_zh = "未轮到该标的"
    title_en = "It is another lot's turn"
    remedy_zh = "请按图录顺序，上一标的结束后再开拍下一标的。"
    remedy_en = "Follow the brochure: open a lot once the one before it is over."


class LotWaits(StageRefused):
    """The lot whose turn it is cannot be opened now. Data: `lot_status`."""

    code = "lot_waits"
    title_zh = "该标的暂不能开拍"
    title_en = "The lot cannot be opened now"
    remedy_zh = "请先完成保证金对账，或等待中止的标的恢复。"
    remedy_en = "Sign off the deposits first, or wait until the lot is resumed."


class SessionDayOver(StageRefused):
    """The day's limit has passed and the notice says that the session adjourns. Data: `continues_at`."""

    code = "session_day_over"
    title_zh = "已过当日截止时间，专场休市至下一工作日"
    title_en = "The day's limit has passed; the session goes on on the next working day"
    remedy_zh = "请在下一工作日开市后继续，已有价格保留。"
    remedy_en = "Go on when the next day of sale opens; prices are held."


class SessionLotUnfit(StageRefused):
    """A lot does not fit the session. Data: `lot_no`, `auction_id`."""

    code = "session_lot_unfit"
    title_zh = "标的与专场不符"
    title_en = "A lot does not fit the session"
    remedy_zh = "标的须为草稿，场次类型、组织者与专场一致，且不属于其他专场。"
    remedy_en = "A lot is a draft of the session's profile and organiser that is in no other session."


class SessionUnfit(Refusal):
    """A field of the session contradicts another, or the rules."""

    code = "session_unfit"
    title_zh = "专场设置有误"
    title_en = "The session's fields contradict each other"


class SessionOutOfBounds(SessionUnfit):
    """A number of the session is outside its bounds in the rule profile. Data: `lowest`, `highest`, `unit`, `rule_source`."""

    code = "session_out_of_bounds"
    title_zh = "专场设置超出允许范围"
    title_en = "A number of the session is out of bounds"
    remedy_zh = "请按提示的范围修改。"
    remedy_en = "Change it to within the bounds shown."


class SessionHours(SessionUnfit):
    """A session starts on a working day within the announced hours. Data: `opens`, `closes`."""

    code = "session_hours"
    title_zh = "专场须在工作日 9:00 至 17:00 之间开始"
    title_en = "A session starts on a working day between 09:00 and 17:00"
    remedy_zh = "请改选工作日的上述时段。"
    remedy_en = "Choose a time within these hours on a working day."


class SessionEmpty(SessionUnfit):
    """A session without a lot cannot be announced."""

    code = "session_empty"
    title_zh = "专场没有标的"
    title_en = "The session has no lot"
    remedy_zh = "请先按图录顺序列入标的。"
    remedy_en = "List its lots in brochure order first."


class AuctioneerUnfit(SessionUnfit):
    """The person named cannot conduct this session."""

    code = "auctioneer_unfit"
    title_zh = "该人员不能主持本专场"
    title_en = "This person cannot conduct the session"
    remedy_zh = "主持人须具备拍卖师角色，且不属于任何标的的出让方。"
    remedy_en = "An auctioneer holds that role and belongs to no lot's seller."


class SessionRegistrationRefused(Refusal):
    """A registration for a session that cannot be."""

    code = "session_registration_refused"
    title_zh = "不能报名本专场"
    title_en = "The registration for the session cannot be made"


class UnitsUnfit(SessionRegistrationRefused):
    """The number of deposit units does not fit the session. Data: `units_min`, `units_max`."""

    code = "units_unfit"
    title_zh = "保证金份数不符合专场规定"
    title_en = "The number of deposit units does not fit the session"
    remedy_zh = "每份可同时领先或竞得一个标的；不收保证金的专场无需填写份数。"
    remedy_en = "Each unit stands behind one lot at a time; a session without deposit takes none."


class AlreadyInSession(SessionRegistrationRefused):
    """A party registers for a session once. Data: `session_registration_id`."""

    code = "already_in_session"
    title_zh = "本单位已报名该专场"
    title_en = "The party has registered for this session"


class PaddlesUsedUp(SessionRegistrationRefused):
    """No paddle number is left."""

    code = "paddles_used_up"
    title_zh = "号牌号段已用完"
    title_en = "No paddle number is left"
    remedy_zh = "请扩大专场的号牌号段。"
    remedy_en = "Widen the session's range of paddle numbers."


class PaddleUnknown(NotFound):
    """Nobody was handed this paddle in this session."""

    code = "paddle_unknown"
    title_zh = "本专场未发放该号牌"
    title_en = "Nobody was handed this paddle in this session"
    remedy_zh = "请核对号牌；号牌须先在入场处登记发放。"
    remedy_en = "Check the number; a paddle is registered at the door before it is raised."


class PaddleVoid(Refusal):
    """This paddle was lost and exchanged: whoever raises it is not the bidder it was handed to."""

    code = "paddle_void"
    title_zh = "该号牌已换发作废"
    title_en = "This paddle is void: it was exchanged for another"
    remedy_zh = "请举牌人到登记处核对身份；原持有人须举换发后的号牌。"
    remedy_en = "Send whoever raised it to the door; the bidder raises the paddle that he was given for it."


class MandateRefused(Refusal):
    """The mandate cannot be entered like this."""

    code = "mandate_refused"
    title_zh = "不能登记该委托"
    title_en = "The mandate cannot be entered"
    remedy_zh = "委托人须为本专场的合格竞买人；登记人不得是竞买人一方。"
    remedy_en = "Its giver is a qualified bidder of this session; its clerk belongs to no bidder."


class NotTheAuctioneer(Forbidden):
    """The session is another's to conduct."""

    code = "not_the_auctioneer"
    title_zh = "您不是本专场的主持人"
    title_en = "You do not conduct this session"


class HandInSession(Forbidden):
    """Whoever conducts a session, or enters mandates in it, does not bid there."""

    code = "hand_in_session"
    title_zh = "专场的主持人和委托登记人员不得在本专场出价"
    title_en = "Whoever conducts a session or enters mandates in it does not bid there"
    source = "house rule, after 拍卖法 art. 22"
