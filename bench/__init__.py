"""Benchmarks: how fast the real thing is beside its peers, in the same run, on the same rows
(`make bench`)."""
