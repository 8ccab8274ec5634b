"""The second reader of the settings, asked over the network, against a server in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models import language
from models.protocols.second_reader import AnswerRefused, NoAnswer, SecondReader
from models.protocols.stance import TextPair
from pipeline.check.checker import LONGEST
from pipeline.core.config import AskConfig, Config, ModelConfig, SecondReaderConfig
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.run.interactive import checker
from pipeline.run.models import SECOND_READER_KEY, SECONDS, SPOT, LazyModels, second_reader, shared
from tests.chat_server import chat_server, questions

KEY = "SECRET-KEY"
PAIR = TextPair("Aster 4 was trained on test sets.", "Aurel says that it was not.", "title: Aster 4")


@pytest.fixture(scope="module")
def chat() -> Iterator[str]:
    with chat_server() as address:
        yield address


def _reader(address: str, mode: str, *, key: str = KEY, seconds: float = 30.0) -> SecondReader:
    settings = SecondReaderConfig(f"{address}/{mode}/v1/", "reader-1", seconds)
    reader = second_reader(replace(Config(), second_reader=settings), {SECOND_READER_KEY: key})
    assert reader
    return reader


def test_all_who_ask_in_a_process_that_stays_share_its_models(tmp_path: Path) -> None:
    first = checker(Home(tmp_path), Config())
    second = checker(Home(tmp_path), replace(Config(), ask=AskConfig(seconds=3)))
    assert first is not second and first._models is second._models is shared(ModelConfig())
    assert shared(ModelConfig(embedding="another")) is not shared(ModelConfig())


def test_a_long_text_that_somebody_waits_for_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[dict[str, object]] = []
    monkeypatch.setattr(language, "load_beside", lambda *_, **bounds: calls.append(bounds))
    _ = LazyModels(ModelConfig()).language, shared(ModelConfig(gazetteer="")).language
    assert calls == [{}, {"small": SPOT, "seconds": SECONDS}] and SPOT < LONGEST


def test_without_an_address_there_is_no_reader() -> None:
    assert second_reader(Config(), {SECOND_READER_KEY: KEY}) is None


def test_the_server_is_asked_with_the_key_and_no_proxy(chat: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    opinion = _reader(chat, "denies", key=f" {KEY}\n").read(PAIR)
    assert (opinion.relation, opinion.quotation) == ("denies", PAIR.text)
    last_request = questions(chat)[-1]
    assert (last_request["path"], last_request["key"]) == ("/denies/v1/chat/completions", f"Bearer {KEY}")
    assert last_request["body"]["model"] == "reader-1"
    _reader(chat, "denies", key="").read(PAIR)
    assert questions(chat)[-1]["key"] is None


def test_a_server_that_takes_no_form_of_answer_is_asked_without(chat: str) -> None:
    assert _reader(chat, "plain").read(PAIR).relation == "denies"


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("page", "the server's answer is no chat completion with one choice"),
        ("choiceless", "the server's answer is no chat completion with one choice"),
        ("error", "the server's answer is no chat completion with one choice"),
        ("huge", "[second_reader] url answered with more than 1,000,000 bytes"),
        ("endless", "[second_reader] url answered with more than 1,000,000 bytes"),
        ("broken", "[second_reader] url answered with status 500"),
        ("redirect", "[second_reader] url answered with status 307"),
    ],
)
def test_a_server_that_does_not_answer_is_told_so(chat: str, mode: str, words: str) -> None:
    with pytest.raises(NoAnswer) as error:
        _reader(chat, mode).read(PAIR)
    assert str(error.value) == words
    # A redirect is not followed, so that the key goes nowhere else.
    assert questions(chat)[-1]["path"].startswith(f"/{mode}/")


def test_a_server_that_drips_is_left_in_time(chat: str) -> None:
    with pytest.raises(NoAnswer, match=r"did not answer within 0\.4 seconds"):
        _reader(chat, "drip", seconds=0.4).read(PAIR)


def test_a_server_that_is_not_there_is_told_so() -> None:
    with pytest.raises(NoAnswer, match="could not be reached") as error:
        _reader("http://127.0.0.1:1", "denies").read(PAIR)
    assert KEY not in str(error.value)


@pytest.mark.parametrize(
    "mode",
    ["label", "invented", "reworded", "nothing", "more", "fenced", "prose", "list", "nested", "silent"],
)
def test_what_is_no_opinion_is_refused(chat: str, mode: str) -> None:
    with pytest.raises(AnswerRefused):
        _reader(chat, mode).read(PAIR)


def test_a_reader_without_a_model_or_with_an_impossible_key_is_a_fault_of_the_settings() -> None:
    named = replace(Config(), second_reader=SecondReaderConfig("https://reader.example/v1", "reader-1"))
    with pytest.raises(ConfigError, match="model is not"):
        second_reader(replace(Config(), second_reader=SecondReaderConfig("https://reader.example/v1")), {})
    for key in (f"{KEY}\nX-Other: 1", f"{KEY}é"):
        with pytest.raises(ConfigError) as error:
            second_reader(named, {SECOND_READER_KEY: key})
        assert KEY not in str(error.value)
