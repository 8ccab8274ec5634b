"""Merkle trees against known roots of RFC 6962, and every path against its root."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.merkle import inclusion_path, leaf_hash, root, root_of_path

# The inputs and roots by which the certificate-transparency implementations test themselves.
DATA = [
    bytes.fromhex(digest)
    for digest in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    assert root([leaf_hash(data) for data in DATA[:size]]).hex() == ROOTS[size]


def test_the_root_of_nothing() -> None:
    assert root([]) == hashlib.sha256(b"").digest()


@given(st.integers(1, 70), st.data())
def test_every_path_leads_to_the_root_and_a_changed_one_does_not(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(leaves, index)
    assert root_of_path(leaves[index], index, size, path) == root(leaves)
    assert root_of_path(leaf_hash(b"another"), index, size, path) != root(leaves)
    if path:
        broken_path = [*path[:-1], bytes(32)]
        assert root_of_path(leaves[index], index, size, broken_path) != root(leaves)
        with pytest.raises(ValueError, match="short"):
            root_of_path(leaves[index], index, size, path[:-1] if size == 2 else [])
    with pytest.raises(ValueError, match="long"):
        root_of_path(leaves[index], index, size, [*path, *[bytes(32)] * 8])


def test_there_is_no_leaf_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        inclusion_path([leaf_hash(b"")], 1)
    with pytest.raises(ValueError, match="leaf 1 of 1"):
        root_of_path(leaf_hash(b""), 1, 1, [])
