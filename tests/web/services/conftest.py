"""The cast at work, as for the pages of people."""

from tests.web.parties.conftest import busy

__all__ = ["busy"]
