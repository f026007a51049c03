"""`openapi`: the documents that are generated from the code and committed."""

from typing import Annotated

import typer

from app.config import ROOT
from app.documents import generated


def command(
    check: Annotated[
        bool, typer.Option("--check", help="只比较，不写入 · only compare; exit 1 on drift")
    ] = False,
) -> None:
    """生成接口说明与文档 · write openapi/ and the generated pages of docs/ from the code."""
    drifted = False
    for name, text in generated().items():
        path = ROOT / name
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        drifted = drifted or not same
        if not check and not same:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{name}: {'一致 unchanged' if same else '有变化 drifted' if check else '已写入 written'}")
    if check and drifted:
        raise typer.Exit(1)
