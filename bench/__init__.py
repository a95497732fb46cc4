"""Benchmarks: sizes x phases, with the bare floor and another modelling layer in the same run."""
