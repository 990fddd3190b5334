"""The record that nobody can rewrite: a Merkle log of sealed leaves, and its proofs."""

from bot.core.record.fairness import (
    FEWEST_PICKS,
    MODERATION,
    ONE_IN,
    PICK,
    POSTED,
    REMOVED,
    VOTE,
    WITHDRAWN,
    Fairness,
    Heard,
)
from bot.core.record.leaf import OPEN, PARTS, PRIVATE, PROMOTION, Leaf, Part, canonical, hash_from
from bot.core.record.posting import A_WEEK, HeadPlan
from bot.core.record.proof import ConsistencyProof, Head, InclusionProof, Proof, read_proof
from bot.core.record.published import first_line, leaf_line, read_first_line, read_leaf_line
from bot.core.record.tree import (
    EMPTY,
    HASH_BYTES,
    Growing,
    Span,
    consistency_spans,
    count_nodes,
    hash_of,
    inclusion_spans,
    node_hash,
    nodes_of,
    number_of,
    place_of,
    size_with,
)
