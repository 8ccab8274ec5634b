"""Ask a server that speaks the OpenAI chat completions interface, and believe what can be checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as validated

from models.protocols.second_reader import AnswerRefused, NoAnswer, SecondOpinion
from models.protocols.stance import STANCE_LABELS, TextPair

PROMPT = files(__package__).joinpath("prompt.txt").read_text("utf-8")

_FORM = {
    "type": "object",
    "properties": {
        "relation": {"type": "string", "enum": list(STANCE_LABELS)},
        "quotation": {"type": "string"},
    },
    "required": ["relation", "quotation"],
    "additionalProperties": False,
}
_WISHES: dict[str, Any] = {
    "temperature": 0,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "opinion", "strict": True, "schema": _FORM},
    },
}
"""What makes a good answer likelier, and what not every server takes."""


@validated(frozen=True, slots=True)
class _Message:
    content: str | None


@validated(frozen=True, slots=True)
class _Choice:
    message: _Message


@validated(frozen=True, slots=True)
class _Completion:
    """The part of a server's answer that is read; what else it says is left alone."""

    choices: Annotated[list[_Choice], Field(min_length=1, max_length=1)]


@validated(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True))
class _Opinion:
    relation: Literal["supports", "denies", "questions", "reports", "unrelated"]
    quotation: str


_COMPLETION, _OPINION = TypeAdapter(_Completion), TypeAdapter(_Opinion)


class ChatReader:
    """A second reader behind a server; `post` sends a body and returns the answer's, or raises NoAnswer."""

    def __init__(self, name: str, post: Callable[[bytes], bytes]) -> None:
        self._name, self._post = name, post
        self._plain = False

    @property
    def name(self) -> str:
        """Return the name of the model that the server is asked for."""
        return self._name

    def read(self, pair: TextPair) -> SecondOpinion:
        """Return the server's opinion on a pair.

        Raises NoAnswer where it gives none, and AnswerRefused where it gives one that is not accepted.
        """
        return accepted(self._ask(pair), pair.text)

    def _ask(self, pair: TextPair) -> bytes:
        try:
            return self._post(question(self._name, pair, plain=self._plain))
        except NoAnswer as error:
            if self._plain or not error.rejected:
                raise
        # It may not know the form of answer that it was asked for: from now on it is asked for none.
        self._plain = True
        return self._post(question(self._name, pair, plain=True))


def question(model: str, pair: TextPair, *, plain: bool = False) -> bytes:
    """Return the body that asks `model` about a pair; `plain`: with nothing that a server may not know.

    What strangers wrote is one JSON object in a message of its own: no text in it can end it.
    """
    content = {"claim": pair.claim, "passage": pair.text, "stands_in": pair.context or ""}
    body = {
        "model": model,
        "messages": [
            {"role": "system", "content": PROMPT},
            {"role": "user", "content": json.dumps(content, ensure_ascii=False)},
        ],
        "stream": False,
    }
    return json.dumps(body | ({} if plain else _WISHES)).encode()


def accepted(answer: bytes, passage: str) -> SecondOpinion:
    """Return the opinion that a server's answer holds; no message says what the server said.

    Raises NoAnswer where it is no chat completion, and AnswerRefused where what it says is not exactly a
    relation with a quotation that stands in the passage.
    """
    try:
        content = _COMPLETION.validate_json(answer).choices[0].message.content
    except ValidationError:
        raise NoAnswer("the server's answer is no chat completion with one choice") from None
    try:
        opinion = _OPINION.validate_json(content or "")
    except ValidationError:
        raise AnswerRefused("the answer is not one JSON object with a relation and a quotation") from None
    if not _stands(opinion.quotation, passage):
        raise AnswerRefused("the quotation does not stand in the passage")
    return SecondOpinion(opinion.relation, opinion.quotation)


def _stands(quotation: str, passage: str) -> bool:
    """Return whether words stand in a passage to the letter and whole: no "true" out of "untrue"."""
    if not re.search(r"\w\w", quotation):
        return False
    begin = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", quotation) else ""
    end = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]\Z", quotation) else ""
    return re.search(begin + re.escape(quotation) + end, passage) is not None
