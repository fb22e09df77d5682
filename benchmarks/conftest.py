"""Runs each benchmark once, as a test, unless figures are asked for."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture


@pytest.fixture
def benchmark(benchmark: BenchmarkFixture, pytestconfig: pytest.Config) -> BenchmarkFixture:
    # Not --benchmark-disable in the project's options: the core suite runs where the plugin is not installed.
    if not (pytestconfig.getoption("benchmark_enable") or pytestconfig.getoption("benchmark_only")):
        benchmark.disabled = True
    return benchmark
