"""Texts read in separate processes: the same readings, and none for a text that takes too long."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import language
from models.language import beside
from models.language.beside import BesideLanguage, ReadingBroken
from models.protocols.language import DocumentText

pytestmark = [pytest.mark.process, pytest.mark.slow]

WHEN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
TEXTS = [
    "OpenAI said on Monday that GPT-5 costs $1.25 per million tokens. “We trained it on data,” he said.",
    "据报道，OpenAI 表示 GPT-5 的参数规模为 2 万亿。",
    "",
    "It is not true that Llama 4 was trained on test sets, Meta says.",
]


def document(text: str) -> DocumentText:
    return DocumentText(None, text, "news", "daily.example", "mira", "Mira", "The Daily Byte", "press", None,
                        WHEN)


@pytest.fixture(scope="module")
def reader() -> Iterator[BesideLanguage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beside, "SMALL", 0)
        patch.setattr(beside, "TOGETHER", 300)
        yield BesideLanguage(language.load(), "en_core_web_sm", seconds=1, most=1)


def test_readings_are_those_of_the_model_in_the_texts_order(reader: BesideLanguage) -> None:
    texts = [document(text) for text in TEXTS * 3]
    readings = list(reader.read(texts))
    assert readings == list(reader._language.read(texts))
    assert readings[0] is not None and readings[0].mentions and readings[0].passages


def test_a_process_does_without_pytorch(reader: BesideLanguage) -> None:
    """Loading PyTorch would take each process two seconds."""
    list(reader.read([document(TEXTS[0])]))
    process = reader._idle.get()
    loaded_files = Path(f"/proc/{process.pid}/maps").read_text("utf-8")
    reader._idle.put(process)
    assert "spacy" in loaded_files and "torch" not in loaded_files


def test_a_text_that_takes_too_long_is_left_out_and_no_other(reader: BesideLanguage) -> None:
    slow_text = "OpenAI said that GPT-5 costs $1 billion and that Sam Altman denies it. " * 8_000
    readings = list(reader.read([document(TEXTS[0]), document(slow_text), document(TEXTS[3])]))
    assert [reading is None for reading in readings] == [False, True, False]


def test_a_process_that_was_killed_takes_no_text_with_it_and_leaves_no_open_files(
    reader: BesideLanguage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replacement process loads no module from the folder in which the run was started."""
    list(reader.read([document(TEXTS[0])]))
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    (tmp_path / "queue.py").write_text("raise SystemExit(1)")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[3]))
    monkeypatch.chdir(tmp_path)
    process = reader._idle.get()
    process.kill()
    process.wait()
    reader._idle.put(process)
    (reading,) = reader.read([document(TEXTS[0])])
    assert reading is not None and reading.mentions
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_what_breaks_the_model_is_raised(reader: BesideLanguage) -> None:
    broken_reader = BesideLanguage(reader._language, "no_such_pipeline", most=1)
    with pytest.raises(ReadingBroken, match="ended with code 1"):
        list(broken_reader.read([document(TEXTS[0])]))
    broken_reader._command = [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]
    with pytest.raises(ReadingBroken, match=r"was ended \(code -9\), perhaps for lack of memory"):
        list(broken_reader.read([document(TEXTS[0])]))
    undatable = dataclasses.replace(document(TEXTS[0]), published_at="no time")  # type: ignore[arg-type]
    with pytest.raises(ReadingBroken, match="ValidationError"):
        list(reader.read([undatable]))
    (reading,) = reader.read([document(TEXTS[0])])
    assert reading is not None and reading.mentions
