"""Somebody who has only a keyboard, and who counts what they have to do."""

from __future__ import annotations

from typing import Any

FOCUSED = """() => { const e = document.activeElement; return [
  e.labels?.[0]?.innerText, e.closest('fieldset')?.querySelector('legend')?.innerText,
  e.getAttribute('aria-label'), e.innerText].filter(Boolean).map(text => text.trim()) }"""
MOST_TABS = 120


class Typist:
    """A person at a page without a mouse: `keys` pressed and `pages` seen so far."""

    def __init__(self, visitor: Any) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.keys = 0
        self.pages = 0
        self.page.on("load", self._turned)

    def _turned(self, page: Any) -> None:
        self.pages += 1

    def open(self, path: str) -> None:
        """Type an address, as one follows a link in a mail; its keys do not count."""
        self.visitor.open(path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def tab_to(self, name: str, *, exactly: bool = False) -> None:
        """Press Tab until a control whose label, legend or text begins with a name has focus."""
        for _time in range(MOST_TABS):
            self.press("Tab")
            said = [words.split("\n")[0] for words in self.page.evaluate(FOCUSED)]
            if any(word == name or (word.startswith(name) and not exactly) for word in said):
                return
        raise AssertionError(f"no way to {name} by Tab on {self.page.url}")

    def enter(self, then: str) -> None:
        """Press Enter on what has focus and wait for the page or words that follow."""
        self.press("Enter")
        self.sees(then)

    def sees(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for()
        self.page.wait_for_load_state("networkidle")
