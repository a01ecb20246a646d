"""Letters and signs that stand in a table as a web page writes them: `&minus;`.

Where separators are semicolons one of them would be cut in two, and a minus would be lost.
"""

import re
from html import unescape

_NAMES = (
    "amp lt gt apos nbsp thinsp ensp emsp minus plus ndash mdash hyphen dash shy euro pound yen"
    " sect copy reg deg middot bull hellip lsquo rsquo ldquo rdquo bdquo sbquo laquo raquo auml"
    " ouml uuml szlig eacute egrave ecirc euml agrave aacute acirc aring aelig ccedil igrave iacute"
    " icirc iuml ograve oacute ocirc otilde oslash ugrave uacute ucirc ntilde atilde scaron zcaron"
    " yacute lbrack rbrack lpar rpar comma period quot"
)
NAMES = "|".join([*_NAMES.split(), *(each.capitalize() for each in _NAMES.split())])
ENTITY = re.compile(rf"&(?:{NAMES}|AElig|#[0-9]{{2,5}}|#[xX][0-9A-Fa-f]{{2,4}});")
HAS_ENTITY = re.compile(ENTITY.pattern.encode()).search
QUOTES = frozenset('"\r\n;')  # which would be taken for those of the table


def without_entities(text: str) -> str:
    """A text with the letters and signs that are meant."""
    return ENTITY.sub(_meant, text) if "&" in text else text


def _meant(match: re.Match[str]) -> str:
    meant = unescape(match[0])
    return "'" if meant in QUOTES else meant
