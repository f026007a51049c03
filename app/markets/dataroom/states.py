"""The life of a question, and what kinds of file a data room holds."""

from enum import StrEnum
from typing import Final

from app.files.states import FileClass
from app.kit.states import Machine


class QuestionStatus(StrEnum):
    """Where a question stands. An answer is for everybody; a declined question is seen by its asker and the seller."""

    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


MACHINE: Final = Machine(
    name="question",
    initial=QuestionStatus.ASKED,
    transitions={
        QuestionStatus.ASKED: frozenset({QuestionStatus.ANSWERED, QuestionStatus.DECLINED}),
        QuestionStatus.ANSWERED: frozenset(),
        QuestionStatus.DECLINED: frozenset(),
    },
)

ROOM_CLASSES: Final = (FileClass.PUBLIC, FileClass.REGISTERED, FileClass.NDA)
"""What a data room shows; internal files stay where they are."""
