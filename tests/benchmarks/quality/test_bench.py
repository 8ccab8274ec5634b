"""`make bench`: a figure below its floor fails, other data is not compared, floors move on request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from benchmarks.quality import bench
from benchmarks.quality import floors as pinned
from benchmarks.quality.floors import TOLERANCE, Floors, Verdict
from benchmarks.quality.measures import MEASURES, STANCE_SAMPLE, Bench, Measure, sample
from pipeline.evaluation.rows import StanceRow

Run = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "pairs.jsonl").write_text('{"id": 1}\n', "utf-8")
    return tmp_path


@pytest.fixture
def floors_file(data: Path) -> Path:
    """A floor of 0.8 under the accuracy on pairs.jsonl."""
    file = data / "floors.toml"
    pinned.write(file, {"pairs": Floors(pinned.digests(data, ["pairs.jsonl"]), {"accuracy": 0.8})})
    return file


@pytest.fixture
def run(data: Path, floors_file: Path) -> Run:
    """Runs the command with one measurement that finds `figures`."""

    def command(figures: Mapping[str, float], *options: str) -> int:
        measure = Measure("pairs", ["pairs.jsonl"], ["accuracy"], lambda _: figures)
        return bench.main([str(data), "--no-throughput", *options], [measure], floors_file)

    return command


def test_a_figure_at_its_floor_is_held_and_one_below_fails(run: Run, floors_file: Path) -> None:
    before = floors_file.read_text("utf-8")
    assert run({"accuracy": 0.8}) == 0
    assert run({"accuracy": 0.7999}) == 1
    assert floors_file.read_text("utf-8") == before


def test_a_metric_that_is_not_measured_any_more_fails(run: Run) -> None:
    assert run({"n": 1.0}) == 1


def test_other_data_is_not_compared(run: Run, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "pairs.jsonl").write_text('{"id": 2}\n', "utf-8")
    assert run({"accuracy": 0.1}, "--json") == 0
    (line,) = json.loads(capsys.readouterr().out)["quality"]
    assert line["verdict"] == Verdict.OTHER_DATA


def test_lower_writes_the_lower_floor_and_nothing_else(run: Run, floors_file: Path) -> None:
    assert run({"accuracy": 0.9}, "--lower") == 0
    assert pinned.read(floors_file)["pairs"].least == {"accuracy": 0.8}
    assert run({"accuracy": 0.7}, "--lower") == 0
    assert pinned.read(floors_file)["pairs"].least == {"accuracy": pytest.approx(0.7 - TOLERANCE)}
    assert run({"accuracy": 0.7}) == 0


def test_lower_does_not_take_up_other_data(run: Run, data: Path, floors_file: Path) -> None:
    before = pinned.read(floors_file)
    (data / "pairs.jsonl").write_text('{"id": 2}\n', "utf-8")
    assert run({"accuracy": 0.1}, "--lower") == 0
    assert pinned.read(floors_file) == before


def test_raise_lifts_a_floor_and_never_lowers_one(run: Run, floors_file: Path) -> None:
    assert run({"accuracy": 0.95}, "--raise") == 0
    assert pinned.read(floors_file)["pairs"].least == {"accuracy": pytest.approx(0.95 - TOLERANCE)}
    assert run({"accuracy": 0.5}, "--raise") == 1
    assert pinned.read(floors_file)["pairs"].least == {"accuracy": pytest.approx(0.95 - TOLERANCE)}


def test_raise_pins_other_data_anew(run: Run, data: Path, floors_file: Path) -> None:
    (data / "pairs.jsonl").write_text('{"id": 2}\n', "utf-8")
    assert run({"accuracy": 0.5}, "--raise") == 0
    pinned_floors = pinned.read(floors_file)["pairs"]
    assert pinned_floors.least == {"accuracy": pytest.approx(0.5 - TOLERANCE)}
    assert pinned_floors.files == pinned.digests(data, ["pairs.jsonl"])


def test_floors_move_one_way_at_a_time(run: Run) -> None:
    with pytest.raises(SystemExit):
        run({"accuracy": 0.5}, "--raise", "--lower")


def test_a_missing_data_set_is_passed_over_and_told(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "pairs.jsonl").unlink()
    assert run({"accuracy": 0.1}, "--json") == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == {"quality": [], "skipped": ["pairs"]}
    assert "has no pairs.jsonl" in output.err


def test_without_any_data_all_is_passed_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "floors.toml"
    assert bench.main([str(tmp_path / "none"), "--json", "--raise"], floors_file=file) == 0
    assert len(json.loads(capsys.readouterr().out)["skipped"]) == len(MEASURES) + 1
    assert not file.exists()


def test_other_floors_are_kept_when_one_is_pinned(run: Run, floors_file: Path) -> None:
    other_floors = Floors({"b.jsonl": "0" * 64}, {"map@5": 0.25})
    pinned.write(floors_file, pinned.read(floors_file) | {"match": other_floors})
    assert run({"accuracy": 0.9}, "--raise") == 0
    assert pinned.read(floors_file)["match"] == other_floors


def test_a_broken_file_of_floors_is_told(tmp_path: Path) -> None:
    file = tmp_path / "floors.toml"
    file.write_text("[pairs]\nfiles = 3\n", "utf-8")
    with pytest.raises(ValueError, match="no file of floors"):
        pinned.read(file)


def test_the_shipped_floors_belong_to_what_is_measured() -> None:
    metrics = {measure.name: set(measure.metrics) for measure in MEASURES}
    files = {measure.name: set(measure.files) for measure in MEASURES}
    shipped_floors = pinned.read(bench.FLOORS)
    assert shipped_floors
    for name, floors in shipped_floors.items():
        assert set(floors.files) == files[name]
        assert set(floors.least) <= metrics[name]
        assert all(0 < floor <= 1 for floor in floors.least.values())


def test_the_sample_is_the_same_in_any_order() -> None:
    rows = [StanceRow(id=number, claim="c", text="t") for number in range(STANCE_SAMPLE + 20)]
    sampled = sample(rows, STANCE_SAMPLE)
    assert len(sampled) == STANCE_SAMPLE
    assert sampled == sample(rows[::-1], STANCE_SAMPLE)


def test_labels_and_posts_are_joined(tmp_path: Path) -> None:
    posts = [
        {"id": f"p{n}", "title": None, "text": f"Orbit {n} is out", "published_at": f"2026-01-0{5 - n}"}
        for n in range(4)
    ]
    (tmp_path / "ai_posts_2025q1.jsonl").write_text(
        "".join(f"{json.dumps(post)}\n" for post in posts), "utf-8"
    )
    mentions = [
        {"id": "p0", "stance": "supports", "sure": True}, {"id": "p1", "stance": "denies", "sure": False}
    ]
    claims = [{
        "claim_id": "a", "claim": "Orbit is out", "mentions": mentions
    }, {"claim_id": "b", "claim": "Orbit came", "mentions": mentions[:1]}]
    (tmp_path / "ai_claims_2025q1.jsonl").write_text(
        "".join(f"{json.dumps(claim)}\n" for claim in claims), "utf-8"
    )
    (tmp_path / "ai_negatives_2025q1.json").write_text('["p0", "p3"]', "utf-8")
    grouped, stances = Bench(tmp_path).labelled_posts
    assert [(row["id"], row["cluster"]) for row in grouped] == [("p3", None), ("p0", "a")]
    assert [(row["id"], row["label"]) for row in stances] == [("a|p0", "supports"), ("b|p0", "supports")]
