"""The content security policy allows nothing inline, so nothing inline may be written."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import files, report, short

# A tag may hold template expressions, and those may hold a ">".
TAG = re.compile(r"<[a-zA-Z][^<>{]*(?:\{[{%#].*?[}%#]\}[^<>{]*)*>", re.S)
COMMENT = re.compile(r"\{#.*?#\}", re.S)
STYLE_ATTRIBUTE = re.compile(r"\sstyle\s*=", re.I)
HANDLER = re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.I)
STYLE = re.compile(r"<style\b", re.I)


def templates() -> list[Path]:
    """Pages and fragments. A mail is read outside the site, where only inline styles count."""
    found = files(".jinja", "src") + files(".html", "src")
    return [path for path in found if "mail" not in path.parts]


def inline(text: str) -> list[str]:
    """What in this template a browser would refuse to run or apply."""
    text = COMMENT.sub("", text)
    found = ["<style>"] if STYLE.search(text) else []
    found += [f"<script{rest}>" for rest in SCRIPT.findall(text) if not allowed_script(rest)]
    for tag in TAG.findall(text):
        if STYLE_ATTRIBUTE.search(tag):
            found.append(" ".join(tag.split())[:80])
        found += [match.group(1) for match in HANDLER.finditer(tag)]
    return found


def allowed_script(attributes: str) -> bool:
    """A file of ours, or the import map, which carries the nonce of its request."""
    return "src=" in attributes or ("importmap" in attributes and "nonce=" in attributes)


def test_no_template_holds_inline_script_or_style() -> None:
    found = [f"{short(path)}: {what}" for path in templates() for what in inline(path.read_text())]
    assert not found, report("the browser will refuse:", found)


def test_the_rule_sees_what_it_forbids() -> None:
    assert inline('<p style="color: red">') == ['<p style="color: red">']
    assert inline('<a class="{{ a }}" onclick="go()">') == ["onclick"]
    assert inline('<b hx-on:click="go()">') == ["hx-on:click"]
    assert inline("<script>go()</script>") == ["<script>"]
    assert not inline('<script src="/a.js" type="module"></script><p class="style">{# style= #}')
