"""Prose for people: Markdown whose code is coloured and whose headings can be linked to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

LANGUAGES = {
    "sh": "Shell",
    "json": "JSON",
    "python": "Python",
    "javascript": "JavaScript",
    "http": "HTTP",
    "text": "Text",
}
_SPANS: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as HTML, and its chapters by the anchors that they can be linked to."""

    html: str
    chapters: tuple[tuple[str, str], ...]


def coloured(code: str, language: str, title: str = "") -> str:
    """Code as HTML, with a head that says what it is."""
    head = escape(title or LANGUAGES[language])
    return (
        f'<div class="code"><div class="code-head">{head}</div>'
        f'<pre tabindex="0"><code>{_spans(code, language)}</code></pre></div>\n'
    )


def tabs(codes: Sequence[tuple[str, str, str]]) -> str:
    """The same in several languages, each by name, language and code; the first is shown."""
    blocks = [
        f'<pre tabindex="0" data-title="{name}"{" hidden" if at else ""}>'
        f"<code>{_spans(code, language)}</code></pre>"
        for at, (name, language, code) in enumerate(codes)
    ]
    return f'<div class="code"><div class="code-head"></div>{"".join(blocks)}</div>\n'


def _spans(code: str, language: str) -> str:
    return highlight(code, get_lexer_by_name(language, stripnl=True), _SPANS).rstrip()


def rendered(markdown: str) -> Prose:
    """A Markdown text; headings below the title get anchors, tables scroll on small screens."""
    tokens, chapters = _MARKDOWN.parse(markdown), []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            text = tokens[at + 1].content.replace("`", "")
            anchor = anchor_of(text)
            token.attrSet("id", anchor)
            if token.tag == "h2":
                chapters.append((anchor, text))
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    html = html.replace("<table>", '<div class="table"><table>')
    return Prose(html.replace("</table>", "</table></div>"), tuple(chapters))


def line(markdown: str) -> str:
    """One line of Markdown, without a paragraph around it."""
    return str(_MARKDOWN.renderInline(markdown))


def anchor_of(text: str) -> str:
    """A heading as the anchor that it can be linked to by."""
    return _NO_WORD.sub("-", text.lower()).strip("-")


def _fence(_md: object, tokens: Sequence[Token], at: int, *_: object) -> str:
    language, _space, title = tokens[at].info.partition(" ")
    return coloured(tokens[at].content, language or "text", title)


_MARKDOWN = MarkdownIt("commonmark").enable("table")
_MARKDOWN.add_render_rule("fence", _fence)
