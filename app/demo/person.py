"""A person who uses the market over HTTP, as a browser or a program would: a session, intents, expected answers."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from app.kit.errors import Refusal

CALM_SECONDS = 0.3
TRIES = 12
TEMPORARY = (429, 502, 503, 504)
SAFE = ("GET", "HEAD")

Json = dict[str, Any]


class StoryDiffers(Exception):
    """Something was answered that the story does not expect."""

    def __init__(self, step: str, expected: object, got: object) -> None:
        super().__init__(f"{step}: 预期 expected {expected!r}, 实际 got {got!r}")
        self.step, self.expected, self.got = step, expected, got


def same(step: str, got: object, expected: object) -> None:
    """Raise `StoryDiffers` unless what was seen is what the story expects."""
    if got != expected:
        raise StoryDiffers(step, expected, got)


@dataclass
class Person:
    """Somebody at a browser. `etags` remembers the version of each object that anybody in this story has seen last."""

    client: httpx.AsyncClient
    login: str
    etags: MutableMapping[str, str] = field(default_factory=dict)
    session: Json | None = None
    password: str | None = None

    async def sign_in(self, password: str) -> "Person":
        """Open a session: its cookie stays in the client, its CSRF token goes with every unsafe call."""
        self.client.cookies.clear()
        self.session, self.password = None, None
        self.session = await self.post("/v1/session", {"login": self.login, "password": password})
        self.password = password
        return self

    @property
    def name(self) -> str:
        """The person's name, once signed in."""
        return str(self.session["user"]["name"]) if self.session else self.login

    @property
    def party_id(self) -> str:
        """The party that the person acts for."""
        assert self.session is not None
        return str(self.session["party"]["id"])

    @property
    def party_name(self) -> str:
        """The name of the party that the person acts for."""
        assert self.session is not None
        return str(self.session["party"]["name"])

    async def get(self, path: str, *, expect: int = 200, **parameters: str | int) -> Json:
        """Read."""
        return await self.call("GET", path, expect=expect, parameters=parameters)

    async def every(self, path: str, **parameters: str | int) -> list[Json]:
        """Every row of a paged list."""
        rows: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            asked = {"limit": 200, **parameters, **cursor}
            page = await self.call("GET", path, parameters=asked)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    async def post(self, path: str, body: Json | None = None, *, expect: int = 200) -> Json:
        """One intent, under a key of its own."""
        return await self.call("POST", path, body=body, expect=expect)

    async def put(self, path: str, body: Json, seen: str) -> Json:
        """Write an object anew, in the version of the one at `seen` that was seen last."""
        if seen not in self.etags:
            await self.get(seen)
        response = await self._send("PUT", path, body, {"If-Match": self.etags[seen]}, {})
        self._note(seen, response)
        return _expected(f"{self.login} PUT {path}", response, 200)

    async def change(
        self,
        path: str,
        verb: str,
        body: Json | None = None,
        *,
        expect: int = 200,
        read: str | None = None,
        method: str | None = None,
    ) -> Json:
        """Change an object in the version that was seen last: POST to `path/verb`, or PATCH where verb is empty.

        read: where this person reads the object, if not at `path`. method: another one than that. A version that has moved on meanwhile is read
        again and the intent repeated, as a person would.
        """
        usual, target, seen = ("POST", f"{path}/{verb}", read or path) if verb else ("PATCH", path, path)
        method = method or usual
        for _ in range(TRIES):
            if seen not in self.etags:
                await self.get(seen)
            response = await self._send(method, target, body, {"If-Match": self.etags[seen]}, {})
            if response.status_code != 412 or expect == 412:
                break
            self.etags.pop(seen, None)
        self._note(seen, response)
        return _expected(f"{self.login} {method} {target}", response, expect)

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        expect: int = 200,
        parameters: Mapping[str, str | int] | None = None,
    ) -> Json:
        """One call with its expected status; raises `StoryDiffers` for any other."""
        response = await self._send(method, path, body, {}, parameters or {})
        if method == "GET":
            self._note(path, response)
        return _expected(f"{self.login} {method} {path}", response, expect)

    async def refused(self, path: str, body: Json, refusal: type[Refusal]) -> Json:
        """An intent that must be refused, by this refusal and no other."""
        step = f"{self.login} POST {path}"
        told = await self.post(path, body, expect=refusal.status)
        same(step, told["code"], refusal.code)
        return told

    def _note(self, path: str, response: httpx.Response) -> None:
        """Remember the version that an answer names."""
        seen = response.headers.get("ETag")
        if seen is not None and response.is_success:
            self.etags[path] = seen
            return
        self.etags.pop(path, None)

    async def _send(
        self,
        method: str,
        path: str,
        body: Json | None,
        headers: Mapping[str, str],
        parameters: Mapping[str, str | int],
    ) -> httpx.Response:
        """Send; a session that has ended meanwhile is opened again, once."""
        response = await self._insist(method, path, body, headers, parameters)
        if response.status_code == 401 and self.password is not None:
            await self.sign_in(self.password)
            response = await self._insist(method, path, body, headers, parameters)
        return response

    async def _insist(
        self,
        method: str,
        path: str,
        body: Json | None,
        headers: Mapping[str, str],
        parameters: Mapping[str, str | int],
    ) -> httpx.Response:
        """Send, and send again under the same key while the service is busy or away."""
        sent = dict(headers)
        if method not in SAFE:
            sent |= {
                "Idempotency-Key": str(uuid4()),
                "Origin": str(self.client.base_url).rstrip("/"),
            }
            if self.session is not None:
                sent["X-CSRF-Token"] = str(self.session["csrf_token"])
        for turn in range(TRIES):
            last = turn == TRIES - 1
            try:
                response = await self.client.request(
                    method, path, json=body, headers=sent, params=dict(parameters)
                )
            except httpx.TransportError:
                if last:
                    raise
            else:
                if response.status_code not in TEMPORARY or last:
                    return response
            await asyncio.sleep(CALM_SECONDS * (turn + 1))
        raise AssertionError("the last turn returns or raises")


def _expected(step: str, response: httpx.Response, expect: int) -> Json:
    if response.status_code != expect:
        raise StoryDiffers(step, expect, f"{response.status_code} {response.text[:2_000]}")
    if not response.content:
        return {}
    told: Json = json.loads(response.content)
    return told
