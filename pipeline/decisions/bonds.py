"""Keep which claims belong together and which stay apart, as ties that never contradict one another."""

from __future__ import annotations

from collections.abc import Iterable


class Bonds:
    """Groups of claims that belong together, and pairs of groups that stay apart.

    A tie that would contradict an earlier one is refused, so that the first given is the strongest.
    """

    def __init__(self) -> None:
        self._groups: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = {}  # by claim: the claims that it is apart from

    def copy(self) -> Bonds:
        """Return the same ties, to be added to."""
        other = Bonds()
        for group in map(set, self.groups()):
            other._groups.update(dict.fromkeys(group, group))
        other._apart = {claim: set(others) for claim, others in self._apart.items()}
        return other

    def group(self, claim: str) -> set[str]:
        """Return the claims that belong together with this one, itself among them."""
        return self._groups.get(claim, {claim})

    def groups(self) -> list[set[str]]:
        """Return the groups of two claims and more."""
        return list({id(group): group for group in self._groups.values()}.values())

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Return the pairs of claims that were said to be apart, each once."""
        return ((claim, other) for claim, others in self._apart.items() for other in others if claim < other)

    def is_apart(self, claim: str) -> bool:
        """Return whether the claim, or one that belongs to it, stays apart from any other."""
        return any(self._apart.get(member) for member in self.group(claim))

    def may_join(self, one: str, other: str) -> bool:
        """Return whether the groups of two claims may become one."""
        ours, theirs = self.group(one), self.group(other)
        return ours is theirs or not any(self._apart.get(claim, set()) & theirs for claim in ours)

    def join(self, one: str, other: str) -> bool:
        """Make one group of those of two claims; return False where they must stay apart."""
        if not self.may_join(one, other):
            return False
        joined = self.group(one) | self.group(other)
        self._groups.update(dict.fromkeys(joined, joined))
        return True

    def part(self, one: str, other: str) -> bool:
        """Keep two claims apart; return False where they belong together."""
        if other in self.group(one):
            return False
        self._apart.setdefault(one, set()).add(other)
        self._apart.setdefault(other, set()).add(one)
        return True
