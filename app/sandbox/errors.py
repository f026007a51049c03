"""The sandbox's refusals."""

from app.kit.errors import Conflict


class ClockTooFar(Conflict):
    """The clock would run further ahead of real time than a sandbox may. House rule."""

    code = "sandbox_clock_too_far"
    title_zh = "沙箱时钟走得太远"
    title_en = "The sandbox's clock would run too far ahead"
    remedy_zh = "请减少 advance_seconds；要重新开始请重建沙箱（make reset）。"
    remedy_en = "Advance by less; to start again, make a new sandbox (make reset)."
