"""`openapi`: the API's description, generated from the code and committed."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.config import ROOT, Settings
from app.main import create_app


def documents() -> dict[str, str]:
    """File name to text: what the committed files must hold, byte for byte."""
    return {"openapi.json": _text(create_app(Settings()).openapi())}


def _text(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def command(
    directory: Annotated[Path, typer.Option(help="目标目录 · where to write")] = ROOT / "openapi",
    check: Annotated[
        bool, typer.Option("--check", help="只比较,不写入 · only compare; exit 1 on drift")
    ] = False,
) -> None:
    """生成接口说明文件 · write openapi.json (and events.json) from the code."""
    drifted = False
    for name, text in documents().items():
        path = directory / name
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        drifted = drifted or not same
        if not check and not same:
            directory.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        print(f"{name}: {'一致 unchanged' if same else '有变化 drifted' if check else '已写入 written'}")
    if check and drifted:
        raise typer.Exit(1)
