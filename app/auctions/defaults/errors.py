"""Refusals about defaults.

Refusal
├── NotFound   DefaultNotFound
├── Forbidden  DefaultNeedsSecondPerson
└── Conflict   NothingAwarded · DefaultFoundBefore · DefaultTooEarly · DefaultDecided · NoDepositForfeited · ReauctionMayFollow
"""

from app.kit.errors import Conflict, Forbidden, NotFound


class DefaultNotFound(NotFound):
    """Nobody has proposed to find the buyer of this sale in default."""

    code = "default_not_found"


class DefaultNeedsSecondPerson(Forbidden):
    """Whoever proposed a finding of default does not decide on it."""

    code = "default_needs_second_person"
    title_zh = "违约认定须由另一人复核"
    title_en = "A second person decides on a finding of default"
    remedy_zh = "请由提出认定以外的工作人员复核。"
    remedy_en = "Ask a colleague other than the one who proposed it."


class NothingAwarded(Conflict):
    """Only the buyer of a sale that was awarded can be in default."""

    code = "nothing_awarded"
    title_zh = "该场竞价没有成交，不存在违约"
    title_en = "The sale has no buyer who could be in default"


class DefaultFoundBefore(Conflict):
    """A finding of default is confirmed, or waits for its second person."""

    code = "default_found_before"
    title_zh = "该场竞价已有违约认定"
    title_en = "The sale has a finding of default already"
    remedy_zh = "请复核或退回现有认定。"
    remedy_en = "Confirm or refuse the one that there is."


class DefaultTooEarly(Conflict):
    """The buyer's time is not over. Data: `due_on`."""

    code = "default_too_early"
    title_zh = "受让方的履行期限未满"
    title_en = "The buyer still has time"
    remedy_zh = "请在期限届满后认定；受让方书面声明不再受让的，可即时认定。"
    remedy_en = "Wait until the day is over, unless he has declared in writing that he will not take it."


class DefaultDecided(Conflict):
    """The finding was confirmed or refused before. Data: `status_now`."""

    code = "default_decided"
    title_zh = "该违约认定已有结论"
    title_en = "The finding of default has been decided on"


class NoDepositForfeited(Conflict):
    """The sale asked for no deposit, or the default is not confirmed: there is nothing to dispose of."""

    code = "no_deposit_forfeited"
    title_zh = "没有被扣收的保证金"
    title_en = "No deposit was forfeited"


class ReauctionMayFollow(Conflict):
    """The shortfall is not known: the lot is being sold again, or still may be. Data: `until`."""

    code = "reauction_may_follow"
    title_zh = "再次竞价的差价尚未确定"
    title_en = "The shortfall of the re-auction is not known yet"
    remedy_zh = "请等待再次竞价结束；出让方书面放弃再次竞价的，请填写该文件编号。"
    remedy_en = "Wait for the re-auction, or name the paper by which the seller gives it up."
    source = "house rule, after 法释〔2016〕18号 art. 24"
