"""Generated documents say what the code says."""

import json
import re

import pytest
from openapi_spec_validator import validate

from app.bootstrap import EVENT_CATALOGUE, EVENTS, MACHINES
from app.config import ROOT
from app.documents import generated

DOCUMENTS = generated()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_committed_document_is_what_the_code_generates(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == DOCUMENTS[name], "run `python -m app openapi`"


def test_the_openapi_document_is_valid() -> None:
    validate(json.loads(DOCUMENTS["openapi/openapi.json"]))


def test_every_operation_has_a_readable_id_of_its_own() -> None:
    paths = json.loads(DOCUMENTS["openapi/openapi.json"])["paths"]
    ids = [operation["operationId"] for operations in paths.values() for operation in operations.values()]
    assert [name for name in ids if not re.fullmatch(r"[a-z][a-z_]+", name)] == []
    assert sorted(ids) == sorted(set(ids))


def test_every_input_forbids_what_it_does_not_know() -> None:
    told = json.loads(DOCUMENTS["openapi/openapi.json"])
    open_inputs = [
        name
        for name, schema in told["components"]["schemas"].items()
        if name.endswith("In") and schema.get("additionalProperties") is not False
    ]
    assert open_inputs == []


def test_every_unsafe_operation_takes_an_idempotency_key() -> None:
    """All but those that hand out, change or end a credential: to replay such an answer would hand it out again,
    and to repeat such a call is harmless (a code is unique, an invitation is used up, a password is the same)."""
    left_out = {"sign_in", "sign_out", "register_party", "accept_invitation", "change_password", "act_for"}
    told = json.loads(DOCUMENTS["openapi/openapi.json"])["paths"]
    without = {
        operation["operationId"]
        for operations in told.values()
        for method, operation in operations.items()
        if method in ("post", "put", "patch", "delete")
        and not any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", []))
    }
    assert without <= left_out


def test_each_event_kind_belongs_to_one_event() -> None:
    assert len(EVENT_CATALOGUE) == len(EVENTS)
    assert [kind for kind in EVENT_CATALOGUE if not re.fullmatch(r"[a-z]+\.[a-z_]+", kind)] == []


def test_every_machine_has_a_name_of_its_own() -> None:
    names = [machine.name for machine in MACHINES]
    assert sorted(names) == sorted(set(names))
