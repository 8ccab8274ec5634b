"""The tools, asked by the SDK's own client: over stdin and stdout, over HTTP, and within one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult

from pipeline.assistants import quoted
from pipeline.assistants.quoted import NOTICE
from pipeline.assistants.server import make
from pipeline.assistants.tools import TOOLS, Tools
from pipeline.core.home import Home
from pipeline.published.meaning import Load
from tests.conftest import Command
from tests.pipeline.assistants.test_quoted import inside
from tests.receivers import free_port
from tests.shared import Canary
from tests.worlds.programs import FORMER, HELD, HIDDEN, SAID, STORY, Checker, build
from tests.worlds.sample import EMBEDDER, MERGED, claim_id
from tests.worlds.stories import STORIES, hostile_texts

LYRA = claim_id(STORIES[0].claim)
Ask = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    served_home = Home(tmp_path_factory.mktemp("assistants"))
    build(served_home)
    return served_home


def asked(home: Home, ask: Ask) -> Any:
    """Return the result of `ask` on a client of a server in this process."""
    load = lambda config: Load(config.models, lambda _: EMBEDDER)  # noqa: E731
    tools = Tools(home, load, lambda home, config: Checker())

    async def run() -> Any:
        async with Client(make(tools)) as client:
            return await ask(client)

    return anyio.run(run)


def called(home: Home, tool: str, **given: Any) -> CallToolResult:
    result: CallToolResult = asked(home, lambda client: client.call_tool(tool, given))
    return result


def material(result: CallToolResult) -> Any:
    """Return the quoted material, which both forms of an answer hold alike."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    assert result.structured_content["notice"].endswith(NOTICE)
    quoted_material = result.structured_content["quoted_material"]
    assert inside(result.content[0].text) == quoted_material  # type: ignore[union-attr]
    return quoted_material


def test_every_tool_only_reads_and_says_what_it_gives(home: Home) -> None:
    async def listed(client: Client) -> Any:
        assert client.instructions is not None and NOTICE in client.instructions
        return (await client.list_tools()).tools

    tools = asked(home, listed)
    assert [offered.name for offered in tools] == [method.__name__ for method, _ in TOOLS]
    for tool in tools:
        assert tool.annotations.read_only_hint and not tool.annotations.open_world_hint
        assert tool.description and tool.title
        Draft202012Validator.check_schema(tool.input_schema)
        assert set(tool.output_schema["properties"]) == {"notice", "quoted_material"}


def test_an_argument_that_a_tool_has_not_is_refused(home: Home) -> None:
    """If a misnamed instant were ignored, the answer would be what is known today."""
    for tool, arguments in (("get_claim", {"claim_id": LYRA, "seen": "2026-03-09"}),
                            ("search_claims", {"wrods": "lyra"})):
        refusal = called(home, tool, **arguments)
        assert refusal.is_error and "has no such argument" in str(refusal.content)
    tools = asked(home, lambda client: client.list_tools()).tools
    assert all(offered.input_schema["additionalProperties"] is False for offered in tools)


def test_claims_are_found_and_read(home: Home) -> None:
    found_claims = material(called(home, "search_claims", words="lyra test set", limit=3))
    assert found_claims["claims"][0]["claim_id"] == LYRA
    claim = material(called(home, "get_claim", claim_id=LYRA))
    assert {item["quote"] for item in claim["evidence"]} == {said.quote for said in STORIES[0].said}
    for row in claim["evidence"]:
        assert row["evidence_id"] and row["source"] and row["seen_at"].endswith("Z") and row["said_precision"]
    earlier = material(called(home, "get_claim", claim_id=LYRA, seen_until="2026-03-09"))
    assert material(called(home, "get_claim", claim_id=LYRA, seen_until="20260309")) == earlier
    assert len(earlier["evidence"]) < len(claim["evidence"])
    first_page = material(called(home, "get_evidence", claim_id=LYRA, limit=2))
    next_page = material(called(home, "get_evidence", claim_id=LYRA, limit=50, cursor=first_page["next"]))
    assert first_page["evidence"] + next_page["evidence"] == claim["evidence"]


def test_ids_that_were_merged_and_claims_that_were_hidden(home: Home) -> None:
    claim = material(called(home, "get_claim", claim_id=MERGED))
    assert (claim["claim_id"], claim["asked_id"]) == (LYRA, MERGED)
    assert material(called(home, "get_story", story_id=FORMER))["story_id"] == STORY
    refusal = called(home, "get_claim", claim_id=claim_id(HIDDEN))
    assert refusal.is_error and "Edda" not in refusal.content[0].text  # type: ignore[union-attr]


def test_a_part_that_is_too_long_has_fewer_rows_and_goes_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_claims = material(called(home, "search_claims", sort="first", limit=50))["claims"]
    monkeypatch.setattr(quoted, "MOST", 6_000)
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = material(called(home, "search_claims", sort="first", limit=50, cursor=cursor))
        ids += [claim["claim_id"] for claim in page["claims"]]
        cursor = page["next"]
        assert "left out" not in json.dumps(page)
    assert ids == [claim["claim_id"] for claim in all_claims]


def test_stories_that_moved(home: Home) -> None:
    listing = material(called(home, "list_stories", moved_since="2026-03-09"))
    assert [story_row["story_id"] for story_row in listing["stories"]] == [STORY]
    assert material(called(home, "list_stories", moved_since="2030-01-01"))["stories"] == []
    story = material(called(home, "get_story", story_id=STORY))
    assert {claim["claim"] for claim in story["claims"]} == set(HELD)
    refusal = called(home, "list_stories", moved_since="lately")
    assert refusal.is_error and "2026-03-01" in refusal.content[0].text  # type: ignore[union-attr]


def test_a_text_is_checked_and_kept_nowhere(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    checked_text = material(called(home, "check_text", text=SAID))
    assert checked_text["statements"][0]["quote"] == SAID
    assert checked_text["statements"][0]["known"][0]["claim_id"] == LYRA
    assert called(home, "check_text", text="...").is_error
    assert "break" not in str(called(home, "check_text", text="break").content)
    assert SAID not in caplog.text
    files = [file for file in home.path.rglob("*") if file.is_file()]
    assert not [file for file in files if SAID.encode() in file.read_bytes()]


def test_sql_is_answered_in_the_sandbox(home: Home) -> None:
    answer = material(called(home, "query_sql", sql="SELECT claim_id, first_seen_at FROM claims ORDER BY 1"))
    assert answer["columns"] == ["claim_id", "first_seen_at"] and len(answer["rows"]) == 12
    # tests/pipeline/published/test_sandbox.py tests the other refusals.
    for sql in ("DELETE FROM claims", "FROM read_text('/etc/passwd')", "FROM 'http://127.0.0.1/x.csv'"):
        assert called(home, "query_sql", sql=sql).is_error, sql
    refusal = called(home, "query_sql", sql="SELECT claim::INT FROM claims")
    first, _, remainder = refusal.content[0].text.partition("\n")  # type: ignore[union-attr]
    assert "cannot be read as the type" in first
    assert "Could not convert string" in inside(remainder)["the database told"]
    long_answer = material(called(home, "query_sql", sql="SELECT repeat('word ', 200) AS a FROM range(5000)"))
    assert long_answer["more"] and long_answer["left_out"][0]["list"] == "rows"


def test_nothing_published_is_said(tmp_path: Path) -> None:
    for tool, arguments in (("search_claims", {}), ("query_sql", {"sql": "FROM claims"})):
        assert called(Home(tmp_path), tool, **arguments).is_error


def test_hostile_texts_stay_inside_their_marks(hostile_home: Home, canary: Canary) -> None:
    texts = hostile_texts(canary.url)

    async def each(client: Client) -> list[CallToolResult]:
        return [await client.call_tool("get_claim", {"claim_id": claim_id(text)}) for text in texts]

    for text, result in zip(texts, asked(hostile_home, each), strict=True):
        claim = material(result)
        if len(text) < 2_000:
            assert text in {claim["claim"], *(row["quote"] for row in claim["evidence"])}
    material(called(hostile_home, "search_claims", words="visible", limit=50))
    material(called(hostile_home, "query_sql", sql="SELECT * EXCLUDE (claim) FROM claims LIMIT 50"))
    assert canary.asked == []


COMMAND = [sys.executable, "-m", "pipeline.cli", "mcp"]


def test_over_standard_input_and_output(home: Home) -> None:
    """A real process; its standard output carries the protocol alone."""

    async def run() -> None:
        environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        server = StdioServerParameters(
            command=COMMAND[0], args=[*COMMAND[1:], "--home", str(home.path)], env=environment
        )
        async with Client(stdio_client(server)) as client:
            assert client.server_info.name == "rumortrail"
            claim_result = await client.call_tool("get_claim", {"claim_id": LYRA})
            assert material(claim_result)["claim_id"] == LYRA
            await client.call_tool("query_sql", {"sql": "FROM claims"})

    anyio.run(run)
    first = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}})
    completed = subprocess.run(
        [*COMMAND, "--home", str(home.path)], input=f"{first}\nnonsense\n", capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in completed.stdout.splitlines()]
    assert lines[0]["id"] == 1 and lines[0]["result"]["serverInfo"]["name"] == "rumortrail"
    assert all(line["jsonrpc"] == "2.0" for line in lines)


def test_over_http(home: Home) -> None:
    """A real server on loopback: it answers the client, and no name but its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/mcp"
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", str(port), "--home", str(home.path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _answering(port, process)

        async def run() -> None:
            async with Client(address) as client:
                search_result = await client.call_tool("search_claims", {"words": "lyra"})
                assert material(search_result)["claims"][0]["claim_id"] == LYRA

        anyio.run(run)
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        accept_header = {"Accept": "application/json, text/event-stream"}
        for headers, status in (
            ({"Host": "rebound.example"}, 421),
            ({"Host": f"rebound.example:{port}"}, 421),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
        ):
            answer = httpx.post(address, json=ping, headers=accept_header | headers, timeout=60)
            assert answer.status_code == status, headers
        huge = httpx.post(address, content=b"x" * 300_000, timeout=60,
                          headers=accept_header | {"Content-Type": "application/json"})
        assert huge.status_code == 413
    finally:
        process.terminate()
        output, err = process.communicate(timeout=120)
    assert output == b""
    assert f"http://127.0.0.1:{port}/mcp" in err.decode()


def _answering(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the server ended"
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=20)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server never answered")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "rumours.example"])
def test_an_address_that_others_reach_is_refused_unless_a_name_is_given(
    command: Command, home: Home, host: str
) -> None:
    code, out, err = command("mcp", "--http", "--host", host, "--home", home.path)
    assert (code, out) == (2, "")
    assert "--name" in err
