"""The press: a template and plain values in, a PDF out.

Typst sets the type in this process with the Chinese font of a locked package, never with a font of the system, so a
paper looks the same wherever it is printed. The file is PDF/A-2b, made for archives, dated by whoever orders it.
Setting a page takes some milliseconds of the processor: call it in a thread, and never inside a transaction.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import noto_cjk_sans_otc
import typst

TEMPLATES: Final = Path(__file__).parent / "templates"


def pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """Print a paper. `template` is a file's name in `templates` without its ending; `data` are values that JSON knows.

    at: the instant that the file is dated, such as that of what it records. The same arguments give the same bytes.
    Text is set as it is: nothing in it is taken for a command.
    """
    printed = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b"],
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    assert isinstance(printed, bytes)
    return printed


@cache
def fonts() -> typst.Fonts:
    """The one font that papers are set in, read once by a process."""
    folder = str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
