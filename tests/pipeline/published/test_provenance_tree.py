"""The provenance tree: each document under its strongest sign, and words for every sign."""

from __future__ import annotations

from pipeline.core.vocabulary import EdgeKind
from pipeline.published.claim_rows import Sign
from pipeline.published.provenance_tree import FOLLOWS, Branch, follows, grow


def sign(child: str, origin: str | None, kind: EdgeKind = EdgeKind.LINK, name: str | None = None) -> Sign:
    return Sign(child, origin, name, kind, None, 9)


def sizes(branches: list[Branch]) -> list[tuple[str, int]]:
    return [(branch.name or branch.key, branch.size()) for branch in branches]


def test_the_tree_leads_from_the_origin_outwards() -> None:
    signs = [sign("b", "a"), sign("c", "b"), sign("c", "a"), sign("d", None, EdgeKind.ATTRIBUTION, "A post")]
    origins = grow("abcd", signs)
    assert sizes(origins) == [("a", 2), ("A post", 1)]
    assert [branch.key for branch in origins[0].followers] == ["b"], "its strongest sign alone"
    assert [branch.key for branch in origins[0].followers[0].followers] == ["c"]
    assert origins[0].name is None and origins[1].key not in "abcd"


def test_documents_that_point_at_each_other_end() -> None:
    assert sizes(grow("abc", [sign("a", "b"), sign("b", "c"), sign("c", "a"), sign("a", "a")])) == [("c", 2)]


def test_what_follows_nothing_stands_alone_and_heads_follow_nothing() -> None:
    assert sizes(grow("abc", [sign("b", "a"), sign("c", "z")])) == [("a", 1), ("c", 0)]
    assert sizes(grow("ab", [sign("b", "a")], heads={"b"})) == [("a", 0), ("b", 0)]


def test_an_unstored_voice_that_is_written_in_two_ways_is_one() -> None:
    origins = grow("ab", [sign("a", None, name="A Reddit  user"), sign("b", None, name="a reddit user")])
    assert sizes(origins) == [("A Reddit  user", 2)]


def test_copies_of_a_copy_stand_beside_it() -> None:
    # d copies c, which copies b: of one text nobody can tell who took it from whom.
    copy_signs = [sign(child, origin, EdgeKind.NEAR_DUPLICATE) for child, origin in ("ba", "cb", "dc")]
    (origin,) = grow("abcde", [sign("e", "b"), *copy_signs])
    assert [branch.key for branch in origin.followers] == ["b", "c", "d"]


def test_every_sign_has_words_for_one_document_and_for_several() -> None:
    assert set(FOLLOWS) == set(EdgeKind)
    assert follows(EdgeKind.LINK) == "links to it"
    assert follows(EdgeKind.LINK, "a post", many=True) == "link to a post"
