"""Proof: a Merkle tree over the log, signed checkpoints of it, and what others have seen of it."""
