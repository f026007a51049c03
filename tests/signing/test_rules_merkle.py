"""Merkle trees: the published vectors, RFC 6962's own example, and every tree of up to 40 leaves by brute force."""

from hashlib import sha256

import pytest

from app.signing.rules.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash, root_of_path

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
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
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots of the first 1 to 8 leaves, as the test data of Certificate Transparency publishes them."""


def leaves(count: int) -> list[bytes]:
    return [bytes([number]) * (number % 5) for number in range(count)]


def root_by_definition(data: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return leaf_hash(data[0])
    split = 1
    while split * 2 < len(data):
        split *= 2
    return node_hash(root_by_definition(data[:split]), root_by_definition(data[split:]))


@pytest.mark.parametrize("count", range(1, 9))
def test_a_tree_has_the_published_root(count: int) -> None:
    assert Tree(LEAVES[:count]).root.hex() == ROOTS[count - 1]


def test_the_tree_of_nothing_is_the_hash_of_nothing() -> None:
    assert Tree([]).root == EMPTY_ROOT == sha256(b"").digest()
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_paths_are_those_of_the_rfcs_example() -> None:
    a, b, c, d, e, f, j = (leaf_hash(leaf) for leaf in LEAVES[:7])
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, m = node_hash(g, h), node_hash(i, j)
    tree = Tree(LEAVES[:7])
    assert tree.root == node_hash(k, m)
    assert tree.path(0) == [b, h, m]
    assert tree.path(3) == [c, g, m]
    assert tree.path(4) == [f, j, k]
    assert tree.path(6) == [i, k]


@pytest.mark.parametrize("count", range(41))
def test_every_small_tree_has_the_root_of_the_definition(count: int) -> None:
    assert Tree(leaves(count)).root == root_by_definition(leaves(count))


@pytest.mark.parametrize("count", range(1, 41))
def test_each_leafs_path_leads_to_the_root_and_no_other_leafs_does(count: int) -> None:
    data = [bytes([number]) for number in range(count)]
    tree = Tree(data)
    for index, leaf in enumerate(data):
        path = tree.path(index)
        for claimed in range(count):
            assert (root_of_path(leaf, claimed, count, path) == tree.root) == (claimed == index)
        assert root_of_path(b"another", index, count, path) != tree.root
        assert root_of_path(leaf, index, count, [*path, tree.root]) is None
        if path:
            assert root_of_path(leaf, index, count, path[:-1]) is None
    assert root_of_path(data[0], count, count, []) is None
    assert root_of_path(data[0], -1, count, []) is None


def test_what_is_outside_a_tree_has_no_path() -> None:
    tree = Tree(LEAVES)
    for index in (-1, 8):
        with pytest.raises(IndexError):
            tree.path(index)
