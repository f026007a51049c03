"""The built scripts and styles: kept by browsers for ever, because a change has another name; sent compressed.

The build writes the compressed form beside each file. Nothing is compressed here, and only these files are sent so: an
answer of the API or a stream never passes through.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles

FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = {".js": "text/javascript", ".css": "text/css"}


class Assets(StaticFiles):
    """A folder of files whose names hold the digest of their content."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: MutableMapping[str, Any],
        status_code: int = 200,
    ) -> Response:
        """The file, or its compressed form where there is one and the caller takes it."""
        asked = Headers(scope=scope)
        path = Path(full_path)
        headers = {"Cache-Control": FOR_EVER}
        media_type = COMPRESSED.get(path.suffix)
        if media_type is not None:
            headers["Vary"] = "Accept-Encoding"
            zipped = path.with_name(f"{path.name}.gz")
            # Whoever resumes a part means a part of the file that he has.
            if _takes_gzip(asked) and "range" not in asked and zipped.is_file():
                headers["Content-Encoding"] = "gzip"
                path, stat_result = zipped, zipped.stat()
        response = FileResponse(
            path, status_code=status_code, headers=headers, media_type=media_type, stat_result=stat_result
        )
        if self.is_not_modified(response.headers, asked):
            return NotModifiedResponse(response.headers)
        return response


def _takes_gzip(asked: Headers) -> bool:
    """Whether gzip is among the accepted encodings and not refused by a weight of nothing."""
    for part in asked.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
