"""Runs the engine and its peers on the same work, in turn, and prints one table: Benchmarks/README.md."""
