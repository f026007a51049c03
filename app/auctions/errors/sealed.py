"""Refusals of sealed sales: of envelopes, of custody and its keys, of the opening.

EnvelopeRefused                   409   the envelope is not taken
├── EnvelopesOnly                       a plain bid in a sealed sale
├── SealingNotOpen                      too early, suspended, cancelled
├── SealingEnded                        this round's deadline has passed
├── NotInThisRound                403   dropped out, or not among the tied
├── CustodianMayNotBid            403   who holds a seat seals nothing
├── EnvelopePassInvalid           403   no pass, another round's, another's
├── EnvelopeDoesNotFit                  not made for this place, these seats and keys
└── EnvelopeSuperseded                  another one came after the pass was given
CustodyRefused                    409   the seats, before the notice
├── SaleNotSealed
├── CustodyIncomplete
├── CustodyNotIndependent
└── CustodianKeyUnknown                 not registered, not proven, or retired
PossessionNotProven               409   the answer to a key's challenge is wrong
CustodianKeyTaken                 409
OpeningRefused                    409   of the opening and its rehearsal
├── RehearsalMissing, RehearsalNotAsked
├── NotACustodian                 403
├── ShareDisagrees                      not the share that the envelope is committed to
├── OpeningHalts, OpeningNotHalted
├── EnvelopesDiffer                     not those whose root was published
├── ReleaseNotAsked, AlreadyReleased    of a sale that the market itself sealed
└── NothingToOpen
"""

from app.kit.errors import Refusal


class EnvelopeRefused(Refusal):
    """The envelope is not taken; one that was there before still counts."""

    code = "envelope_refused"
    title_zh = "密封报价未被接收"
    title_en = "The envelope was not taken"
    remedy_zh = "请按提示处理后重新密封；此前已接收的密封报价仍然有效。"
    remedy_en = "Seal again as described; an envelope taken before still counts."


class EnvelopesOnly(EnvelopeRefused):
    """A sealed sale takes envelopes, never an amount that anybody could read."""

    code = "envelopes_only"
    title_zh = "本场为密封报价，不接受公开出价"
    title_en = "This sale takes sealed envelopes only"
    remedy_zh = "请在密封报价页面或用命令行程序密封后提交。"
    remedy_en = "Seal the amount on the envelope page or with the command line program."


class SealingNotOpen(EnvelopeRefused):
    """Envelopes are not taken yet, or not at this moment. Data: `status_now`."""

    code = "sealing_not_open"
    title_zh = "当前不接收密封报价"
    title_en = "Envelopes are not taken now"
    remedy_zh = "请在公告的报价时间内提交。"
    remedy_en = "Send it within the announced time."


class SealingEnded(EnvelopeRefused):
    """Market time, read under the lock, is not before the round's deadline. The moment of sending does not matter."""

    code = "sealing_ended"
    title_zh = "本轮密封报价已截止"
    title_en = "The round's deadline has passed"
    remedy_zh = "以系统收到时读取的时间为准，截止时刻及之后的密封报价不予接收。"
    remedy_en = "The time read by the market decides; it was not before the deadline."


class NotInThisRound(EnvelopeRefused):
    """The bidder takes no part in this round. Data: `round_no`."""

    code = "not_in_this_round"
    status = 403
    title_zh = "未进入本轮报价"
    title_en = "Not among the bidders of this round"
    remedy_zh = "本轮参加者按公告的规则确定；此前的报价仍然有效。"
    remedy_en = "The notice says who goes on; offers made before still stand."


class CustodianMayNotBid(EnvelopeRefused):
    """Who holds a seat of the custody seals nothing in that sale."""

    code = "custodian_may_not_bid"
    status = 403
    title_zh = "开标托管人不得参与本场报价"
    title_en = "A custodian of the sale may not bid in it"
    remedy_zh = "请由与托管无关的单位报价。"
    remedy_en = "Leave bidding to parties that hold no seat."


class EnvelopePassInvalid(EnvelopeRefused):
    """No pass, one of another round, or one that is not this envelope's."""

    code = "envelope_pass_invalid"
    status = 403
    title_zh = "密封报价凭证无效"
    title_en = "The envelope pass is not valid"
    remedy_zh = "请重新领取本轮凭证后再密封。"
    remedy_en = "Fetch this round's pass again and seal with it."


class EnvelopeDoesNotFit(EnvelopeRefused):
    """The envelope is not of this place, or not addressed to exactly the seats and keys of the notice."""

    code = "envelope_does_not_fit"
    title_zh = "密封报价与本场公告的托管安排不符"
    title_en = "The envelope does not fit the sale's custody"
    remedy_zh = "请用最新领取的凭证重新密封。"
    remedy_en = "Seal again with the pass as it is now."


class EnvelopeSuperseded(EnvelopeRefused):
    """Another envelope was received after this one's pass was given: a late copy takes no newer one's place."""

    code = "envelope_superseded"
    title_zh = "领取本凭证之后已收到另一份密封报价"
    title_en = "Another envelope was received after this pass was given"
    remedy_zh = "后收到的那份仍然有效。如需替换，请重新领取凭证（请求头 Envelope-Pass）后再密封提交。"
    remedy_en = "The one received since still counts. To replace it, fetch a new pass (header Envelope-Pass) and send again."


class CustodyRefused(Refusal):
    """The seats cannot be taken like this."""

    code = "custody_refused"
    title_zh = "托管安排不符合规则"
    title_en = "The custody breaks a rule"


class SaleNotSealed(CustodyRefused):
    """The sale is not one of sealed offers."""

    code = "sale_not_sealed"
    title_zh = "本场不是密封报价"
    title_en = "The sale is not one of sealed offers"


class CustodyIncomplete(CustodyRefused):
    """Seats are missing. Data: `method`."""

    code = "custody_incomplete"
    title_zh = "开标托管席位未配齐"
    title_en = "The seats of the custody are not complete"
    remedy_zh = "托管人开标须设 3 席（2 席开标）或 5 席（3 席开标），含交易机构、出让方及监督机构或公证机构。"
    remedy_en = (
        "Three seats of which two open, or five of which three: exchange, seller, and a supervisor or notary."
    )


class CustodyNotIndependent(CustodyRefused):
    """One holder could open alone, or one key is used twice. Data: `threshold`."""

    code = "custody_not_independent"
    title_zh = "同一单位的席位过多或密钥重复"
    title_en = "One holder has too many seats, or a key is used twice"
    remedy_zh = "任何一个单位的席位须少于开标所需席数，每个密钥只用一次。"
    remedy_en = "Nobody may hold as many seats as open together; use each key once."


class CustodianKeyUnknown(CustodyRefused):
    """The key is not registered, not proven, or retired."""

    code = "custodian_key_unknown"
    title_zh = "托管密钥未登记、未验证或已停用"
    title_en = "The custodian key is unknown, unproven or retired"
    remedy_zh = "请由托管人登记公钥并完成持有验证。"
    remedy_en = "Let the custodian register the key and prove that he holds it."


class PossessionNotProven(Refusal):
    """The answer is not what was sealed to the key."""

    code = "possession_not_proven"
    title_zh = "未能证明持有私钥"
    title_en = "Possession of the private key is not proven"
    remedy_zh = "请用生成该公钥的程序打开验证密文后重试。"
    remedy_en = "Open the challenge with the program that made the key."


class CustodianKeyTaken(Refusal):
    """The public key is registered already."""

    code = "custodian_key_taken"
    title_zh = "该公钥已登记"
    title_en = "The public key is registered already"
    remedy_zh = "请生成新的密钥对。"
    remedy_en = "Make a new key pair."


class OpeningRefused(Refusal):
    """The opening cannot go on like this."""

    code = "opening_refused"
    title_zh = "开标操作未被接受"
    title_en = "The opening cannot go on like this"


class RehearsalMissing(OpeningRefused):
    """Custodians have not shown that they can open."""

    code = "rehearsal_missing"
    title_zh = "尚未完成开标演练"
    title_en = "The opening has not been rehearsed"
    remedy_zh = "请托管人先打开演练信封，再确认“保证金对账完成”。"
    remedy_en = "Let the custodians open the rehearsal's dummy first."


class RehearsalNotAsked(OpeningRefused):
    """No custodians open this sale."""

    code = "rehearsal_not_asked"
    title_zh = "本场无需开标演练"
    title_en = "This sale needs no rehearsal"


class NotACustodian(OpeningRefused):
    """None of the caller's keys holds a seat."""

    code = "not_a_custodian"
    status = 403
    title_zh = "不是本场的开标托管人"
    title_en = "Not a custodian of this sale"
    remedy_zh = "请由公告所列席位的托管人或其替补操作。"
    remedy_en = "Leave it to a custodian of the notice, or his deputy."


class ShareDisagrees(OpeningRefused):
    """A share is not the one to which its envelope is committed. Data: `envelope_id`, `seat`."""

    code = "share_disagrees"
    title_zh = "所交份额与密封承诺不符"
    title_en = "A share is not the one that its envelope is committed to"
    remedy_zh = "请核对密钥后重新打开；若信封本身有误，请如实上报打不开。"
    remedy_en = (
        "Open it again with the right key; where the envelope itself is wrong, report it as not to be opened."
    )


class EnvelopesDiffer(OpeningRefused):
    """The envelopes that lie here are not those whose root was published: somebody changed them since."""

    code = "envelopes_differ"
    title_zh = "信封与公布的默克尔根不符，停止开标"
    title_en = "The envelopes are not those whose root was published"
    remedy_zh = "请立即中止本场并核查服务器；以投标人回执与公布的根为准。"
    remedy_en = "Suspend the sale and examine the server; receipts and the published root decide."


class OpeningHalts(OpeningRefused):
    """An envelope cannot be opened, and nobody has decided yet."""

    code = "opening_halts"
    title_zh = "有信封无法打开，等待出让方决定"
    title_en = "An envelope cannot be opened; the seller must decide"
    remedy_zh = "由出让方决定继续开标或终止。"
    remedy_en = "The seller decides whether to go on."


class OpeningNotHalted(OpeningRefused):
    """There is nothing to decide."""

    code = "opening_not_halted"
    title_zh = "开标没有需要决定的事项"
    title_en = "The opening waits for no decision"


class ReleaseNotAsked(OpeningRefused):
    """Custodians open this sale, not officers."""

    code = "release_not_asked"
    title_zh = "本场由托管人开标，无需平台放行"
    title_en = "Custodians open this sale; nothing is released"


class AlreadyReleased(OpeningRefused):
    """The same officer does not release twice."""

    code = "already_released"
    title_zh = "您已放行，须由另一人放行"
    title_en = "You have released; another officer must"
    remedy_zh = "请由另一名经办人放行。"
    remedy_en = "Ask another officer."


class NothingToOpen(OpeningRefused):
    """The sale is not being opened, or no rehearsal is under way."""

    code = "nothing_to_open"
    title_zh = "当前没有待开启的信封"
    title_en = "There is nothing to open now"
