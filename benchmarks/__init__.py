"""Seeded streams, pytest-benchmark cases over them, and a race against other libraries (`benchmarks.versus`)."""
