"""Generated documents say what the code says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it has no types
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
    and to repeat such a call is harmless (a code is unique, an invitation is used up, a password is the same).
    And but the one that leaves a sealed bid: a kept key would say who sealed, and the same envelope may come twice."""
    left_out = {"sign_in", "sign_out", "register_party", "accept_invitation", "change_password", "act_for"}
    left_out |= {"put_envelope"}
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


TOLD = json.loads(DOCUMENTS["openapi/openapi.json"])


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in TOLD["paths"].items():
        for method, operation in operations.items():
            yield method, path, operation


def test_every_component_has_a_short_name_without_its_module() -> None:
    names = TOLD["components"]["schemas"]
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z]{1,39}(_[A-Z][A-Za-z]+_)?", name)] == []


def test_ids_in_paths_are_called_id() -> None:
    """The first one; an object below it is called by what it is, a day is a day."""
    found = {name for path in TOLD["paths"] for name in re.findall(r"\{(\w+)\}", path)}
    assert found == {"id", "membership_id", "on"}


def test_every_operation_says_what_it_does_and_belongs_to_a_part_that_is_described() -> None:
    parts = {tag["name"] for tag in TOLD["tags"] if tag["description"]}
    told = {operation["operationId"]: operation for _, _, operation in _operations()}
    assert [name for name, operation in told.items() if len(operation.get("description", "")) < 10] == []
    assert [name for name, operation in told.items() if not set(operation["tags"]) <= parts] == []


def test_every_id_cursor_and_limit_is_described() -> None:
    without = [
        (operation["operationId"], parameter["name"])
        for _, _, operation in _operations()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path" or parameter["name"] in ("cursor", "limit")
        if not parameter.get("description")
    ]
    assert without == []


def test_every_credential_says_how_it_is_shown() -> None:
    schemes = TOLD["components"]["securitySchemes"]
    assert [name for name, scheme in schemes.items() if len(scheme.get("description", "")) < 20] == []


def test_answers_name_their_headers() -> None:
    for _, _, operation in _operations():
        keyed = any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", []))
        for status, response in operation["responses"].items():
            named = set(response["headers"])
            wanted = {"X-Request-Id"}
            wanted |= {"Location"} if status in ("201", "202") else set()
            wanted |= {"Retry-After"} if status in ("429", "503") else set()
            wanted |= {"WWW-Authenticate"} if status == "401" else set()
            wanted |= {"Idempotency-Replayed"} if keyed and status in ("200", "201", "202", "409") else set()
            assert wanted <= named, (operation["operationId"], status)


def test_a_change_of_a_versioned_object_needs_an_if_match_and_tells_the_new_version() -> None:
    changing = [
        operation
        for method, _, operation in _operations()
        if any(parameter["name"] == "if-match" for parameter in operation.get("parameters", []))
    ]
    assert len(changing) > 30
    assert all(
        parameter["required"]
        for operation in changing
        for parameter in operation["parameters"]
        if parameter["name"] == "if-match"
    )
    without = {
        operation["operationId"]
        for operation in changing
        if not any(
            "ETag" in operation["responses"].get(status, {}).get("headers", {}) for status in ("200", "201")
        )
    }
    # They answer with what they have made, which is another object.
    assert without <= {"accept_offer", "sign_noticed_terms"}


def _examples(node: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    if isinstance(node, list):
        for part in node:
            yield from _examples(part)
    elif isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield from ((node, example) for example in node["examples"])
        for part in node.values():
            yield from _examples(part)


def test_every_example_fits_its_schema() -> None:
    found = list(_examples(TOLD))
    assert len(found) > 20
    for schema, example in found:
        # References lead into the document.
        Draft202012Validator({**schema, "components": TOLD["components"]}).validate(example)
