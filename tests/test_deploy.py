"""What docs/deploy.md and deploy/ promise: which routes answer, sound proxies, services with few rights."""

from __future__ import annotations

import configparser
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashboard import server

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
_ROUTES = """
import json
from dashboard.main import app
routes = app._build_starlette_app().routes
print(json.dumps([[route.path or "/*", sorted(getattr(route, "methods", None) or [])] for route in routes]))
"""


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return each route of the server with its methods, told by a process of its own: it holds one server."""
    home = str(tmp_path_factory.mktemp("home"))
    output = subprocess.run(
        [sys.executable, "-c", _ROUTES, "--home", home], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    methods_of: dict[str, set[str]] = {}
    for path, methods in json.loads(output.splitlines()[-1]):
        methods_of.setdefault(path, set()).update(methods)
    return methods_of


def _listed(heading: str) -> dict[str, str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `(/[^`]*)` \| ([^|]*) \|", section, re.MULTILINE))


def test_every_route_is_listed_as_open_or_closed_and_is(routes: dict[str, set[str]]) -> None:
    open_addresses, closed = _listed("What is exposed"), _listed("What is not")
    assert set(open_addresses) | set(closed) == set(routes)
    assert not set(open_addresses) & set(closed)
    answers = {path for path in routes if server.refused({"host": "localhost"}, path) is None}
    assert answers == set(open_addresses)


def test_the_methods_of_our_own_routes_are_told(routes: dict[str, set[str]]) -> None:
    for path, methods in _listed("What is exposed").items():
        if path.startswith(("/sign-", "/calendar", "/feeds/", "/unsubscribe/", "/watch/")):
            assert set(methods.split(", ")) == routes[path] - {"HEAD"}, path


@pytest.mark.parametrize("name", ["rumortrail", "rumortrail-revisit", "rumortrail-dashboard"])
def test_a_service_may_do_little(name: str) -> None:
    unit = configparser.RawConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as configparser documents it
    assert unit.read(DEPLOY / f"{name}.service")
    service = unit["Service"]
    assert service["User"] == "rumortrail"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    for key in (
        "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectKernelTunables",
        "RestrictSUIDSGID",
    ):
        assert service[key] == "yes", key
    if name == "rumortrail-dashboard":
        assert service["IPAddressDeny"] == "any"
        assert "EnvironmentFile" not in service, "the crawlers' tokens are none of its business"


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx found")
    _certificate(tmp_path)
    site = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/ssl/rumortrail", str(tmp_path))
    (tmp_path / "site.conf").write_text(site, "utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n  access_log off;\n"
        + "".join(
            f"  {kind}_temp_path {tmp_path}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"  include {tmp_path}/site.conf;\n}}\n",
        "utf-8",
    )
    completed = subprocess.run(
        [nginx, "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stderr
    assert "warn" not in completed.stderr


def test_caddy_takes_the_configuration() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no Caddy found")
    completed = subprocess.run(
        [caddy, "adapt", "--config", str(DEPLOY / "Caddyfile")], capture_output=True, text=True
    )
    assert completed.returncode == 0, completed.stderr


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_leads_to_the_dashboards_port_and_nowhere_else(name: str) -> None:
    configuration = (DEPLOY / name).read_text("utf-8")
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+:\d+", configuration)) == {"127.0.0.1:8501"}
    assert not re.search(r"^\s*(root|alias|file_server)\b", configuration, re.MULTILINE), "no file is served"
    assert "Strict-Transport-Security" in configuration
    assert re.search(r"(client_max_body_size|max_size) 64k", configuration, re.IGNORECASE)


def test_a_proxy_lets_every_form_through_and_nothing_else() -> None:
    posted = {path.split("{")[0] for path, methods in _listed("What is exposed").items() if "POST" in methods}
    caddy, nginx = ((DEPLOY / name).read_text("utf-8") for name in ("Caddyfile", "nginx.conf"))
    form_paths = re.findall(r"method POST\s+path (.+)", caddy)[0].split()
    assert {path.rstrip("*") for path in form_paths} == posted
    blocks = re.findall(r"location (?:= )?(\S+) \{(.*?)\n    \}", nginx, re.DOTALL)
    assert {path for path, block in blocks if "limit_except GET POST" in block} == posted
    assert all("limit_except GET" in block for _, block in blocks)
    # A reader of a mail has no password for the dashboard.
    assert "auth_basic off" in dict(blocks)["/unsubscribe/"] and "not path /unsubscribe/*" in caddy


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rumours.example")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(
        key.public_key()
    ).serial_number(1)
    signed = made.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(key_bytes)
