"""XML as banks write it: elements around elements and around texts."""

from html import escape


def element(name: str, *content: str | None) -> str:
    """An element around its content, nothing where there is none."""
    inner = "".join(filter(None, content))
    return f"<{name}>{inner}</{name}>" if inner else ""


def text_element(name: str, text: str | None) -> str:
    """An element around a text."""
    return element(name, escape(text, quote=False)) if text else ""
