"""A Merkle tree that only grows, as in RFC 9162, section 2.1.

Its nodes are numbered as one reads a drawing of it from left to right: the leaves have the even
numbers, and what stands over two subtrees lies between them. Only *complete* subtrees (of 2^k
leaves, from a multiple of 2^k on) have a number. Their hashes never change when the tree grows, so
they are all that is kept, and every proof is put together from O(log n) of them.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""Leaves from … up to and without …, of which a node stands."""

HASH_BYTES: Final = 32
EMPTY: Final = hashlib.sha256(b"").digest()
"""The root of no leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of what stands over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def number_of(level: int, place: int) -> int:
    """Return the number of a complete subtree: the one at this place among those of 2^level."""
    return (place << (level + 1)) + (1 << level) - 1


def size_with(last: int | None) -> int:
    """Return how many leaves a tree has whose highest number is this; None: it is empty."""
    return 0 if last is None else last // 2 + 1


def place_of(number: int) -> tuple[int, int]:
    """Return (level, place) of a complete subtree, the inverse of `number_of`."""
    level = (~number & (number + 1)).bit_length() - 1
    return level, number >> (level + 1)


def count_nodes(size: int) -> int:
    """Return how many complete subtrees a tree of so many leaves has."""
    return 2 * size - size.bit_count()


def nodes_of(span: Span) -> list[int]:
    """Return the numbers of the complete subtrees that make up a node's span, left to right.

    Args:
        span: of a node of some tree, so that its start is a multiple of what it begins with.
    """
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(number_of(level, start >> level))
        start += 1 << level
    return found


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over subtrees that get smaller to the right, as `nodes_of` gives them."""
    if not hashes:
        return EMPTY
    whole = hashes[-1]
    for left in reversed(hashes[:-1]):
        whole = node_hash(left, whole)
    return whole


def hash_of(span: Span, hashes: Mapping[int, bytes]) -> bytes:
    """Return the hash of a node, given those of complete subtrees by their numbers."""
    return joined([hashes[number] for number in nodes_of(span)])


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_spans(position: int, size: int) -> list[Span]:
    """Return what the hashes of an inclusion proof stand for, in order (RFC 9162, 2.1.3.1).

    Args:
        position: of the leaf, 0 … size - 1.
    """
    start, end = 0, size
    beside = []
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return beside[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """Return what the hashes of a consistency proof stand for, in order (RFC 9162, 2.1.4.1).

    Args:
        old: the size of the earlier tree, 0 … size; for 0 and size there is nothing to prove.
    """
    if old in (0, size):
        return []
    start, end = 0, size
    beside: list[Span] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    if start:
        beside.append((start, end))
    return beside[::-1]


def is_included(leaf: bytes, position: int, size: int, root: bytes, path: Iterable[bytes]) -> bool:
    """Return whether a proof shows that a leaf stands in a tree (RFC 9162, 2.1.3.2).

    Args:
        leaf: its hash.
        position: where it is said to stand.
        size: of the tree.
        root: of the tree.
        path: the proof.
    """
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether a proof shows that a tree begins with an earlier one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not path and old_root == root
    if old == 0:
        return not path and old_root == EMPTY
    hashes = [old_root, *path] if old.bit_count() == 1 else list(path)
    if not hashes:
        return False
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = now = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, now = node_hash(one, before), node_hash(one, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and now == root


class Growing:
    """The right edge of a tree: all that is needed to add leaves to it and to tell its root."""

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        """Take up a tree.

        Args:
            size: how many leaves it has.
            edge: the hashes of `nodes_of((0, size))`.
        """
        self.size = size
        self._edge = list(edge)

    @property
    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return joined(self._edge)

    def add(self, leaf: bytes) -> list[tuple[int, bytes]]:
        """Add the hash of a leaf; return the complete subtrees that there are now: number, hash."""
        level, place = 0, self.size
        made = [(number_of(0, place), leaf)]
        while place & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            level, place = level + 1, place >> 1
            made.append((number_of(level, place), leaf))
        self._edge.append(leaf)
        self.size += 1
        return made
