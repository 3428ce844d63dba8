"""Stories are played by the people every test knows."""

from tests.kernel.work.conftest import desk

__all__ = ["desk"]
