"""The peers: what somebody else would have built over the same tables."""
