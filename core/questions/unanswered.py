"""The words for what keeps a question open: why, and which document would settle it."""

from core.analysis.model import MissingKind, NoValueReason
from core.bilingual import Bilingual

REASONS = {
    NoValueReason.NO_STATEMENTS: Bilingual(
        "No bank statement was handed in.", "Es liegt kein Kontoauszug vor."
    ),
    NoValueReason.NO_WHOLE_MONTH: Bilingual(
        "There is no whole month that the statements of every account cover.",
        "Es gibt keinen ganzen Monat, den die Kontoauszüge aller Konten abdecken.",
    ),
    NoValueReason.NO_BALANCES: Bilingual(
        "The statements name no balances.", "Die Kontoauszüge nennen keine Salden."
    ),
    NoValueReason.NO_COLLECTIONS: Bilingual(
        "Nothing was collected from customers by direct debit.",
        "Von Kunden wurde nichts per Lastschrift eingezogen.",
    ),
    NoValueReason.NOTHING_DECLARED: Bilingual(
        "The application does not say which lenders there are.",
        "Der Antrag sagt nicht, welche Kreditgeber es gibt.",
    ),
    NoValueReason.TOO_FEW_MONTHS: Bilingual(
        "The statements cover {window_months:number} whole {window_months:month|months}, too few "
        "to tell.",
        "Die Kontoauszüge decken {window_months:number} {window_months:ganzen Monat|ganze Monate} "
        "ab, zu wenig für eine Aussage.",
    ),
    NoValueReason.NO_REVENUE_TO_COMPARE: Bilingual(
        "In the months to compare with, revenue was not above zero.",
        "In den Vergleichsmonaten lag der Umsatz nicht über null.",
    ),
    NoValueReason.INCOMPLETE: Bilingual(
        "{months:number} whole {months:month|months} of at least {needed:number} are covered, with "
        "{gap_count:number} {gap_count:gap|gaps}; {account_count:number} "
        "{account_count:account lacks|accounts lack} statements.",
        "{months:number} {months:ganzer Monat|ganze Monate} von mindestens {needed:number} "
        "{months:ist|sind} belegt, mit {gap_count:number} {gap_count:Lücke|Lücken}; für "
        "{account_count:number} {account_count:Konto|Konten} fehlen Auszüge.",
    ),
    NoValueReason.NOT_RECONCILED: Bilingual(
        "The statements do not reconcile, so their balances cannot be relied on.",
        "Die Kontoauszüge gehen nicht auf, auf ihre Salden ist kein Verlass.",
    ),
    NoValueReason.ROWS_NOT_READ: Bilingual(
        "Rows of the statements could not be read, so what moved in their days is not known.",
        "Zeilen der Kontoauszüge waren nicht lesbar; was in deren Zeitraum bewegt wurde, ist nicht "
        "bekannt.",
    ),
}

ONLY_OTHERS = Bilingual(
    "Only statements of other holders' accounts were handed in.",
    "Es liegen nur Kontoauszüge anderer Kontoinhaber vor.",
)
WHOLE_YEAR = Bilingual(
    "bank statements of the last 12 months", "Kontoauszüge der letzten 12 Monate"
)
DOCUMENTS = {
    MissingKind.STATEMENTS: Bilingual("bank statements{which}", "Kontoauszüge{which}"),
    MissingKind.STATEMENTS_WITH_BALANCES: Bilingual(
        "bank statements{which} with opening and closing balances",
        "Kontoauszüge{which} mit Anfangs- und Endsaldo",
    ),
    MissingKind.STATEMENT_AGAIN: Bilingual(
        "the bank statement{which} once more, since it does not reconcile",
        "der Kontoauszug{which} noch einmal, denn er geht nicht auf",
    ),
    MissingKind.LENDERS: Bilingual(
        "a list of all loans and lenders", "eine Liste aller Kredite und Kreditgeber"
    ),
}
AGAIN_UNREAD = Bilingual(
    "the bank statement{which} once more, as another file or format, since rows of it could not be"
    " read",
    "der Kontoauszug{which} noch einmal, als andere Datei oder in anderem Format, denn Zeilen waren"
    " nicht lesbar",
)
OF_ACCOUNT = Bilingual(" of account {account}", " zum Konto {account}")
BETWEEN = Bilingual(
    " from {starts_on:day} to {ends_on:day}", " vom {starts_on:day} bis {ends_on:day}"
)
