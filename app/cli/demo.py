"""`demo`: loads the demonstration, plays a story against the running server, or keeps its auctions alive."""

import sys
from typing import Annotated

import typer

from app.config import Settings
from app.demo.keeper import keep as keep_alive
from app.demo.load import load
from app.demo.play import play as play_story
from app.demo.world import silent

ADDRESS = "http://127.0.0.1:8000"


def command(
    play: Annotated[
        bool, typer.Option("--play", help="经接口走完一场竞价 · play one whole auction over HTTP")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", hidden=True)] = False,
    address: Annotated[str, typer.Option(help="服务地址 · where the server is")] = ADDRESS,
) -> None:
    """载入演示数据(只载入一次，只用于沙箱)· load the demonstration (once, into a sandbox)."""
    if play:
        raise typer.Exit(0 if play_story(address.rstrip("/"), tell=_say) else 1)
    if keep:
        keep_alive(address.rstrip("/"))
        return
    print(load(Settings(), tell=_say if sys.stdout.isatty() else silent))


def _say(line: str) -> None:
    print(line, flush=True)
