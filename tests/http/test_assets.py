"""The built scripts and styles as browsers get them."""

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.main import create_app

SCRIPT = b"export const n = 1\n" * 200


@pytest.fixture
def pages(settings: Settings, tmp_path: Path) -> FastAPI:
    """The application with a front end of three files."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (assets / "page-abc.js").write_bytes(SCRIPT)
    (assets / "page-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "small-abc.css").write_bytes(b"a{}")
    return create_app(settings.model_copy(update={"frontend_directory": tmp_path}))


async def _get(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://testserver"
    ) as client:
        return await client.get(path, headers={"accept-encoding": "identity", **headers})


async def test_a_script_is_kept_for_ever_and_sent_compressed_to_whoever_takes_it(pages: FastAPI) -> None:
    answer = await _get(pages, "/assets/page-abc.js", **{"accept-encoding": "gzip, br"})
    assert answer.content == SCRIPT
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < len(SCRIPT)
    again = await _get(
        pages, "/assets/page-abc.js", **{"accept-encoding": "gzip", "if-none-match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0"])
async def test_whoever_takes_no_gzip_gets_the_file_itself(pages: FastAPI, accepted: str) -> None:
    answer = await _get(pages, "/assets/page-abc.js", **{"accept-encoding": accepted})
    assert (answer.content, "content-encoding" in answer.headers) == (SCRIPT, False)
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_a_part_is_a_part_of_the_file_itself(pages: FastAPI) -> None:
    answer = await _get(pages, "/assets/page-abc.js", **{"accept-encoding": "gzip", "range": "bytes=7-11"})
    assert (answer.status_code, answer.content) == (206, b"const")


async def test_a_file_without_a_compressed_form_is_sent_as_it_is(pages: FastAPI) -> None:
    answer = await _get(pages, "/assets/small-abc.css", **{"accept-encoding": "gzip"})
    assert (answer.content, answer.headers["content-type"]) == (b"a{}", "text/css; charset=utf-8")


async def test_an_unknown_file_is_missing_and_the_page_itself_is_asked_for_each_time(pages: FastAPI) -> None:
    assert (await _get(pages, "/assets/page-old.js")).status_code == 404
    page = await _get(pages, "/auctions/some")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
