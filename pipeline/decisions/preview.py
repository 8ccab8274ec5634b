"""Tell what an editor's decision would change, as the published copy has it."""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.core.errors import DataError
from pipeline.core.text import counted
from pipeline.core.vocabulary import OF_STORIES, DecisionKind
from pipeline.decisions.story_preview import story_consequences
from pipeline.published.database import query

_CLAIM = "SELECT claim, status, mentions, claim_id FROM claims WHERE claim_id = $id"
_MENTION = """
SELECT m.quote, m.claim_id, c.claim, e.stance, e.machine_stance
FROM mentions AS m
LEFT JOIN claims AS c USING (claim_id)
LEFT JOIN evidence AS e ON e.mention_id = m.mention_id
WHERE m.mention_id = $id"""
_DECISIONS_ON = """
SELECT kind || coalesce(' ' || value, '') || ' by ' || editor || ' (' || decision_id || '): ' || reason
FROM decisions WHERE undone_at IS NULL AND target = $id AND list_contains($kinds, kind) ORDER BY number"""
_MERGED_INTO = """
SELECT claim_id FROM decisions WHERE kind = 'merge' AND target = $id AND claim_id <> $id
ORDER BY number DESC LIMIT 1"""
_JOINED = """
SELECT j.claim, j.claim_id, j.joined_at, c.claim
FROM joins AS j JOIN claims AS c USING (claim_id)
WHERE j.parted_at IS NULL AND j.joined_id = $id"""
_HIDDEN = """
SELECT editor, decision_id FROM decisions WHERE kind = 'hide' AND claim_id = $id AND undone_at IS NULL
ORDER BY number DESC LIMIT 1"""
_RIVALS = "SELECT slot, words FROM rivals WHERE claim_id = $id AND rival_id = $other ORDER BY slot"

_ALIKE = """
SELECT claim, status, mentions, claim_id FROM claims
WHERE claim_id <> $id AND trim(lower(claim), '. ') = trim(lower($claim), '. ')
ORDER BY mentions DESC, claim_id LIMIT 3"""

_OF_MENTIONS = frozenset({DecisionKind.SPLIT, DecisionKind.MOVE, DecisionKind.STANCE})


class Consequences:
    """Look up a decision's target in an open published copy; a query may take `seconds`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def of(self, kind: DecisionKind, target: str, value: str | None) -> list[str]:
        """Return a line for each thing that will change, and for each that speaks against it.

        Raises DataError where the target, or the claim or story that `value` names, is not there.
        """
        if kind in OF_STORIES:
            return story_consequences(self._rows, kind, target, value or "")
        if kind in _OF_MENTIONS:
            return self._mention(kind, target, value)
        if kind is DecisionKind.MERGE:
            return self._merge(target, value or "")
        if kind is DecisionKind.APART:
            return self._apart(target, value or "")
        if kind is DecisionKind.FOLLOW:
            return self._follow(target, value or "")
        claim, status, mentions = self._claim(target)
        words = _words(claim, status, mentions)
        changes = {
            DecisionKind.STATUS: f"status: {status} → {value}",
            DecisionKind.NOTE: "the note is shown beside it",
            DecisionKind.HIDE: "it is no longer shown, with all its evidence and whatever is merged into it",
        }
        replaced = [] if kind is DecisionKind.NOTE else self._decisions_on(target, kind)
        return [words, changes[kind], *(f"instead of {line}" for line in replaced)]

    def _mention(self, kind: DecisionKind, mention_id: str, value: str | None) -> list[str]:
        mention = self._row(_MENTION, id=mention_id)
        if mention is None:
            raise DataError(self._absent("mention", mention_id))
        quote, claim_id, claim, stance, machine_stance = mention
        hidden = f"{claim_id}, which is not shown" if claim_id else "no claim yet"
        home = f"{claim_id} “{claim}”" if claim else hidden
        lines = [f"“{quote}”"]
        if kind is DecisionKind.STANCE:
            lines.append(f"stance: {stance} → {value} (the machine says {machine_stance})")
        elif kind is DecisionKind.SPLIT:
            lines.append(f"leaves {home}, for a claim of its own")
        else:
            other_claim, status, mentions = self._claim(value or "")
            lines.append(f"moves from {home} to {value} {_words(other_claim, status, mentions)}")
            lines += [f"goes with it: {line}" for line in self._decisions_on(mention_id, DecisionKind.STANCE)]
        places = (DecisionKind.SPLIT, DecisionKind.MOVE)
        replaced = (DecisionKind.STANCE,) if kind is DecisionKind.STANCE else places
        return lines + [f"instead of {line}" for line in self._decisions_on(mention_id, *replaced)]

    def _apart(self, target: str, value: str) -> list[str]:
        joined = [line for name in (target, value) for line in self._joined(name)]
        if joined:
            return joined
        claim, other_claim = _words(*self._claim(target)), _words(*self._claim(value))
        return [claim, f"is another claim than {value} {other_claim}"]

    def _joined(self, claim_id: str) -> list[str]:
        """Return what becomes of a claim that the machine joined to another."""
        row = self._row(_JOINED, id=claim_id)
        if row is None:
            return []
        claim, into_id, joined_at, into = row
        return [f"“{claim}”",
                f"leaves {into_id} “{into}”, to which the machine joined it on {joined_at:%Y-%m-%d}",
                "is a claim of its own again, and is not joined to it any more"]

    def _follow(self, target: str, sentence: str) -> list[str]:
        lines = [f"“{sentence}”", "becomes a claim, shown as long as it is followed, whoever speaks to it",
                 "what was stored so far is searched for what speaks to it, and whatever comes in later"]
        lines += [f"followed already: {line}" for line in self._decisions_on(target, DecisionKind.FOLLOW)]
        alike = query(self._connection, _ALIKE, {"id": target, "claim": sentence}, seconds=self._seconds)[1]
        return lines + [f"beware: {claim_id} says the same: {_words(claim, status, mentions)}"
                        for claim, status, mentions, claim_id in alike]

    def _merge(self, target: str, value: str) -> list[str]:
        lines = [_words(*self._claim(target)), f"becomes part of {value} {_words(*self._claim(value))}"]
        rivals = query(self._connection, _RIVALS, {"id": target, "other": value}, seconds=self._seconds)[1]
        lines += [f"beware: they differ in the {slot}: {words}" for slot, words in rivals]
        carried = self._decisions_on(target, DecisionKind.STATUS, DecisionKind.NOTE, DecisionKind.HIDE)
        lines += [f"goes with it: {line}" for line in carried]
        return lines + [f"instead of {line}" for line in self._decisions_on(target, DecisionKind.MERGE)]

    def _claim(self, claim_id: str) -> tuple[str, str, int]:
        """Return a claim's words, status and number of mentions; a hidden one says that it is hidden."""
        row = self._row(_CLAIM, id=claim_id)
        if row is not None:
            return str(row[0]), str(row[1]), int(row[2])
        if joined := self._row(_JOINED, id=claim_id):
            raise DataError(f"{claim_id} was joined to {joined[1]} by the machine: decide about that one, or "
                            f"take them apart with `rumortrail decide apart {claim_id} {joined[1]}`")
        if moved := self._row(_MERGED_INTO, id=claim_id):
            raise DataError(f"{claim_id} was merged into {moved[0]}: decide about that one instead")
        if hidden := self._row(_HIDDEN, id=claim_id):
            return "a claim that is not shown", f"hidden by {hidden[0]}, {hidden[1]}", 0
        raise DataError(self._absent("claim", claim_id))

    def _absent(self, noun: str, name: str) -> str:
        other = "mention" if noun == "claim" else "claim"
        statements = {"claim": _CLAIM, "mention": _MENTION}
        published = self._row("SELECT value[:16] FROM meta WHERE key = 'published_at'")
        words = f"there is no {noun} {name} in the copy published {published[0] if published else ''} UTC"
        if row := self._row(statements[other], id=name):
            words = f"{name} is a {other}, and this needs a {noun}"
            words += f": its claim is {row[1]}" if other == "mention" else ""
        columns = f"{noun}_id, {'claim' if noun == 'claim' else 'quote'}"
        lists = f'`rumortrail ask "SELECT {columns} FROM {noun}s"` lists them'
        return f"{words}. {lists}; --anyway writes the decision all the same"

    def _decisions_on(self, target: str, *kinds: DecisionKind) -> list[str]:
        parameters = {"id": target, "kinds": list(kinds)}
        rows = query(self._connection, _DECISIONS_ON, parameters, seconds=self._seconds)[1]
        return [str(words) for (words,) in rows]

    def _row(self, sql: str, **parameters: Any) -> tuple[Any, ...] | None:
        rows = self._rows(sql, **parameters)
        return rows[0] if rows else None

    def _rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return query(self._connection, sql, parameters, seconds=self._seconds)[1]


def _words(claim: str, status: str, mentions: int) -> str:
    return f"“{claim}” ({status}, {counted(mentions, 'mention')})"
