"""Numbers of accounts that a program for spreadsheets has rounded: 1,23E+20."""

import re

from core.bilingual import Bilingual
from core.documents.model import Finding
from core.errors import Unreadable

ROUNDED = re.compile(r"'?[0-9](?:[.,][0-9]+)? ?[Ee]\+ ?[0-9]{1,2}'?")


def accounts_rounded(shown: str) -> Unreadable:
    """The refusal of a table whose rows name their accounts so: several may have become one."""
    return Unreadable(
        Bilingual(
            f"The table names the accounts of its rows as {shown!r}: a program for spreadsheets has"
            " rounded them, so that several may have become one. Export the table from the bank"
            " again and send it unopened.",
            f"Die Tabelle nennt die Konten ihrer Zeilen als {shown!r}: eine Tabellenkalkulation hat"
            " sie gerundet, so dass mehrere zu einem geworden sein können. Bitte die Tabelle bei"
            " der Bank neu exportieren und ungeöffnet senden.",
        ),
        code="account_rounded",
    )


def account_rounded(shown: str) -> Finding:
    """What is said of a table above which an account stands so."""
    return Finding(
        "account_rounded",
        Bilingual(
            f"An account is named as {shown!r}, which a program for spreadsheets has rounded: it is"
            " not known.",
            f"Ein Konto ist als {shown!r} angegeben, was eine Tabellenkalkulation gerundet hat: es"
            " ist nicht bekannt.",
        ),
    )
