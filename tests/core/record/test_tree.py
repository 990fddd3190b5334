import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bot.core.record.tree import (
    EMPTY,
    Growing,
    consistency_spans,
    count_nodes,
    hash_of,
    inclusion_spans,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    nodes_of,
    number_of,
    place_of,
    size_with,
)

SIZES = st.integers(1, 70)


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word by word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def entries(size: int) -> list[bytes]:
    return [b"entry %d" % place for place in range(size)]


def grown(size: int) -> tuple[Growing, dict[int, bytes]]:
    tree = Growing()
    nodes: dict[int, bytes] = {}
    for entry in entries(size):
        nodes.update(tree.add(leaf_hash(entry)))
    return tree, nodes


def path(size: int, position: int, nodes: dict[int, bytes]) -> list[bytes]:
    return [hash_of(span, nodes) for span in inclusion_spans(position, size)]


def turned(value: bytes, bit: int) -> bytes:
    """The same with one bit turned."""
    number = int.from_bytes(value, "big") ^ (1 << (bit % (8 * len(value))))
    return number.to_bytes(len(value), "big")


@given(st.integers(0, 200))
def test_the_root_is_that_of_the_plain_definition(size: int) -> None:
    tree, nodes = grown(size)

    assert tree.root == plain_root(entries(size)) == hash_of((0, size), nodes)
    assert len(nodes) == count_nodes(size)
    assert size_with(max(nodes, default=None)) == size


def test_two_roots_are_those_worked_out_by_hand() -> None:
    a, b, c = (hashlib.sha256(b"\x00" + one).digest() for one in (b"a", b"b", b"c"))
    tree = Growing()
    assert tree.root == EMPTY == hashlib.sha256(b"").digest()

    for leaf in (b"a", b"b", b"c"):
        tree.add(leaf_hash(leaf))

    assert tree.root == node_hash(node_hash(a, b), c)


@given(st.integers(0, 40), st.integers(0, 1 << 40))
def test_a_number_names_one_subtree(level: int, place: int) -> None:
    assert place_of(number_of(level, place)) == (level, place)


@given(st.integers(0, 100), st.integers(1, 100))
def test_a_tree_that_was_taken_up_again_goes_on_as_if_it_had_never_stopped(
    size: int, more: int
) -> None:
    _, nodes = grown(size)
    again = Growing(size, [nodes[number] for number in nodes_of((0, size))])

    for entry in entries(size + more)[size:]:
        again.add(leaf_hash(entry))

    assert again.root == plain_root(entries(size + more))


@given(st.data())
def test_every_proof_of_a_leaf_holds_in_every_later_tree(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    later = data.draw(st.integers(size, 90))
    _, nodes = grown(later)
    root = plain_root(entries(size))

    for position in range(size):
        proof = path(size, position, nodes)
        assert is_included(leaf_hash(entries(size)[position]), position, size, root, proof)
        assert len(proof) <= (size - 1).bit_length()


@given(st.data())
def test_no_proof_holds_for_another_leaf_place_size_or_root(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    position = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(-2, 80).filter(lambda one: one != position))
    bit = data.draw(st.integers(0, 255))
    tree, nodes = grown(size)
    leaf, root, proof = leaf_hash(entries(size)[position]), tree.root, path(size, position, nodes)

    assert not is_included(leaf_hash(b"entry %d" % other), position, size, root, proof)
    assert not is_included(turned(leaf, bit), position, size, root, proof)
    assert not is_included(leaf, position, size, turned(root, bit), proof)
    if other < size:
        assert not is_included(leaf, other, size, root, proof)
    for place, one in enumerate(proof):
        changed = [*proof[:place], turned(one, bit), *proof[place + 1 :]]
        assert not is_included(leaf, position, size, root, changed)
        assert not is_included(leaf, position, size, root, proof[:place] + proof[place + 1 :])
    assert not is_included(leaf, position, size, root, [*proof, root])


@given(st.integers(0, 60), st.integers(0, 60))
def test_every_tree_is_shown_to_begin_with_every_earlier_one(one: int, other: int) -> None:
    old, size = sorted((one, other))
    _, nodes = grown(size)
    proof = [hash_of(span, nodes) for span in consistency_spans(old, size)]
    roots = plain_root(entries(old)), plain_root(entries(size))

    assert is_consistent(old, roots[0], size, roots[1], proof)
    assert len(proof) <= size.bit_length() + 1


@given(st.data())
def test_no_tree_is_shown_to_begin_with_what_was_rewritten(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 60))
    old = data.draw(st.integers(1, size - 1))
    bit = data.draw(st.integers(0, 255))
    tree, nodes = grown(size)
    before = plain_root(entries(old))
    proof = [hash_of(span, nodes) for span in consistency_spans(old, size)]

    assert not is_consistent(old, turned(before, bit), size, tree.root, proof)
    assert not is_consistent(old, before, size, turned(tree.root, bit), proof)
    for place, one in enumerate(proof):
        changed = [*proof[:place], turned(one, bit), *proof[place + 1 :]]
        assert not is_consistent(old, before, size, tree.root, changed)
        assert not is_consistent(old, before, size, tree.root, proof[:place] + proof[place + 1 :])
    rewritten = [*entries(old)[:-1], b"another", *entries(size)[old:]]
    assert not is_consistent(old, before, size, plain_root(rewritten), proof)
    assert not is_consistent(size, tree.root, old, before, proof)
