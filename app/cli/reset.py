"""`reset`: empties what `up` keeps on this machine."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from app.config import ROOT, Settings
from app.embedded import EmbeddedServers, ServersFault, state_directory


def command(
    state_dir: Annotated[
        Path | None, typer.Option(help="数据目录 · where embedded servers keep their data")
    ] = None,
) -> None:
    """清空内置服务器的数据 · empty the embedded servers' data. 不影响 never touches DATABASE_URL."""
    if "DATABASE_URL" in os.environ:
        raise ServersFault(
            "已设置 DATABASE_URL:不会清空不是由我们启动的数据库",
            "DATABASE_URL is set: we never empty a server that we did not start",
        )
    EmbeddedServers(state_dir or state_directory(ROOT)).reset()
    for kept in (Settings().import_directory, Settings().file_directory):
        shutil.rmtree(kept, ignore_errors=True)
    print("已清空 · emptied")
