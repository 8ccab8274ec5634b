"""`rumortrail eval` for a user: what goes where, what is refused; labels change no byte of a prediction."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pipeline.cli import evaluate
from tests.conftest import Command
from tests.fakes import FakeModels

pytestmark = pytest.mark.slow  # trained models

STANCE = [
    {"id": 1, "claim": "Orbit sings", "text": "Orbit sings at dawn", "label": "supports"},
    {"id": "b", "claim": "Orbit sings", "text": "Orbit does not sing", "label": "denies"},
]
CLUSTER = [
    {"id": 1, "text": "Orbit sings at dawn", "cluster": "x", "published_at": "2026-01-01T00:00:00Z"},
    {"id": "b", "text": "Orbit sings at dawn", "cluster": 3, "published_at": 1767225600},
    {"id": "c", "text": "Comet costs ten dollars", "cluster": None},
]
CLAIMS = [
    {"id": 0, "text": "Comet costs ten dollars", "title": "Comet"},
    {"id": "1", "text": "Orbit sings at dawn", "title": None},
]
QUERIES = [
    {"id": "q", "text": "ten dollars for Comet", "match": "0"},
    {"id": 2, "text": "Orbit sings", "match": 1},
]
THREADS = [
    {
        "id": 5,
        "veracity": "false",
        "posts": [
            {"id": 1, "in_reply_to": None, "time": 1.0, "text": "Orbit sings at dawn", "stance": "support"},
            {
                "id": 2,
                "in_reply_to": "1",
                "time": 9,
                "text": "@a No, it does not. https://orbit.example/?q=1",
                "stance": "deny",
            },
            {"id": 3, "in_reply_to": 2, "time": None, "text": "", "stance": "comment"},
        ],
    },
    {
        "id": "6",
        "veracity": "true",
        "posts": [{"id": 4, "text": "Comet costs ten dollars", "stance": "support"}],
    },
]
FIELDS = {"stance": "label", "cluster": "cluster", "match": "match", "threads": "veracity"}


@pytest.fixture(autouse=True)
def fake_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(evaluate, "LazyModels", lambda _: FakeModels())
    monkeypatch.setenv("RUMORTRAIL_HOME", str(tmp_path / "home"))


def written(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return file


def arguments(kind: str, folder: Path, rows: list[dict[str, Any]]) -> list[str]:
    file = str(written(folder / "rows.jsonl", rows))
    if kind != "match":
        return ["eval", kind, file]
    return ["eval", "match", "--queries", file, "--claims", str(written(folder / "claims.jsonl", CLAIMS))]


ALL = {"stance": STANCE, "cluster": CLUSTER, "match": QUERIES, "threads": THREADS}


def without(row: dict[str, Any], *fields: str) -> dict[str, Any]:
    rest = {key: value for key, value in row.items() if key not in fields}
    return rest | {"posts": [without(post, *fields) for post in row["posts"]]} if "posts" in row else rest


@pytest.mark.parametrize("kind", ALL)
def test_labels_change_no_byte(kind: str, tmp_path: Path, command: Command) -> None:
    rows, field = ALL[kind], FIELDS[kind]
    values = [row[field] for row in rows]
    shuffled_rows = [row | {field: value} for row, value in zip(rows, reversed(values), strict=True)]
    bare_rows = [without(row, field, "stance") for row in rows]
    empty = [row | {field: None} for row in rows]
    outputs = []
    for number, given_rows in enumerate((rows, shuffled_rows, bare_rows, empty)):
        out = tmp_path / f"{number}.jsonl"
        code, _, err = command(*arguments(kind, tmp_path, given_rows), "--out", out, "--json")
        assert code == 0, err
        outputs.append(out.read_bytes())
    assert len(set(outputs)) == 1
    predictions = [json.loads(line) for line in outputs[0].splitlines()]
    assert [row["id"] for row in predictions] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("stance", {"n", "accuracy", "macro_f1", "f1", "ece", "left_out"}),
        ("cluster", {"rows", "precision", "recall", "f1", "clusters"}),
        ("match", {"map@5", "mrr", "recall@20"}),
        ("threads", {"stance_accuracy", "stance_macro_f1", "veracity_accuracy", "veracity_macro_f1"}),
    ],
)
def test_standard_output_is_one_json_object(
    kind: str, figures: set[str], tmp_path: Path, command: Command
) -> None:
    code, out, _ = command(*arguments(kind, tmp_path, ALL[kind]), "--json")
    assert code == 0
    assert figures <= set(json.loads(out))
    code, out, _ = command(*arguments(kind, tmp_path, ALL[kind]))
    assert code == 0
    for name in figures:
        assert name in out


def test_ids_match_whether_told_as_text_or_as_number(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out.jsonl"
    _, figures, _ = command(*arguments("match", tmp_path, QUERIES), "--json", "--out", out)
    assert json.loads(figures)["map@5"] == 1
    assert [json.loads(line)["ranking"] for line in out.read_text().splitlines()] == [[0, "1"], ["1", 0]]


def test_what_a_file_may_hold_beside_rows(tmp_path: Path, command: Command) -> None:
    file, out = tmp_path / "odd.jsonl", tmp_path / "out.jsonl"
    rows = [json.dumps(row).encode() for row in STANCE]
    broken_pair = (
        b'{"id": "e", "claim": "Orbit \\u0000 sings", "text": "half a \\ud83d sign\x00 here", "more": {}}'
    )
    file.write_bytes(b"\xef\xbb\xbf" + rows[0] + b"\r\n\n  \n\x00\x00\n" + rows[1] + b"\n" + broken_pair)
    code, _, err = command("eval", "stance", file, "--out", out)
    assert code == 0, err
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == [1, "b", "e"]


def test_broken_lines_are_told_all_at_once_and_nothing_is_written(tmp_path: Path, command: Command) -> None:
    file, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    lines = [
        b'{"id": 1}',
        b"{broken",
        b'{"id": true, "claim": "a", "text": "b"}',
        b'{"id": 1, "claim": "\xff", "text": ""}',
        b"[" * 100_000,
    ]
    file.write_bytes(json.dumps(STANCE[0]).encode() + b"\n\n" + b"\n".join(lines) + b"\n")
    code, stdout, err = command("eval", "stance", file, "--out", out, "--json")
    assert (code, stdout) == (1, "")
    assert "5 broken line(s)" in err
    for number in range(3, 8):
        assert f"line {number}:" in err
    assert "claim: Field required" in err
    assert "Traceback" not in err
    assert not out.exists()


@pytest.mark.parametrize(
    ("kind", "row", "told"),
    [
        ("cluster", {"id": 1, "text": "a", "published_at": "soon"}, "'soon' is not a time"),
        ("cluster", {"id": 1, "text": "a", "published_at": 1e300}, "is not a time"),
        ("threads", {"id": 1, "posts": []}, "posts"),
        ("threads", {"id": 1, "posts": [{"id": 1, "text": 3}]}, "posts.0.text"),
        ("threads", {"id": 1, "posts": [{"id": 1, "text": "a", "time": float("nan")}]}, "posts.0.time"),
    ],
)
def test_an_impossible_value_is_named(
    kind: str, row: dict[str, Any], told: str, tmp_path: Path, command: Command
) -> None:
    code, _, err = command(*arguments(kind, tmp_path, [row]))
    assert code == 1
    assert "line 1: " in err and told in err


def test_a_file_without_rows_is_refused(tmp_path: Path, command: Command) -> None:
    (tmp_path / "rows.jsonl").write_text("\n\n")
    code, _, err = command("eval", "cluster", tmp_path / "rows.jsonl")
    assert code == 1 and "holds no row" in err


def test_labels_and_places_that_are_none(tmp_path: Path, command: Command) -> None:
    arguments_asked = arguments("stance", tmp_path, STANCE)
    assert command(*arguments_asked, "--labels", "supports,maybe")[0] == 2
    code, _, err = command(*arguments_asked, "--out", tmp_path / "nowhere" / "out.jsonl")
    assert code == 2 and "there is no folder" in err
    assert command("eval", "stance", tmp_path / "missing.jsonl")[0] == 2


def test_rows_with_other_labels_are_predicted_and_told_as_left_out(tmp_path: Path, command: Command) -> None:
    out = tmp_path / "out.jsonl"
    arguments_asked = arguments("stance", tmp_path, STANCE)
    _, figures, err = command(*arguments_asked, "--labels", "supports,reports", "--json", "--out", out)
    assert json.loads(figures)["n"] == 1
    assert "rows with a label that is not allowed: 1." in err
    assert len(out.read_text().splitlines()) == 2


def test_every_command_has_an_example() -> None:
    for name, command in get_command(evaluate.app).commands.items():  # type: ignore[attr-defined]
        assert f"Example: `rumortrail eval {name}" in (command.help or "")
