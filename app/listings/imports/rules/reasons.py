"""What is said about a value that an achievement's form refuses: our own words, which never repeat the value."""

from collections.abc import Mapping
from typing import Any, Final

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("缺少必填内容", "A required value is missing"),
    "extra_forbidden": ("不认识的字段", "The field is not known"),
    "string_pattern_mismatch": ("格式不符合要求", "The value does not have the documented form"),
    "string_too_short": ("内容不能为空", "The value may not be empty"),
    "string_too_long": ("内容太长", "The value is too long"),
    "string_type": ("应为文字", "Text is expected"),
    "enum": ("不在允许的取值之内", "The value is not one of those allowed"),
    "too_long": ("项数太多", "There are too many items"),
    "value_error": (
        "含有不能保存的字符，或金额超出范围",
        "A character that cannot be stored, or an amount out of range",
    ),
    "date_from_datetime_parsing": ("不是合法的日期", "Not a date"),
    "date_parsing": ("不是合法的日期", "Not a date"),
    "int_parsing": ("应为整数", "A whole number is expected"),
    "int_type": ("应为整数", "A whole number is expected"),
    "int_from_float": ("应为整数", "A whole number is expected"),
    "bool_parsing": ("应为是或否", "Yes or no is expected"),
    "greater_than_equal": ("数值太小", "The number is too small"),
    "less_than_equal": ("数值太大", "The number is too large"),
}
_OTHER: Final = ("内容不符合要求", "The value is not accepted")
_TOLD: Final = ("max_length", "min_length", "ge", "le")


def reason(code: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence in Chinese and English, with the limit where the rule has one."""
    zh, en = _WORDS.get(code, _OTHER)
    limits = [f"{name}={context[name]}" for name in _TOLD if name in context]
    return (f"{zh}（{'，'.join(limits)}）", f"{en} ({', '.join(limits)})") if limits else (zh, en)
