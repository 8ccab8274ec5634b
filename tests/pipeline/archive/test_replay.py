"""Evidence in other people's programs: `wacz validate` passes it, and pywb shows each page as it was."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from pipeline.archive.evidence_bundle import write_evidence
from pipeline.archive.wacz import url_key
from pipeline.core.config import Config
from pipeline.core.context import RunContext
from pipeline.core.records import stable_id
from tests.receivers import free_port
from tests.worlds.kept import PAGE

PROGRAMS = Path(__file__).with_name("replay") / "venv" / "bin"


@pytest.fixture(scope="module")
def evidence(kept_nights: RunContext, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the WACZ file of a page with two versions; the folder `bundle` beside it holds the same."""
    if not (PROGRAMS / "wacz").exists():
        pytest.skip("no wacz and pywb: `make tests/pipeline/archive/replay/venv/.installed` installs them")
    file = tmp_path_factory.mktemp("evidence") / "night.wacz"
    write_evidence(kept_nights.home, Config(), stable_id("d", PAGE), file, wacz=True)
    write_evidence(kept_nights.home, Config(), stable_id("d", PAGE), file.with_name("bundle"))
    return file


def _run(folder: Path, *words: str | Path) -> str:
    completed = subprocess.run(
        [PROGRAMS / words[0], *words[1:]],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def test_wacz_validate_passes_it(evidence: Path) -> None:
    output = _run(evidence.parent, "wacz", "validate", "-f", evidence)
    assert "Version detected as 1.1.1" in output and "the passed WACZ is valid" in output


def test_wacz_validate_does_not_pass_what_was_changed(evidence: Path, tmp_path: Path) -> None:
    changed_file = tmp_path / "changed.wacz"
    with zipfile.ZipFile(evidence) as original, zipfile.ZipFile(changed_file, "w") as file:
        for name in original.namelist():
            file.writestr(name, original.read(name).replace(b"70b parameters", b"90b parameters"))
    arguments = [PROGRAMS / "wacz", "validate", "-f", changed_file]
    completed = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
    assert completed.returncode == 1 and "the passed WACZ is invalid" in completed.stdout


def test_pywb_shows_each_version_as_it_was_received(evidence: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pywb"
    folder.mkdir()
    _run(folder, "wb-manager", "init", "night")
    _run(folder, "wb-manager", "add", "--unpack-wacz", "night", evidence)
    port = free_port()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [PROGRAMS / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log
        )
    try:
        manifest = json.loads((evidence.parent / "bundle" / "evidence" / "manifest.json").read_text())
        assert len(manifest["versions"]) == 2
        for version in manifest["versions"]:
            archived = "".join(character for character in version["archived_at"] if character.isdigit())[:14]
            address = f"http://127.0.0.1:{port}/night/{archived}id_/{version['requested_url']}"
            page, headers = _asked(address, server)
            assert page == (evidence.parent / "bundle" / version["folder"] / "payload.bin").read_bytes()
            assert headers["Content-Location"].endswith(f"/{archived}id_/{PAGE}")
    finally:
        server.kill()
        server.wait()


def test_our_keys_of_addresses_are_those_of_pywb(evidence: Path) -> None:
    urls = [
        PAGE, "https://www.A.example:443/A/b/?z=1&a=2#x", "http://a.example:8080", "http://1.2.3.4//x/../y",
        "https://bücher.example/ü ?q=é&&b", "https://www2.a.example/%41%2f?%zz", "https://x.example/status/1?s=20",
    ]  # fmt: skip
    code = "import json, sys, surt; print(json.dumps([surt.surt(url) for url in json.load(sys.stdin)]))"
    completed = subprocess.run(
        [PROGRAMS / "python", "-c", code], input=json.dumps(urls), capture_output=True, text=True, check=True
    )
    assert json.loads(completed.stdout) == [url_key(url) for url in urls]


def _asked(url: str, server: subprocess.Popen[bytes]) -> tuple[bytes, dict[str, str]]:
    """Return body and headers as soon as the server answers."""
    deadline = time.monotonic() + 90
    while True:
        assert server.poll() is None, "pywb ended"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read(), dict(answer.headers)
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < deadline, "pywb does not answer"
            time.sleep(0.2)
