"""The gazetteer as the language model asks it: finds the names in a text.

A name inside a longer identifier is read with it: a derivative must not pass for the model that it derives
from.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, cast

from models.gazetteer.channels import Channels, Person
from models.gazetteer.compile import Meaning, Names
from models.gazetteer.entries import Entry, GazetteerError, read_entries, read_text
from models.gazetteer.patterns import CJK
from models.gazetteer.resolve import ResolvedName, decide
from models.gazetteer.tokens import Tokens

_REMEMBERED = 4096  # context names, read once each
EntityType = Literal["organisation", "model", "benchmark", "person", "venue", "hardware"]


@dataclass(frozen=True)
class Entity:
    """A name in a text: code points `start` to `end`, spelt `text`, meaning `name`.

    `owner` is the canonical organisation of a model, a person, a benchmark, or of a part of it. An
    `ambiguous` name could mean something else on its own ("Scout"): its context decided.
    """

    start: int
    end: int
    text: str
    name: str
    type: EntityType
    owner: str | None
    family: str | None
    version: str | None
    ambiguous: bool


class Gazetteer:
    """All names. Build it with `load`."""

    def __init__(self, sources: Iterable[tuple[str, str]]) -> None:
        """Read `(file name, TOML text)` in order. Raises GazetteerError with all faults."""
        texts = list(sources)
        broken: list[str] = []
        entries = tuple(read_entries(texts, broken).values())
        self._names = Names(entries, broken)
        self._channels = Channels(entries, broken)
        if broken:
            raise GazetteerError(dict.fromkeys(broken))
        self._context: dict[str, tuple[ResolvedName, ...]] = {}
        self._handles = {
            ("reddit" if platform == "reddit" else "", account): entry
            for (platform, account), entry in self._channels.handles.items()
            if platform in ("x", "bluesky", "mastodon", "reddit")
        }
        self._meanings = {
            (entry.kind, entry.name): Meaning(
                entry.name, index, entry.kind, entry.owner, None, None, None, {}, True,
                frozenset({entry.name, f"maker of {entry.owner}"}),
            )
            for index, entry in enumerate(entries)
            if entry.kind in ("organisation", "person")
        }
        self._entries: dict[str, Entry] = {}
        # Where a family bears its owner's name, the bare name is the organisation.
        for entry in sorted(entries, key=lambda entry: entry.kind != "organisation"):
            self._entries.setdefault(entry.name, entry)
        self._evaluators = frozenset(entry.name for entry in entries if entry.evaluator)
        self._outlets = frozenset(entry.name for entry in entries if entry.kind == "venue" and entry.domains)
        digest = hashlib.sha256()
        for _, text in texts:
            digest.update(text.encode("utf-8") + b"\x00")
        self._version = digest.hexdigest()[:12]

    @classmethod
    def load(cls, user_file: Path | None = None) -> Gazetteer:
        """Return the shipped names with those of `user_file` over them.

        Raises GazetteerError that lists every broken entry with its file and line.
        """
        faults: list[str] = []
        shipped = sorted(
            (item for item in files("models.gazetteer").iterdir() if item.name.endswith(".toml")),
            key=lambda item: item.name,
        )
        texts = [(item.name, item.read_text("utf-8")) for item in shipped]
        if user_file is not None:
            texts.append((str(user_file), read_text(user_file, faults)))
        if faults:  # the file cannot be read: it has no entries that could have faults of their own
            raise GazetteerError(faults)
        return cls(texts)

    @property
    def version(self) -> str:
        """Return a short hash of all data."""
        return self._version

    def find(self, text: str, context: Sequence[str] = ()) -> list[Entity]:
        """Return the names in a text, none overlapping; the leftmost and then the longest is taken.

        `context` are canonical names already known (from a title, the post replied to, earlier text), the
        last one nearest; with the names in the text itself they decide what short names mean.
        """
        tokens = Tokens(text)
        in_context = [item for name in context for item in self._known(name)]
        names = [*decide(self._names, self._names.matcher.hits(tokens), in_context), *self._accounts(tokens)]
        names.sort(key=lambda item: item.start)
        entities: list[Entity] = []
        for index, item in enumerate(names):
            previous_end = names[index - 1].end if index else -1
            next_start = names[index + 1].start if index + 1 < len(names) else len(text)
            if item.meaning.kind == "other":
                continue
            entity = _entity(text, item)
            extended = _whole(text, entity, previous_end, next_start) if entity.type == "model" else entity
            if extended is not None:
                entities.append(extended)
        return entities

    def named(self, name: str) -> Entity | None:
        """Return what a canonical name stands for, whatever is around it; None where it is none.

        Names that need a context in a text ("Bard") need none here, and what an identifier added to a name is
        put back to it.
        """
        entity = next(iter(self.find(name, (name,))), None)
        if entity is not None and entity.text == name:
            return entity
        if name in self._entries and self._entries[name].kind != "other":
            return self._of_entry(self._entries[name])
        if entity is None or entity.start != 0 or not name[entity.end :].startswith(" "):
            return None
        written = f"{entity.text}-{name[entity.end + 1 :].replace(' ', '-')}"
        extended = next(iter(self.find(written, (name,))), None)
        if extended is None or (extended.text, extended.name) != (written, name):
            return None
        return dataclasses.replace(extended, text=name)

    def organisation_of(self, platform: str, author: str | None, host: str) -> str | None:
        """Return the organisation whose official channel this account is, or this host where not everybody
        may publish.
        """
        return self._channels.organisation_of(platform, author, host)

    def evaluates(self, organisation: str) -> bool:
        """Return True for an organisation that measures other organisations' models."""
        return organisation in self._evaluators

    def outlet(self, name_or_host: str) -> str | None:
        """Return the outlet, a venue that publishes reports of its own, of this name or host."""
        return name_or_host if name_or_host in self._outlets else self._channels.outlet_of(name_or_host)

    def person(self, name_or_handle: str, platform: str | None = None) -> Person | None:
        """Return the person of this name or account; None where there is none or more than one."""
        return self._channels.person(name_or_handle, platform)

    def _of_entry(self, entry: Entry) -> Entity:
        family = self._entries.get(entry.family or "", entry)
        family_name = family.name if family.kind == "family" else None
        kind = "model" if entry.kind == "family" else entry.kind
        return Entity(0, len(entry.name), entry.name, entry.name, cast(EntityType, kind),
                      entry.owner or family.owner, family_name, entry.version, False)

    def _known(self, name: str) -> tuple[ResolvedName, ...]:
        if name not in self._context:
            if len(self._context) >= _REMEMBERED:
                self._context.clear()
            exact = [
                ResolvedName(0, len(name), self._meanings[kind, name], False)
                for kind in ("organisation", "person")
                if (kind, name) in self._meanings
            ]
            hits = self._names.matcher.hits(Tokens(name))
            self._context[name] = (*exact, *decide(self._names, hits, exact))
        return self._context[name]

    def _accounts(self, tokens: Tokens) -> Iterable[ResolvedName]:
        for start, end in tokens.handles:
            written = tokens.text[start:end].casefold().lstrip("/")
            key = ("", written[1:]) if written.startswith("@") else ("reddit", written[2:])
            holder = self._handles.get(key)
            if holder is not None:
                yield ResolvedName(start, end, self._meanings[holder.kind, holder.name], False)


def _entity(text: str, item: ResolvedName) -> Entity:
    meaning = item.meaning
    return Entity(
        item.start,
        item.end,
        text[item.start : item.end],
        meaning.name,
        cast(EntityType, meaning.kind),
        meaning.owner,
        meaning.family_name,
        meaning.version,
        item.ambiguous,
    )


def _whole(text: str, model: Entity, previous_end: int, next_start: int) -> Entity | None:
    """Return the model with what an identifier adds to it; None where it is a part of another one's
    identifier.
    """
    if previous_end != model.start - 1 and inside_another(text, model.start):
        return None
    end, extra = variant(text, model.end)
    if end == model.end or end > next_start or not any(char.isdigit() for char in text[model.start : end]):
        return model
    name = f"{model.name} {extra}".rstrip()
    return dataclasses.replace(model, end=end, text=text[model.start : end], name=name)


# A part of an identifier; its inner characters as what they are not, as one class.
_PART = rf"[A-Z0-9][^\s!-\-/:-@\[-^`{{-\u00a9\u2000-\u206f\u3000-\u303f{CJK}\uff00-\uffef]{{0,30}}"
_BEFORE = re.compile(rf"(?<![^\W{CJK}])(?<![/-])({_PART}-){{1,6}}$")
_AFTER = re.compile(rf"(?:-{_PART}){{1,8}}(?<!\.)(?![^\W{CJK}])")
_PREFIXES = frozenset({"non", "pre", "post", "anti", "ex", "multi", "all", "mini", "semi", "self", "re"})
# Words that follow a name without making it another model's.
_WORDS = frozenset(
    {
        "based", "class", "driven", "era", "generated", "generation", "grade", "level", "like", "only",
        "powered",
    }
    | {"quality", "ready", "scale", "size", "sized", "style", "tier", "trained", "type", "written"}
)
# How a model is packed or served, not which one it is.
_PACKING = frozenset(
    {"gguf", "ggml", "awq", "gptq", "exl2", "mlx", "onnx", "hf", "bnb", "fp8", "fp16", "bf16", "int4", "int8"}
    | {"instruct", "chat", "it", "base", "free", "latest", "4bit", "8bit", "q4", "q5", "q6", "q8"}
    | {"q4_k_m", "q5_k_m", "q8_0"}
)


def inside_another(text: str, start: int) -> bool:
    """Return True if the name at `start` only continues an identifier ("Quux-R1-Mistral-24B" is no Mistral).
    """
    match = _BEFORE.search(text, max(0, start - 60), start)
    return match is not None and match[0].split("-")[0].lower() not in _PREFIXES


def variant(text: str, end: int) -> tuple[int, str]:
    """Return the end of the identifier that begins with a name, and what it adds to the name ("" for
    nothing).
    """
    match = _AFTER.match(text, end)
    if match is None:
        return end, ""
    words = match[0].split("-")[1:]
    if words[0].lower() in _WORDS:
        return end, ""
    return match.end(), " ".join(word for word in words if word.lower() not in _PACKING)
