"""What a verification finds: each difference with its place, in words, in Chinese and English."""

from dataclasses import dataclass, field
from typing import Any

from app.evidence.rules.words import WORDS


@dataclass(frozen=True)
class Finding:
    """One difference. `seq`: the entry at which it shows, where it shows at one."""

    code: str
    seq: int | None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return self._place("第 {} 条：") + WORDS[self.code][0].format(**self.details)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return self._place("seq {}: ") + WORDS[self.code][1].format(**self.details)

    def _place(self, form: str) -> str:
        return form.format(self.seq) if self.seq is not None else ""


@dataclass
class Report:
    """The result: what differs (`differences`), and what is to be known though it is in order (`notes`)."""

    differences: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    facts: int = 0
    """How many entries were checked."""
    outcome: dict[str, Any] = field(default_factory=dict)
    """The outcome that the replay reached: never what the record claims."""

    def differs(self, code: str, seq: int | None = None, **details: Any) -> None:
        """Add a difference, once."""
        found = Finding(code, seq, details)
        if found not in self.differences:
            self.differences.append(found)

    def note(self, code: str, seq: int | None = None, **details: Any) -> None:
        """Add a note."""
        self.notes.append(Finding(code, seq, details))

    @property
    def verified(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def at(self, seq: int) -> bool:
        """Whether something differs at this entry."""
        return any(found.seq == seq for found in self.differences)
