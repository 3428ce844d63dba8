"""A desk with clocks, as the tests of clocks know it."""

from tests.kernel.clocks.conftest import timed

__all__ = ["timed"]
