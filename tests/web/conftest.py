"""What tests of pages share: a browser, and visitors at it."""

from tests.web.browser import browser, visitor

__all__ = ["browser", "visitor"]
