"""What inspection refuses.

Conflict        409
├── SlotFull            no place is left
├── SlotOver            it is cancelled, or it has begun
└── SlotUnfit           before now, or not while the sale is on
"""

from app.kit.errors import Conflict


class SlotFull(Conflict):
    """A slot takes so many parties and no more."""

    code = "inspection_slot_full"
    title_zh = "该看样时段已约满"
    title_en = "No place is left at this time"
    remedy_zh = "请选择其他时段，或请出让方增加时段。"
    remedy_en = "Choose another time, or ask the seller for more."


class SlotOver(Conflict):
    """A slot is booked and given back until it begins, unless the seller has cancelled it."""

    code = "inspection_slot_over"
    title_zh = "该看样时段已开始或已取消"
    title_en = "This time has begun or was cancelled"
    remedy_zh = "请选择其他时段。"
    remedy_en = "Choose another time."


class SlotUnfit(Conflict):
    """A slot lies ahead, ends after it begins within a day, and belongs to a sale that is not over."""

    code = "inspection_slot_unfit"
    title_zh = "看样时段不符合要求"
    title_en = "The time does not fit"
    remedy_zh = "时段须在今后、同一天之内，且交易尚未结束。"
    remedy_en = "Name a time ahead that ends within 24 hours of its beginning, while the sale is not over."
