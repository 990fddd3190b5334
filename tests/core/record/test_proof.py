import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.record import (
    OPEN,
    PARTS,
    PRIVATE,
    ConsistencyProof,
    Fairness,
    Growing,
    Head,
    InclusionProof,
    Leaf,
    Proof,
    canonical,
    consistency_spans,
    hash_of,
    inclusion_spans,
    read_proof,
)
from bot.errors import RecordError
from tests.core.record.test_tree import turned


def leaf(place: int) -> Leaf:
    texts = tuple(canonical({"part": name, "place": place}) for name in PARTS)
    return Leaf.sealed(bytes([place]) * 32, texts)  # type: ignore[arg-type]


def proofs(
    size: int = 11, position: int = 6, old: int = 5
) -> tuple[InclusionProof, ConsistencyProof]:
    tree = Growing()
    nodes: dict[int, bytes] = {}
    heads = [Head(0, tree.root)]
    for place in range(size):
        nodes.update(tree.add(leaf(place).hash))
        heads.append(Head(tree.size, tree.root))
    included = tuple(hash_of(span, nodes) for span in inclusion_spans(position, size))
    consistent = tuple(hash_of(span, nodes) for span in consistency_spans(old, size))
    return (
        InclusionProof(leaf(position), position, heads[size], included),
        ConsistencyProof(heads[old], heads[size], consistent),
    )


def test_a_proof_that_was_written_and_read_again_holds() -> None:
    for proof in proofs():
        again = read_proof(proof.to_json().encode())

        assert again == proof
        again.check()


@pytest.mark.parametrize("shown", [(), (OPEN,), (OPEN, PRIVATE), PARTS])
def test_a_leaf_is_the_same_whatever_is_closed_of_it(shown: tuple[str, ...]) -> None:
    part = leaf(3).showing(shown)

    assert part.hash == leaf(3).hash == Leaf.from_json(part.to_json()).hash
    assert [name for name in PARTS if part.part(name).text is not None] == list(shown)
    for name in set(PARTS) - set(shown):
        assert part.part(name).salt is None
        assert part.part(name).content() == {}


@given(st.data())
def test_one_bit_turned_anywhere_in_a_leaf_makes_another_leaf(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PARTS))
    field = data.draw(st.sampled_from(("text", "salt")))
    whole = leaf(3).to_json()
    before = whole[name][field]
    place = data.draw(st.integers(0, len(before) - 1))
    if field == "salt":
        value = turned(bytes.fromhex(before), data.draw(st.integers(0, 255))).hex()
    else:
        value = before[:place] + chr(ord(before[place]) ^ 1) + before[place + 1 :]

    changed = whole | {name: whole[name] | {field: value}}

    assert Leaf.from_json(changed).hash != leaf(3).hash


@given(st.data())
def test_no_proof_holds_after_any_letter_of_it_was_changed(data: st.DataObject) -> None:
    kinds: list[Proof] = list(proofs())
    proof = data.draw(st.sampled_from(kinds))
    text = json.dumps(json.loads(proof.to_json()), separators=(",", ":"))
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(
        st.sampled_from("0123456789abcdef:,{x").filter(lambda one: one != text[place])
    )
    changed = text[:place] + other + text[place + 1 :]

    try:
        read = read_proof(changed.encode())
        read.check()
    except RecordError:
        return
    assert read == proof  # what was changed says nothing: a space, or a capital letter of a hash


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no proof"),
        (b'{"format": "b-side-record"}', "no proof"),
        (b'{"format": "b-side-proof", "version": 2}', "newer B-Side"),
        (b'{"format": "b-side-proof", "version": 1}', "no head"),
    ],
)
def test_what_is_no_proof_is_told_so(content: bytes, says: str) -> None:
    with pytest.raises(RecordError, match=says):
        read_proof(content)


@pytest.mark.parametrize("field", ["head", "path", "position", "leaf"])
@pytest.mark.parametrize("value", [None, [], {}, "", 1.5, True, ["x"], {"open": 1}, "9:zz"])
def test_a_field_of_the_wrong_kind_is_told_so(field: str, value: object) -> None:
    document = json.loads(proofs()[0].to_json()) | {field: value}

    with pytest.raises(RecordError):
        read_proof(json.dumps(document).encode()).check()


@pytest.mark.parametrize(
    "written", ["", "5", "5:abc", "-1:" + "0" * 64, "5:" + "g" * 64, "٣:" + "0" * 64]
)
def test_what_is_no_head_is_told_so(written: str) -> None:
    with pytest.raises(RecordError, match="no head"):
        Head.read(written)


@pytest.mark.parametrize("text", ["[" * 100_000, "hello", "[]", "7"])
def test_a_part_that_is_no_object_is_told_so(text: str) -> None:
    with pytest.raises(RecordError, match="no JSON"):
        Fairness().add(Leaf.sealed(bytes(32), (text, "{}", "{}")))


def test_a_leaf_that_says_nonsense_counts_as_nothing() -> None:
    found = Fairness()
    for text in ('{"kind": 5}', '{"kind": "posted", "day": 5}', '{"kind": "pick", "answer": []}'):
        found.add(Leaf.sealed(bytes(32), (text, '{"promotion": 3}', "{}")))

    assert (found.leaves, found.promotions[3].posted, found.promoted) == (3, None, 0)
