"""Stories are played at a real browser by the people every test knows."""

from tests.kernel.work.conftest import desk
from tests.web.browser import browser, visitor

__all__ = ["browser", "desk", "visitor"]
