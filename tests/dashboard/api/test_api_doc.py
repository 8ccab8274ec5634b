"""The commands of docs/api.md do what the page says, on a server as readers reach it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.api.operations import CHECK, OPERATIONS
from pipeline.core.home import Home
from tests.dashboard.conftest import served
from tests.worlds.programs import STORY
from tests.worlds.sample import claim_id
from tests.worlds.stories import STORIES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text("utf-8")


def test_every_address_is_on_the_page() -> None:
    listed_addresses = set(re.findall(r"`(?:GET|POST) (/api/[^`]*)`", PAGE))
    served_addresses = {re.sub(r"{(\w+)_id(:path)?}", lambda match: match[1].upper(), operation.path)
                        for operation in (*OPERATIONS, CHECK)}  # fmt: skip
    assert listed_addresses == served_addresses


def test_the_commands_are_answered(programs_home: Home) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl found")
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]
    assert len(commands) >= 10
    with served(programs_home) as base:
        for command in commands:
            shell_command = command.replace("http://localhost:8501", base).replace("STORY", STORY)
            shell_command = shell_command.replace("CLAIM", claim_id(STORIES[0].claim))
            # The copy of the tests holds no vectors of the models that check a text.
            fail_option = "" if "/api/check" in shell_command else "--fail "
            completed = subprocess.run(
                shell_command.replace("curl ", f"curl -sS --max-time 300 {fail_option}", 1), shell=True,
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            body = completed.stdout.partition("\n\n")[2] if " -i " in command else completed.stdout
            payload = json.loads(body)
            assert "status" in payload or "published_at" in payload, command
