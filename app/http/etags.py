"""ETags of versioned objects: `"v7"` out, `If-Match` in."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from app.kit.errors import Malformed, Refusal, Stale

_ETAG = re.compile(r'"v(\d{1,9})"\Z', re.ASCII)


class PreconditionRequired(Refusal):
    """The call changes a versioned object and must say which version it has seen."""

    code = "if_match_missing"
    status = 428
    title_zh = "缺少 If-Match"
    title_en = "The If-Match header is missing"
    remedy_zh = "请先读取对象，把其 ETag 放入 If-Match 后再提交。"
    remedy_en = "Read the object first and send its ETag as If-Match."


class EtagMalformed(Malformed):
    """`If-Match` is not an ETag of ours."""

    code = "if_match_malformed"
    title_zh = "If-Match 不是本系统的 ETag"
    title_en = 'If-Match is not an ETag of ours (such as "v7")'


def etag(response: Response, version: int) -> None:
    """Put the version's ETag on an answer."""
    response.headers["ETag"] = f'"v{version}"'


def _expected(
    if_match: Annotated[str | None, Header(description='The ETag that was read, such as `"v7"`.')] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired(field="/header/If-Match")
    found = _ETAG.match(if_match.strip())
    if found is None:
        raise EtagMalformed(field="/header/If-Match")
    return int(found[1])


IfMatch = Annotated[int, Depends(_expected)]
"""The version that the caller has seen."""


def check_version(found: int, expected: int) -> None:
    """Raise `Stale` unless the row still has the version that the caller has seen."""
    if found != expected:
        raise Stale(
            f"您看到的是第 {expected} 版，现在是第 {found} 版。",
            f"You have seen version {expected}; it is now version {found}.",
            version_now=found,
        )
