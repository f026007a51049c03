"""A market's HTTP API, as the commands of bidders and custodians use it: with an API key, or with nothing at all."""

import os
from typing import Any, Final

import httpx

from app.embedded.faults import ServersFault
from app.kit.ids import new_id

API_KEY: Final = "JISHI_API_KEY"
SECONDS: Final = 30


class Market:
    """One market. The key comes from the environment: arguments are seen by everybody on the machine."""

    def __init__(self, address: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._address = address.rstrip("/") + "/v1"
        self._transport = transport

    def get(self, path: str, **params: Any) -> Any:
        """Read something as the key's holder."""
        return self._call("GET", path, self._keyed(), params=params)

    def post(self, path: str, body: Any = None) -> Any:
        """Do something as the key's holder, once."""
        headers = self._keyed() | {"Idempotency-Key": str(new_id())}
        return self._call("POST", path, headers, json=body)

    def put_unnamed(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        """Leave something without saying who one is."""
        return self._call("PUT", path, headers, json=body)

    def _keyed(self) -> dict[str, str]:
        key = os.environ.get(API_KEY)
        if not key:
            raise ServersFault(f"请在环境变量 {API_KEY} 中给出接口密钥", f"put your API key into {API_KEY}")
        return {"Authorization": f"Bearer {key}"}

    def _call(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> Any:
        try:
            # A client of its own for every call: nothing of one is carried into the next.
            with httpx.Client(transport=self._transport, timeout=SECONDS) as client:
                answer = client.request(method, self._address + path, headers=headers, **sent)
        except httpx.HTTPError as error:
            raise ServersFault(
                "无法连接市场", f"the market cannot be reached: {type(error).__name__}"
            ) from None
        told = answer.json() if answer.content else {}
        if answer.is_error:
            detail = told.get("detail") or told.get("title") or str(answer.status_code)
            raise ServersFault(detail, f"{told.get('code')}: {told.get('detail_en') or told.get('title_en')}")
        return told
