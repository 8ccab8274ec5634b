"""The interface for programs: what it answers, that its description holds, and what it refuses."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import server
from dashboard.api import routes
from dashboard.api.gate import BURST
from dashboard.api.service import Models
from pipeline.core.config import Config, ModelConfig
from pipeline.core.errors import ModelError
from pipeline.core.home import Home
from pipeline.published import meaning
from pipeline.published.meaning import Embedder
from tests.shared import Canary
from tests.worlds.programs import FORMER, HELD, HIDDEN, SAID, STORY, TITLE, Checker
from tests.worlds.sample import EMBEDDER, MERGED, claim_id
from tests.worlds.stories import STORIES, hostile_texts

pytestmark = pytest.mark.slow  # many tests publish a copy each

LYRA = claim_id(STORIES[0].claim)


def opened(home: Home, *, open_api: bool = False) -> TestClient:
    models = Models(lambda _: EMBEDDER, lambda home, config: Checker())
    app = Starlette(
        routes=server.routes(home, models), middleware=server.middleware(open_api=open_api)
    )
    return TestClient(app, base_url="http://localhost")


@pytest.fixture(scope="module")
def home(programs_home: Home) -> Home:
    return programs_home


def published_again(home: Home) -> None:
    """Replace the copy by one that says the same, as a night does in which nothing moved."""
    fresh_copy = home.path / "fresh.duckdb"
    shutil.copy(home.published, fresh_copy)
    fresh_copy.replace(home.published)


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    with opened(home) as test_client:
        yield test_client


@pytest.fixture(scope="module")
def description(home: Home) -> Any:
    return opened(home).get("/api/openapi.json").json()


def schema_of(description: Any, operation: str) -> Draft202012Validator:
    """Return a validator for the answers of an operation, built from the description alone."""
    (operation_object,) = (
        method for methods in description["paths"].values() for method in methods.values()
        if method["operationId"] == operation
    )
    pointer = operation_object["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator(pointer | {"components": description["components"]})


ASKED = [
    ("listClaims", "/api/claims"),
    ("listClaims", "/api/claims?q=lyra&status=disputed&status=unverified&sort=best&since=2026-03-01"),
    ("listClaims", f"/api/claims?story={STORY}"),
    ("getClaim", f"/api/claims/{LYRA}"),
    ("getClaim", f"/api/claims/{LYRA}?seen=2026-03-09&said=2026-03-09T12:00:00Z"),
    ("listEvidence", f"/api/claims/{LYRA}/evidence?limit=2"),
    ("listStories", "/api/stories?moved_since=2026-03-01"),
    ("getStory", f"/api/stories/{STORY}"),
    ("listSources", "/api/sources?role=press&sort=record"),
    ("listSources", "/api/sources?who=organisation"),
    ("getSource", "/api/sources/ledger"),
    ("getSource", "/api/sources/organisation:aurora%20labs?who=organisation"),
    ("search", "/api/search?q=aster"),
]


@pytest.mark.parametrize(("operation", "address"), ASKED)
def test_every_answer_is_as_described(
    client: TestClient, description: Any, operation: str, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    schema_of(description, operation).validate(answer.json())


def test_every_operation_of_the_description_is_asked(description: Any) -> None:
    ids = {method["operationId"] for methods in description["paths"].values() for method in methods.values()}
    assert ids == {operation for operation, _ in ASKED} | {"checkText"}


def test_the_description_is_whole(description: Any) -> None:
    assert description["openapi"].startswith("3.1")
    for name, schema in description["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description") or "enum" in schema, name
    text = json.dumps(description)
    for pointer in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        assert pointer.removeprefix("#/components/schemas/") in description["components"]["schemas"], pointer
    for path, methods in description["paths"].items():
        in_path = {parameter["name"] for method in methods.values() for parameter in method["parameters"]
                   if parameter["in"] == "path"}  # fmt: skip
        assert {part.strip("{}") for part in path.split("/") if part.startswith("{")} == in_path


def test_a_claim_has_its_words_verbatim_and_its_times_as_exactly_as_known(client: TestClient) -> None:
    claim = client.get(f"/api/claims/{LYRA}").json()
    assert claim["claim"] == STORIES[0].claim
    assert {row["quote"] for row in claim["evidence"]} == {said.quote for said in STORIES[0].said}
    undated = [row for row in claim["evidence"] if row["said_at"] is None]
    assert all(row["said_precision"] == "unknown" for row in undated)
    assert all(row["said_at"].endswith("Z") for row in claim["evidence"] if row["said_at"])
    assert claim["story_id"] == STORY
    assert claim["as_of"] == {"seen": None, "said": None}


def test_a_claim_as_of_an_instant_knows_nothing_later(client: TestClient) -> None:
    earlier = client.get(f"/api/claims/{LYRA}?seen=2026-03-09").json()
    assert client.get(f"/api/claims/{LYRA}?seen=20260309").json() == earlier
    latest = client.get(f"/api/claims/{LYRA}").json()
    assert 0 < len(earlier["evidence"]) < len(latest["evidence"])
    assert earlier["as_of"]["seen"] == "2026-03-10T00:00:00Z", "a day counts whole"
    assert max(row["seen_at"] for row in earlier["evidence"]) < "2026-03-10"
    before = client.get(f"/api/claims/{LYRA}?seen=2020-01-01")
    assert before.status_code == 404 and "at that time" in before.json()["detail"]


def test_an_address_leads_to_the_page(client: TestClient) -> None:
    assert client.get(f"/api/claims/{LYRA}").json()["address"] == f"/c/{LYRA}"
    payload = client.get("/api/sources/organisation:aurora%20labs?who=organisation").json()
    assert payload["source"]["address"] == "/sources?id=organisation%3Aaurora%20labs&who=Organisations"


def test_an_id_that_was_merged_answers_with_its_heir(client: TestClient) -> None:
    claim = client.get(f"/api/claims/{MERGED}").json()
    assert (claim["claim_id"], claim["asked_id"]) == (LYRA, MERGED)
    story = client.get(f"/api/stories/{FORMER}").json()
    assert (story["story_id"], story["asked_id"], story["title"]) == (STORY, FORMER, TITLE)
    assert {member["claim"] for member in story["claims"]} == set(HELD)


def test_what_an_editor_hid_does_not_appear(client: TestClient) -> None:
    response = client.get(f"/api/claims/{claim_id(HIDDEN)}")
    assert response.status_code == 404
    assert "Edda" not in response.text and "private" not in response.text
    for address in ("/api/claims?limit=200", f"/api/search?q={HIDDEN}"):
        assert HIDDEN not in client.get(address).text


def test_a_list_goes_on_from_its_cursor_to_its_end(client: TestClient) -> None:
    for sort in ("checkworthy", "moved", "first", "due", "voices", "denied", "repeated"):
        full_list = client.get(f"/api/claims?sort={sort}&limit=200").json()
        ids, cursor = [], ""
        while True:
            page = client.get(f"/api/claims?sort={sort}&limit=5&cursor={cursor}").json()
            ids += [claim["claim_id"] for claim in page["claims"]]
            assert page["total"] == full_list["total"] or cursor
            if not (cursor := page["next"]):
                break
        assert ids == [claim["claim_id"] for claim in full_list["claims"]], sort
        assert len(set(ids)) == full_list["total"]
    for address, rows in ((f"/api/claims/{LYRA}/evidence", "evidence"), ("/api/sources", "sources")):
        first = client.get(f"{address}?limit=2").json()
        second = client.get(f"{address}?limit=2&cursor={first['next']}").json()
        full_list = client.get(f"{address}?limit=4").json()
        assert first[rows] + second[rows] == full_list[rows]


def test_a_new_copy_does_not_lose_the_place_in_the_claims(home: Home) -> None:
    with opened(home) as client:
        first = client.get("/api/claims?limit=4").json()
        old_cursor = client.get("/api/sources?limit=2").json()["next"]
        published_again(home)
        remainder = client.get(f"/api/claims?limit=200&cursor={first['next']}").json()
        full_list = client.get("/api/claims?limit=200").json()
        assert first["claims"] + remainder["claims"] == full_list["claims"]
        refused = client.get(f"/api/sources?limit=2&cursor={old_cursor}")
        assert (refused.status_code, refused.json()["type"]) == (410, "/api/#cursor")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/claims?colour=red&limit=0&since=soon", ["colour", "limit", "since"]),
        ("/api/claims?status=true", ["status"]),
        ("/api/claims?sort=best&sort=moved", ["sort"]),
        ("/api/claims?cursor=!!!", ["cursor"]),
        ("/api/claims?cursor=WzEsMl0", ["cursor"]),
        (f"/api/claims/{LYRA}?as_of=2026-03-01", ["as_of"]),
        ("/api/search", ["q"]),
        ("/api/stories?limit=9999", ["limit"]),
        ("/api/openapi.json?a=1", ["a"]),
    ],
)
def test_a_parameter_that_is_wrong_is_named(client: TestClient, address: str, named: list[str]) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert sorted(fault["parameter"] for fault in problem["faults"]) == named
    assert problem["status"] == 400 and problem["type"] == "/api/#parameters"
    assert all(name in problem["detail"] for name in named)


@pytest.mark.parametrize("address", ["/api/nothing", "/api/claims/zzz", "/api/stories/zzz", "/api/sources/z",
                                     "/api/claims/" + "z" * 5000, "/api/claims/%00", "/api/claims/a/b/c"])
def test_what_is_not_there_is_a_problem(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_methods(client: TestClient) -> None:
    head_response, get_response = client.head("/api/claims"), client.get("/api/claims")
    assert (head_response.status_code, head_response.content) == (200, b"")
    assert head_response.headers["etag"] == get_response.headers["etag"]
    assert head_response.headers["content-length"] == str(len(get_response.content))
    options = client.options("/api/claims")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        refused = client.request(method, "/api/claims")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.get("/api/check").headers["allow"] == "POST, OPTIONS"


def test_an_answer_stands_until_the_copy_is_replaced(home: Home) -> None:
    with opened(home) as client:
        first = client.get(f"/api/claims/{LYRA}")
        etag = first.headers["etag"]
        for header in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
            repeated = client.get(f"/api/claims/{LYRA}", headers={"If-None-Match": header})
            assert (repeated.status_code, repeated.content, repeated.headers["etag"]) == (304, b"", etag)
        assert client.get(f"/api/claims/{LYRA}", headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.get(f"/api/claims/{LYRA}?said=2026-03-09").headers["etag"] != etag
        published_again(home)
        assert client.get(f"/api/claims/{LYRA}", headers={"If-None-Match": etag}).status_code == 200


def test_an_answer_without_a_model_that_broke_is_not_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "_loaded", {})
    fails = [True]

    def embedder(models: ModelConfig) -> Embedder:
        if fails[0]:
            raise ModelError("no weights here")
        return EMBEDDER

    with TestClient(Starlette(routes=routes.routes(home, Models(embedder)))) as client:
        for address in ("/api/claims?q=aster", "/api/search?q=aster"):
            fails[0] = True
            meaning._loaded.clear()
            first = client.get(address)
            assert "the model cannot be loaded" in first.json()["search"]
            assert "etag" not in first.headers and first.headers["cache-control"] == "no-store"
            fails[0] = False
            repeated = client.get(address)
            assert "cannot be loaded" not in repeated.json()["search"] and "etag" in repeated.headers


def test_a_checker_follows_the_settings(home: Home) -> None:
    configs: list[Config] = []

    def checker(_: Home, config: Config) -> Checker:
        configs.append(config)
        return Checker()

    with TestClient(Starlette(routes=routes.routes(home, Models(checker=checker)))) as client:
        for settings in ("", "", "[found]\nsure = 0.9\n"):
            home.config_file.write_text(settings, "utf-8")
            try:
                assert client.post("/api/check", json={"text": SAID}).status_code == 200
            finally:
                home.config_file.unlink()
    assert [config.found.sure for config in configs] == [Config().found.sure, 0.9]


def test_pages_of_others_read_it_only_where_the_settings_say_so(home: Home) -> None:
    foreign_headers = {"Origin": "https://other.example"}
    with opened(home) as closed:
        assert closed.get("/api/claims", headers=foreign_headers).status_code == 403
        assert "access-control-allow-origin" not in closed.get("/api/claims").headers
    with opened(home, open_api=True) as client:
        answer = client.get("/api/claims", headers=foreign_headers)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        preflight = client.options("/api/claims", headers=foreign_headers)
        assert preflight.headers["access-control-allow-headers"] == "If-None-Match"
        assert client.get("/api/x", headers=foreign_headers).headers["access-control-allow-origin"] == "*"
        assert client.post("/api/check", headers=foreign_headers, json={"text": SAID}).status_code == 403
        assert client.get("/sign-in", headers=foreign_headers).status_code == 403
        assert "access-control-allow-origin" not in client.get("/sign-in").headers


def test_a_text_is_checked_and_kept_nowhere(
    client: TestClient, description: Any, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/api/check", json={"text": SAID})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    schema_of(description, "checkText").validate(answer.json())
    assert answer.json()["statements"][0]["known"][0]["bearing"] == "denies"
    assert client.post("/api/check", json={"text": "..."}).status_code == 400
    failed = client.post("/api/check", json={"text": "break"})
    assert failed.status_code == 503
    assert "break" not in failed.text and "break" not in caplog.text
    files = [file for file in home.path.rglob("*") if file.is_file()]
    assert not [file for file in files if SAID.encode() in file.read_bytes()]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": ""}}, 400),
        ({"json": {"text": "a", "url": "http://127.0.0.1/"}}, 400),
        ({"json": {"text": "a" * 30_000}}, 400),
        ({"json": {"text": "a" * 200_000}}, 413),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"content": b"\xff" * 9, "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": {"text": "a"}}, 400),
    ],
)
def test_what_is_no_text_is_refused(client: TestClient, sent: dict[str, Any], status: int) -> None:
    before = len(Checker.given)
    answer = client.post("/api/check", **sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert len(Checker.given) == before


def test_a_server_without_models_offers_no_check(home: Home) -> None:
    app = Starlette(routes=routes.routes(home))
    with TestClient(app) as client:
        assert client.post("/api/check", json={"text": SAID}).status_code == 404
        assert "checkText" not in client.get("/api/openapi.json").text
        result = client.get("/api/claims?q=aster").json()
        assert "Meaning was not searched" in result["search"]


def test_a_flood_is_told_to_wait_and_others_are_answered(home: Home) -> None:
    with opened(home) as client:
        flood_headers = {"X-Forwarded-For": "203.0.113.9"}
        app: Any = client.app
        peer = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 9))
        answers = [peer.get("/api/openapi.json", headers=flood_headers) for _ in range(BURST + 30)]
        refusals = [answer for answer in answers if answer.status_code == 429]
        assert refusals and refusals[0].json()["type"] == "/api/#too_many"
        assert int(refusals[0].headers["retry-after"]) >= 1
        assert peer.get("/api/claims", headers={"X-Forwarded-For": "203.0.113.10"}).status_code == 200


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with opened(Home(tmp_path)) as client:
        answer = client.get("/api/claims")
        assert (answer.status_code, answer.json()["type"]) == (503, "/api/#unpublished")
        assert client.get("/api/openapi.json").status_code == 200


def test_settings_that_cannot_be_read_are_no_traceback(home: Home) -> None:
    with opened(home) as client:
        home.config_file.write_text("[dashboard]\nport = 'x'\n", "utf-8")
        try:
            answer = client.get("/api/claims?limit=7")
            assert (answer.status_code, answer.json()["type"]) == (503, "/api/#busy")
            assert str(home.path) not in answer.text
        finally:
            home.config_file.unlink()


def test_the_page_for_people_names_every_address(client: TestClient, description: Any) -> None:
    page = client.get("/api/")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    for path in description["paths"]:
        assert path in page.text
    assert client.get("/api", follow_redirects=False).headers["location"] == "/api/"


def test_hostile_texts_are_fields(hostile_home: Home, canary: Canary) -> None:
    with opened(hostile_home) as client:
        validator = schema_of(client.get("/api/openapi.json").json(), "getClaim")
        for text in hostile_texts(canary.url):
            answer = client.get(f"/api/claims/{claim_id(text)}")
            assert answer.status_code == 200, text[:40]
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-content-type-options"] == "nosniff"
            payload = answer.json()
            validator.validate(payload)
            if len(text) <= 4_000:
                assert any(row["quote"] == text for row in payload["evidence"]) or payload["claim"] == text
            assert len(answer.content) < 2_000_000
        for address in ("/api/claims?limit=200", "/api/sources?limit=200", "/api/search?q=visible"):
            assert client.get(address).status_code == 200
    assert canary.asked == []


def test_the_settings_open_it(home: Home) -> None:
    assert Config().dashboard.open_api is False
