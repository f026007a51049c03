"""Keys, seals, hashes and rates: what surrounds the rules."""

import asyncio
from ipaddress import ip_address

import pytest
from cryptography.exceptions import InvalidTag
from starlette.requests import Request

from app.http.limits import Limiter, Rate, RateLimited, client_address
from app.identity.access import region_prefix
from app.identity.credentials import (
    csrf_token,
    fingerprint,
    looks_like_api_key,
    new_api_key,
    new_session_token,
)
from app.identity.errors import SealingNotConfigured
from app.identity.passwords import WAITING_MAX, Passwords
from app.identity.sealing import Sealer
from app.kit.errors import Busy
from app.kit.ids import new_id

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("kind", ["live", "test"])
def test_a_key_shows_its_kind_and_is_known_by_its_check_part(kind: str) -> None:
    key = new_api_key(kind)  # type: ignore[arg-type]  # parametrised
    assert key.startswith(f"ttm_{kind}_")
    assert looks_like_api_key(key)
    changed = key[:20] + ("A" if key[20] != "A" else "B") + key[21:]
    for wrong in (changed, key[:-1], key + "0", key.swapcase(), "", "ttm_live_", "é" * 60):
        assert not looks_like_api_key(wrong)
    assert len({new_api_key("test") for _ in range(100)}) == 100


def test_a_pages_token_belongs_to_its_session_and_does_not_give_it_away() -> None:
    one, other = new_session_token(), new_session_token()
    assert csrf_token(one) == csrf_token(one) != csrf_token(other)
    assert one not in csrf_token(one)
    assert fingerprint(one) != fingerprint(other)


def test_a_seal_opens_for_its_own_party_only() -> None:
    sealer, party, other = Sealer("k" * 32), new_id(), new_id()
    sealed = sealer.seal(NUMBER, party)
    assert NUMBER.encode() not in sealed
    assert sealer.open(sealed, party) == NUMBER
    assert sealed != sealer.seal(NUMBER, party)
    for broken, owner in ((sealed, other), (sealed[:-1] + bytes([sealed[-1] ^ 1]), party)):
        with pytest.raises(InvalidTag):
            sealer.open(broken, owner)
    with pytest.raises(InvalidTag):
        Sealer("j" * 32).open(sealed, party)


def test_the_same_number_has_the_same_keyed_hash_under_the_same_key_only() -> None:
    assert Sealer("k" * 32).fingerprint(NUMBER) == Sealer("k" * 32).fingerprint(NUMBER)
    assert Sealer("k" * 32).fingerprint(NUMBER) != Sealer("j" * 32).fingerprint(NUMBER)


def test_without_a_secret_key_no_number_is_taken() -> None:
    for act in (
        lambda: Sealer(None).fingerprint(NUMBER),
        lambda: Sealer(None).seal(NUMBER, new_id()),
        lambda: Sealer(None).open(b"\x01" * 40, new_id()),
    ):
        with pytest.raises(SealingNotConfigured):
            act()


async def test_a_password_is_verified_and_nobodys_password_never_is() -> None:
    passwords = Passwords(memory_kib=64, passes=1)
    stored = await passwords.hash("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert await passwords.verify("correct horse battery", stored)
    assert not await passwords.verify("correct horse batterx", stored)
    assert not await passwords.verify("correct horse battery", None)


async def test_production_hashes_cost_64_mib_and_three_passes() -> None:
    from app.config import Settings

    defaults = Settings.model_fields
    assert (defaults["argon2_memory_kib"].default, defaults["argon2_passes"].default) == (65_536, 3)


async def test_a_flood_of_sign_ins_is_turned_away_instead_of_queued() -> None:
    passwords = Passwords(memory_kib=64, passes=1)
    told = await asyncio.gather(
        *(passwords.hash("correct horse battery") for _ in range(WAITING_MAX + 5)), return_exceptions=True
    )
    assert sum(isinstance(one, Busy) for one in told) == 5


RATE = Rate("test", 3, 60)


@pytest.mark.parametrize("with_redis", [True, False])
async def test_the_fourth_attempt_of_three_is_refused_with_the_time_to_wait(
    settings: object, with_redis: bool
) -> None:
    url = settings.redis_url if with_redis else None  # type: ignore[attr-defined]  # Settings
    limiter, key = Limiter(url), str(new_id())
    for _ in range(3):
        await limiter.take(RATE, key)
    with pytest.raises(RateLimited) as refused:
        await limiter.take(RATE, key)
    assert 1 <= refused.value.data["retry_after_seconds"] <= 60
    await limiter.take(RATE, str(new_id()))
    await limiter.forget(RATE, key)
    await limiter.take(RATE, key)
    await limiter.close()


async def test_two_processes_count_together(settings: object) -> None:
    url = settings.redis_url  # type: ignore[attr-defined]  # Settings
    one, other, key = Limiter(url), Limiter(url), str(new_id())
    await one.take(RATE, key)
    await one.take(RATE, key)
    await other.take(RATE, key)
    with pytest.raises(RateLimited):
        await other.take(RATE, key)
    await one.close()
    await other.close()


async def test_with_redis_away_each_process_still_counts() -> None:
    limiter, key = Limiter("redis://127.0.0.1:1/0"), str(new_id())
    for _ in range(3):
        await limiter.take(RATE, key)
    with pytest.raises(RateLimited):
        await limiter.take(RATE, key)
    await limiter.close()


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_customer_is_one_address(host: str, told: str) -> None:
    request = Request({"type": "http", "client": (host, 1), "headers": []})
    assert client_address(request) == told
    if "/" in told:
        assert ip_address(host).version == 6


@pytest.mark.parametrize(
    ("code", "prefix"), [(None, ""), ("330000", "33"), ("330100", "3301"), ("330106", "330106")]
)
def test_a_regions_subtree_is_a_prefix(code: str | None, prefix: str) -> None:
    assert region_prefix(code) == prefix
