"""What docs/cluster-deploy.md and deploy/cluster/ promise: one open door, few rights, known nodes."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from typer.main import get_command

from pipeline.cli.app import app
from pipeline.core.config import Config, default_config

ROOT = Path(__file__).resolve().parents[1]
CLUSTER = ROOT / "deploy" / "cluster"
PAGE = (ROOT / "docs" / "cluster-deploy.md").read_text("utf-8")
COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]
COMPOSE: dict[str, Any] = yaml.safe_load((CLUSTER / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NODES = {"head", "night", "worker1", "worker2"}
ON_DEMAND = {"night", "command"}
KEYS = "${RUMORTRAIL_CLUSTER:-/srv/rumortrail}/keys/"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a cluster that prepare.sh made."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl found")
    folder = tmp_path_factory.mktemp("cluster")
    _prepare(folder)
    return folder


def _prepare(*arguments: object) -> None:
    subprocess.run(["sh", CLUSTER / "prepare.sh", *map(str, arguments)], check=True, timeout=120)


def _networks(name: str) -> set[str]:
    mode = SERVICES[name].get("network_mode", "")
    return _networks(mode.removeprefix("service:")) if mode else set(SERVICES[name]["networks"])


def _address(name: str, network: str) -> str:
    return str(SERVICES[name]["networks"][network]["ipv4_address"])


def _secrets(name: str) -> dict[str, str]:
    """Return a service's secrets by the name that they have in it."""
    given = SERVICES[name].get("secrets", [])
    return dict((item, item) if isinstance(item, str) else (item["target"], item["source"]) for item in given)


def test_every_image_is_pinned_and_ours_is_never_sought_elsewhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    our_image = f"rumortrail-cluster:{version}"
    for name, service in SERVICES.items():
        if service["image"] == our_image:
            assert service["pull_policy"] == "never", name
        else:
            assert re.fullmatch(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", service["image"]), name
    assert f"-t {our_image} ." in PAGE
    assert f"-t {our_image} ." in (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def test_nobody_comes_in_but_by_the_proxy() -> None:
    assert {name: service["ports"] for name, service in SERVICES.items() if "ports" in service} == {
        "proxy": ["80:80", "443:443"]
    }
    assert {service["network_mode"] for service in SERVICES.values() if "network_mode" in service} == {
        "service:door"
    }


def test_only_who_asks_outside_has_a_way_out() -> None:
    leads_out = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert leads_out == {"front", "outside"}
    assert {name for name in SERVICES if _networks(name) & leads_out} == {
        "proxy", "worker1", "worker2", "night", "command",
    }
    assert {name for name in SERVICES if "cluster" in _networks(name)} == NODES
    assert {name for name in SERVICES if "data" in _networks(name)} == {
        "postgres", "storage", "night", "command", "dashboard", "door",
    }


def test_the_page_tells_the_networks_of_each_service() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", PAGE.partition("## What is exposed")[2], re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", networks)) for name, networks in rows if name in SERVICES} == {
        name: _networks(name) for name in SERVICES
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    # Caddy's executable has this capability, and would not start without it.
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name in ("proxy", "door") else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert re.fullmatch(r"(\$\{\w+:-)?\d+[mg]\}?", service["mem_limit"])
    assert service["pids_limit"] <= 4096
    assert not {"privileged", "devices", "pid", "ipc", "userns_mode"} & set(service)
    assert all("docker.sock" not in volume for volume in service.get("volumes", []))
    if name in ON_DEMAND:
        assert service["restart"] == "no" and service["profiles"] == ["night"]
    else:
        assert service["restart"] == "unless-stopped" and "profiles" not in service
        assert service["healthcheck"]["test"][0] == "CMD"


def test_no_secret_stands_in_a_file_of_ours() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|_KEY|CREDENTIAL", key):
                assert all(path.startswith("/run/secrets/") for path in value.split()), (name, key)
    for file in CLUSTER.iterdir():
        assert not re.search(r"[0-9a-fA-F]{20}|PRIVATE KEY", file.read_text("utf-8")), file.name


def test_every_secret_is_a_file_that_is_made_for_its_reader_alone(prepared: Path) -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    made_files = {secret["file"].removeprefix(KEYS) for secret in COMPOSE["secrets"].values()}
    given_secrets = {source for name in SERVICES for source in _secrets(name).values()}
    assert given_secrets == set(COMPOSE["secrets"])
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (prepared / "keys").iterdir()}
    # No service gets the key that signs nodes.
    assert set(files) == made_files | {"ca.key"} and "ca.key" not in made_files
    assert {name for name, mode in files.items() if mode & 0o077} == {"ca.pem"}


def test_prepare_changes_nothing_that_is_there_and_ends_what_was_begun(prepared: Path) -> None:
    keys = prepared / "keys"
    before = {file.name: file.read_bytes() for file in keys.iterdir()}
    _prepare(prepared)
    assert {file.name: file.read_bytes() for file in keys.iterdir()} == before
    for name in ("night.pem", "night.key"):
        (keys / name).unlink()
    _prepare(prepared)
    after = {file.name: file.read_bytes() for file in keys.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"night.pem", "night.key"}
    _prepare(prepared, "worker3", "10.0.0.13")
    assert {file.name for file in keys.iterdir()} - set(before) == {"worker3.pem", "worker3.key"}
    assert _addresses(keys / "worker3.pem") == {"10.0.0.13", "127.0.0.1"}
    for file in keys.glob("worker3.*"):
        file.unlink()


def _addresses(certificate: Path) -> set[str]:
    names = x509.load_pem_x509_certificate(certificate.read_bytes()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    return set(map(str, names.value.get_values_for_type(x509.IPAddress)))


def test_every_node_proves_who_it_is(prepared: Path) -> None:
    assert {name for name, service in SERVICES.items() if "NODE" in service.get("environment", {})} == NODES
    authority = x509.load_pem_x509_certificate((prepared / "keys" / "ca.pem").read_bytes())
    network = ip_network(COMPOSE["networks"]["cluster"]["ipam"]["config"][0]["subnet"])
    for name in NODES:
        environment, secrets = SERVICES[name]["environment"], _secrets(name)
        assert environment["RAY_AUTH_MODE"] == "token"
        assert environment["RAY_AUTH_TOKEN_PATH"] == "/run/secrets/ray_token"
        assert environment["RAY_USE_TLS"] == "1"
        assert environment["RAY_TLS_CA_CERT"] == "/run/secrets/ca"
        assert environment["RAY_TLS_SERVER_CERT"] == "/run/secrets/node.pem"
        assert environment["RAY_TLS_SERVER_KEY"] == "/run/secrets/node.key"
        assert environment["HEAD"] == f"{_address('head', 'cluster')}:6379"
        assert (secrets["node.pem"], secrets["node.key"]) == (f"{name}.pem", f"{name}.key")
        assert {"ray_token", "ca"} <= set(secrets)
        certificate = prepared / "keys" / f"{name}.pem"
        x509.load_pem_x509_certificate(certificate.read_bytes()).verify_directly_issued_by(authority)
        assert environment["NODE"] == _address(name, "cluster")
        assert environment["NODE"] in _addresses(certificate) and ip_address(environment["NODE"]) in network
    start = (CLUSTER / "start.sh").read_text("utf-8")
    assert "--head --port=6379 --num-cpus=0 --include-dashboard=false" in start
    assert "ray-client" not in start


def test_workers_have_no_key_of_what_is_stored() -> None:
    for name in ("worker1", "worker2", "head"):
        assert set(_secrets(name)) == {"ray_token", "ca", "node.pem", "node.key"}
        assert "volumes" not in SERVICES[name]


def test_the_settings_are_read_and_agree_with_the_services(tmp_path: Path, prepared: Path) -> None:
    home = tmp_path / "rumortrail.toml"
    shutil.copy(CLUSTER / "rumortrail.toml", home)
    config = Config.load(home)
    assert (config.engine.kind, config.engine.address) == ("ray", f"{_address('head', 'cluster')}:6379")
    lake_parts = dict(part.split("=") for part in config.publish.lake.split(":")[2].split())
    assert lake_parts == {
        "host": "postgres", "dbname": "rumortrail",
        "sslmode": "verify-full", "sslrootcert": "/run/secrets/ca",
    }
    assert config.publish.read == "lake"
    buckets = {config.engine.storage.split("/")[2], config.publish.storage.split("/")[2]}
    for bucket in buckets:
        assert f"s3.bucket.create -name {bucket}" in PAGE
    writer, reader = json.loads((prepared / "keys" / "storage.json").read_text("utf-8"))["identities"]
    assert {action.split(":")[1] for action in writer["actions"]} == buckets
    assert reader["actions"] == [f"Read:{config.publish.storage.split('/')[2]}/published/*"]
    port = next(part for part in SERVICES["dashboard"]["healthcheck"]["test"] if "http" in part)
    assert f":{tomllib.loads(default_config())['dashboard']['port']}/" in port


def test_the_dashboard_can_only_read_what_is_published(prepared: Path) -> None:
    dashboard = SERVICES["dashboard"]
    assert set(_secrets("dashboard")) == {"ca", "reader.env"}
    assert dashboard["environment"]["PGUSER"] == "reader"
    assert dashboard["environment"]["SECRETS"] == "/run/secrets/reader.env"
    read_only = {volume.split(":")[-2] for volume in dashboard["volumes"] if volume.endswith(":ro")}
    assert read_only == {"/var/lib/rumortrail/archive", "/var/lib/rumortrail/inbox"}
    reader, writer = ((prepared / "keys" / f"{name}.env").read_text("utf-8") for name in ("reader", "writer"))
    assert not set(reader.splitlines()) & set(writer.splitlines())
    password = (prepared / "keys" / "postgres_reader").read_text("utf-8")
    assert f"PGPASSWORD={password}\n" in reader


def test_postgres_lets_in_with_password_and_tls_alone() -> None:
    lines = [
        line.split()
        for line in (CLUSTER / "pg_hba.conf").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]
    network = COMPOSE["networks"]["data"]["ipam"]["config"][0]["subnet"]
    assert [line for line in lines if line[0] != "local"] == [
        ["hostssl", "rumortrail", user, network, "scram-sha-256"] for user in ("writer", "reader")
    ]
    assert [line for line in lines if line[0] == "local"] == [["local", "all", "postgres", "scram-sha-256"]]
    assert {"ssl=on", "hba_file=/etc/postgresql/pg_hba.conf"} <= set(SERVICES["postgres"]["command"])


def test_the_ports_of_the_storage_that_ask_nobody_are_on_loopback() -> None:
    command = SERVICES["storage"]["command"]
    assert {"-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3.iam=false"} <= set(command)
    assert {"-s3.cert.file=/run/secrets/storage.pem", "-s3.config=/run/secrets/storage.json"} <= set(command)
    security = tomllib.loads((CLUSTER / "security.toml").read_text("utf-8"))["grpc"]
    assert set(security) == {"ca", "master", "volume", "filer", "s3", "client"}


def test_the_proxy_leads_to_the_dashboard_by_its_door() -> None:
    outer = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    door = (CLUSTER / "door.Caddyfile").read_text("utf-8")
    assert set(re.findall(r"reverse_proxy (\S+)", outer)) == {"{$DASHBOARD:127.0.0.1:8501}"}
    assert SERVICES["proxy"]["environment"]["DASHBOARD"] == "door:8500"
    assert re.search(r"^:8500 \{$", door, re.MULTILINE)
    assert re.findall(r"reverse_proxy (\S+)", door) == ["127.0.0.1:8501"]
    assert re.findall(r"trusted_proxies static (\S+)", door) == [f"{_address('proxy', 'inner')}/32"]
    assert "admin off" in door


def test_caddy_takes_the_door() -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("no Caddy found")
    arguments = [caddy, "adapt", "--adapter", "caddyfile", "--config", CLUSTER / "door.Caddyfile"]
    completed = subprocess.run(arguments, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr


def test_secrets_reach_the_command_as_they_are_written(tmp_path: Path) -> None:
    secrets = tmp_path / "credentials.env"
    secrets.write_text("# a comment\nTOKEN=a b $(exit 1) 'c\n\nlower=x\nLAST=without an end", "utf-8")
    program = tmp_path / "bin" / "rumortrail"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s|%s|%s|%s" "$*" "$TOKEN" "$LAST" "${lower-}"\n', "utf-8")
    program.chmod(0o755)
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "SECRETS": str(secrets)}
    arguments = ["sh", CLUSTER / "start.sh", "ask", "SELECT 1"]
    completed = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    assert completed.stdout == "ask SELECT 1|a b $(exit 1) 'c|without an end|"


def test_the_files_that_the_services_need_are_there() -> None:
    for config in COMPOSE["configs"].values():
        assert (CLUSTER / config["file"]).is_file(), config
    for name, service in SERVICES.items():
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"], name
    builder = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    argument = re.search(r"--build-arg REQUIREMENTS=(\S+)", PAGE)
    assert argument and "ARG REQUIREMENTS=" in builder
    assert f"!{argument[1]}" in (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    locked_text = (ROOT / argument[1]).read_text("utf-8")
    assert re.search(r"^ray==", locked_text, re.MULTILINE)
    assert not re.search(r"^(pytest|moto)==", locked_text, re.MULTILINE)


@pytest.mark.parametrize("text", [PAGE, (CLUSTER / "crontab").read_text("utf-8")], ids=["page", "crontab"])
def test_the_services_and_commands_that_are_named_exist(text: str) -> None:
    commands_run = re.findall(r"docker compose run --rm (?:-T )?(\w+)(?: ([a-z]+))?", text)
    assert {"night", "command"} <= {service for service, _ in commands_run} <= set(SERVICES)
    assert {command for _, command in commands_run if command} <= COMMANDS
    for services_named in re.findall(r"docker compose (?:exec -T|stop|start|up -d)((?: [a-z0-9]+)*)", text):
        assert set(services_named.split()[:1]) <= set(SERVICES), services_named
