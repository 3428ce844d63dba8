"""Whatever people write is shown, and none of it runs, loads or passes rank."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.web.shell.prose import markdown


def test_it_reads_markdown() -> None:
    assert markdown("**Found** it") == "<p><strong>Found</strong> it</p>\n"
    assert "<br>" in markdown("one\ntwo")
    assert "<h3>" in markdown("# Title")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/spy.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://x.example" style="position:fixed">x</a>',
    ],
)
def test_nothing_of_it_runs_or_loads(source: str) -> None:
    made = markdown(source)
    assert not re.search(
        r"<(script|img|iframe|style)|<[^>]*(javascript:|data:|onerror|style=)", made
    )


def test_links_pass_no_rank() -> None:
    assert 'rel="nofollow noopener"' in markdown("[x](https://x.example)")


def test_record_numbers_become_links_outside_code_and_links() -> None:
    assert '<a href="/INC-20418"' in markdown("see INC-20418.")
    assert "<a" not in markdown("`INC-20418`")
    assert markdown("[INC-2](https://x.example)").count("<a ") == 1
    assert "<a" not in markdown("SOME-INC-1-2")


TAGS = re.compile(r"<([a-z0-9]+)")
ALLOWED = {
    *["p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"],
    *["h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"],
}


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]))
    | st.from_regex(r"[<>&\"'a-z \[\]()!#*`\n:/=-]{0,80}")
)
def test_any_text_gives_only_harmless_tags(source: str) -> None:
    assert set(TAGS.findall(markdown(source))) <= ALLOWED
