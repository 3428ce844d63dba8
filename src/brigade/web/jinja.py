"""The environment of every template but those of sign-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from brigade.web.shell import assets, charts, prose, times


class Missing(StrictUndefined):
    """A name nobody gave: false when asked, an error when printed, so that a slip is seen."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


def environment(**options: Any) -> Environment:
    """Build it: autoescaping, slips are errors, words come from Django's catalogues."""
    options["undefined"] = Missing
    made = Environment(
        **options,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals.update(
        url=url,
        static=static,
        icon=icon,
        maybe_url=maybe_url,
        with_query=with_query,
        initials=initials,
        stylesheets=assets.stylesheets,
        import_map=assets.import_map,
        chart_bars=charts.bars,
        chart_lines=charts.lines,
        chart_spark=charts.spark,
    )
    made.filters.update(
        localtime=times.localtime,
        when=times.when,
        duration=times.duration,
        number=times.number,
        filesize=times.filesize,
        markdown=prose.markdown,
    )
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of the page called `name`."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def maybe_url(name: str) -> str:
    """Return the address of the page called `name`, or nothing where it is not installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def with_query(request: HttpRequest, **changes: Any) -> str:
    """Return the present address with parts of its query changed; None takes one out."""
    query = {key: request.GET.getlist(key) for key in request.GET}
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    encoded = urlencode(query, doseq=True)
    return f"{request.path}?{encoded}" if encoded else request.path


def icon(name: str, css: str = "") -> Markup:
    """Return one icon: a node without a word of its own, so it never stands alone."""
    return Markup('<i class="{}"></i>').format(f"ic ic-{name} {css}".rstrip())


def initials(name: str) -> str:
    """Return the letters for a person's disc: first of the first and of the last word."""
    words = [word for word in name.split() if word[:1].isalnum()]
    letters = [words[0][:1], words[-1][:1]] if len(words) > 1 else [word[:2] for word in words]
    return "".join(letters).upper()
