"""`python -m app verify`: no database, exact words, exit codes 0, 1 and 2."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from app.config import ROOT
from app.signing.port import sign_batch
from app.signing.rules.receipts import Entry
from tests.evidence.written import AUCTION, SIGNER, document_of, sold


def verify(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app", "verify", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )


def written(path: Path, told: Any) -> Path:
    path.write_bytes(orjson.dumps(told))
    return path


def test_a_whole_record_is_verified_and_says_what_it_reached(tmp_path: Path) -> None:
    told = document_of(sold())
    ended = verify(written(tmp_path / "record.json", told))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "核验通过" in ended.stdout and "verified" in ended.stdout
    assert "--keys" in ended.stdout, "it says that the keys were the document's own"
    pinned = verify(
        tmp_path / "record.json", "--keys", written(tmp_path / "keys.json", {"data": told["keys"]})
    )
    assert pinned.returncode == 0 and "--keys" not in pinned.stdout


def test_a_changed_record_differs_and_its_place_is_named_in_two_languages(tmp_path: Path) -> None:
    told = document_of(sold())
    told["facts"][6]["payload"]["amount_minor"] = 1
    ended = verify(written(tmp_path / "record.json", told))
    assert ended.returncode == 1
    assert "[entry_altered] 第 7 条：内容与其哈希不符" in ended.stdout
    assert "seq 7: its content does not have its hash" in ended.stdout


def test_what_cannot_be_read_is_neither_verified_nor_found_wrong(tmp_path: Path) -> None:
    (tmp_path / "doubled.json").write_text('{"schema": "a", "schema": "b"}')
    (tmp_path / "broken.json").write_text("{")
    for name in ("absent.json", "doubled.json", "broken.json"):
        ended = verify(tmp_path / name)
        assert ended.returncode == 2, name
        assert " · " in ended.stdout
    assert verify("http://127.0.0.1:1/v1/auctions/x/record").returncode == 2


def test_a_receipt_is_held_against_keys_and_a_record(tmp_path: Path) -> None:
    told = document_of(sold())
    entry = told["facts"][6]
    from datetime import UTC, datetime

    batch = sign_batch(
        SIGNER, [Entry(AUCTION, 7, bytes.fromhex(entry["hash"]))], datetime(2026, 3, 12, 1, tzinfo=UTC)
    )
    receipt = written(tmp_path / "receipt.json", batch.receipt(0))
    record = written(tmp_path / "record.json", told)
    assert verify(receipt).returncode == 2, "without a key nothing can be said"
    assert verify(receipt, "--record", record).returncode == 0
    del told["facts"][6]
    ended = verify(receipt, "--record", written(tmp_path / "shorter.json", told))
    assert ended.returncode == 1 and "receipt_not_in_record" in ended.stdout


def test_the_verifier_loads_no_database_and_no_web_framework(tmp_path: Path) -> None:
    path = written(tmp_path / "record.json", document_of(sold()))
    script = (
        "import sys; from app.__main__ import main\n"
        f"try: main(['verify', {str(path)!r}])\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "print(sorted({'sqlalchemy', 'asyncpg', 'fastapi', 'starlette', 'redis', 'app.db', 'app.config'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert ended.stdout.splitlines()[-1] == "[]"
