"""A body that is a file: to disk as it comes, counted and hashed, before any transaction begins."""

import asyncio
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from fastapi import Request
from starlette.requests import ClientDisconnect

from app.kit.errors import Malformed


class UploadEmpty(Malformed):
    """There is nothing in the body."""

    code = "upload_empty"
    title_zh = "上传的文件是空的"
    title_en = "The uploaded file is empty"
    remedy_zh = "请把文件内容原样作为请求体发送。"
    remedy_en = "Send the file's bytes as the request body."


class UploadCutOff(Malformed):
    """The connection ended before the body did."""

    code = "upload_cut_off"
    title_zh = "上传中断"
    title_en = "The upload was cut off"
    remedy_zh = "请重新上传。"
    remedy_en = "Send it again."


@dataclass(frozen=True)
class Received:
    """A body on disk: its path, its bytes, their SHA-256."""

    path: Path
    size: int
    digest: bytes


async def receive(request: Request, path: Path) -> Received:
    """Write the request's body to a new file. What is returned is on the disk, not only on its way there.

    Raises `UploadEmpty` and `UploadCutOff`; whoever calls removes the file then.
    """
    target = anyio.Path(path)
    await target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size, digest = 0, hashlib.sha256()
    async with await target.open("xb") as file:
        try:
            async for block in request.stream():
                size += len(block)
                digest.update(block)
                await file.write(block)
        except ClientDisconnect:
            raise UploadCutOff(field="/body") from None
        await file.flush()
        await asyncio.to_thread(os.fsync, file.wrapped.fileno())
    if size == 0:
        raise UploadEmpty(field="/body")
    return Received(path, size, digest.digest())


FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary", "minLength": 1}}
        },
    }
}
"""For `openapi_extra=`: the body is the file itself."""
