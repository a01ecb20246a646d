"""Every question an underwriter gets answered: its words, its thresholds, and why in a sentence."""

from collections.abc import Iterable
from decimal import Decimal

from core.analysis.model import Figure
from core.bilingual import Bilingual
from core.questions.answers import answer_question
from core.questions.model import Answer, Question, Scale

QUESTIONS = (
    Question(
        "monthly_revenue",
        Bilingual("How much revenue comes in a month?", "Wie hoch ist der monatliche Umsatz?"),
        "monthly_revenue",
        {
            "some": Bilingual(
                "Customers paid {value:money} a month on average, from {first:month} to "
                "{last:month}.",
                "Von {first:month} bis {last:month} zahlten Kunden im Mittel {value:money} im "
                "Monat.",
            )
        },
    ),
    Question(
        "average_balance",
        Bilingual("What is the average balance?", "Wie hoch ist der durchschnittliche Saldo?"),
        "average_balance",
        {
            "some": Bilingual(
                "All accounts together ended the day at {value:money} on average.",
                "Alle Konten zusammen standen am Tagesende im Mittel bei {value:money}.",
            )
        },
        scale=Scale(good=0, bad=-10_000_00),
    ),
    Question(
        "lowest_balance",
        Bilingual("What is the lowest balance?", "Wie tief fiel der Saldo?"),
        "lowest_balance",
        {
            "some": Bilingual(
                "All accounts together stood lowest on {on:day}, at {value:money}.",
                "Alle Konten zusammen standen am {on:day} am tiefsten, bei {value:money}.",
            )
        },
        scale=Scale(good=0, bad=-50_000_00),
    ),
    Question(
        "days_in_red",
        Bilingual("On how many days was it in the red?", "An wie vielen Tagen war es im Minus?"),
        "days_in_red",
        {
            "some": Bilingual(
                "All accounts together ended {value:number} of {days:number} days below zero.",
                "Alle Konten zusammen lagen an {value:number} von {days:number} Tagen unter null.",
            ),
            "none": Bilingual(
                "All accounts together never ended a day below zero.",
                "Alle Konten zusammen lagen an keinem Tagesende unter null.",
            ),
        },
        scale=Scale(good=5, bad=60),
    ),
    Question(
        "own_payments_bounced",
        Bilingual("Did own payments bounce?", "Sind eigene Zahlungen geplatzt?"),
        "own_payments_bounced",
        {
            "some": Bilingual(
                "{value:number} own {value:payment|payments} came back unpaid, {sum:money} in all.",
                "{value:number} eigene {value:Zahlung kam|Zahlungen kamen} unbezahlt zurück, "
                "insgesamt {sum:money}.",
            ),
            "none": Bilingual(
                "No own payment came back unpaid.", "Keine eigene Zahlung kam unbezahlt zurück."
            ),
        },
        scale=Scale(good=0, bad=3),
    ),
    Question(
        "customer_debits_bounced",
        Bilingual(
            "How many debits on customers came back?",
            "Wie viele Lastschriften von Kunden kamen zurück?",
        ),
        "customer_debits_bounced",
        {
            "some": Bilingual(
                "{value:number} {value:debit|debits} on customers came back, {sum:money} in all.",
                "{value:number} {value:Lastschrift|Lastschriften} von Kunden "
                "{value:kam|kamen} zurück, insgesamt {sum:money}.",
            ),
            "none": Bilingual(
                "No debit on a customer came back.", "Keine Lastschrift von Kunden kam zurück."
            ),
        },
        scale=Scale(good=5, bad=50),
    ),
    Question(
        "customer_debits_bounced_ratio",
        Bilingual(
            "What share of the debits on customers came back?",
            "Welcher Anteil der Lastschriften von Kunden kam zurück?",
        ),
        "customer_debits_bounced_ratio",
        {
            "some": Bilingual(
                "{returned:money} of {collected:money} collected came back, {value:percent}.",
                "Von {collected:money} Einzügen kamen {returned:money} zurück, {value:percent}.",
            ),
            "none": Bilingual(
                "Nothing of {collected:money} collected came back.",
                "Von {collected:money} Einzügen kam nichts zurück.",
            ),
        },
        scale=Scale(good=Decimal("0.03"), bad=Decimal("0.1")),
    ),
    Question(
        "debt_service",
        Bilingual(
            "How much debt service is there already?", "Wie hoch ist der Kapitaldienst schon?"
        ),
        "debt_service",
        {
            "some": Bilingual(
                "Interest and redemption take {value:money} a month, {share:percent} of revenue.",
                "Zins und Tilgung kosten {value:money} im Monat, {share:percent} vom Umsatz.",
            ),
            "alone": Bilingual(
                "Interest and redemption take {value:money} a month, and there is no revenue.",
                "Zins und Tilgung kosten {value:money} im Monat, und es gibt keinen Umsatz.",
            ),
            "none": Bilingual(
                "No interest or redemption of loans was paid.",
                "Es wurden weder Zins noch Tilgung für Kredite gezahlt.",
            ),
        },
        scale=Scale(good=Decimal("0.1"), bad=Decimal("0.25")),
        in_relation_to="monthly_revenue",
    ),
    Question(
        "growth",
        Bilingual("Does revenue grow?", "Wächst der Umsatz?"),
        "growth",
        {
            "some": Bilingual(
                "Revenue of the last three months was {recent:money}, of the same three a year "
                "before {base:money}: {value:percent}.",
                "In den letzten drei Monaten betrug der Umsatz {recent:money}, ein Jahr zuvor "
                "{base:money}: {value:percent}.",
            ),
            "trend": Bilingual(
                "The trend of {months:number} months of revenue is {value:percent} a year.",
                "Der Trend aus {months:number} Monaten Umsatz beträgt {value:percent} im Jahr.",
            ),
        },
        scale=Scale(good=0, bad=Decimal("-0.2")),
    ),
    Question(
        "completeness",
        Bilingual("Are the statements complete?", "Sind die Kontoauszüge vollständig?"),
        "completeness",
        {
            "some": Bilingual(
                "Every account is covered without a gap for {value:number} whole "
                "{value:month|months}, from {first:month} to {last:month}.",
                "Jedes Konto ist für {value:number} ganze {value:Monat|Monate} lückenlos belegt, "
                "von {first:month} bis {last:month}.",
            ),
            "since_opening": Bilingual(
                "Every account is covered without a gap since the first was opened on "
                "{opened:day}, for {value:number} whole {value:month|months}.",
                "Jedes Konto ist seit der ersten Eröffnung am {opened:day} lückenlos belegt, für "
                "{value:number} ganze {value:Monat|Monate}.",
            ),
        },
        scale=Scale(good=12, bad=5),
    ),
    Question(
        "reconciliation",
        Bilingual("Do the statements reconcile?", "Gehen die Kontoauszüge auf?"),
        "reconciliation",
        {
            "some": Bilingual(
                "Bookings and balances differ by {value:money} in all; {reconciling:number} of "
                "{checked:number} statements reconcile.",
                "Buchungen und Salden weichen um insgesamt {value:money} ab; {reconciling:number} "
                "von {checked:number} Kontoauszügen gehen auf.",
            ),
            "none": Bilingual(
                "Every statement reconciles, alone and with the next ({checked:number} checked).",
                "Jeder Kontoauszug geht auf, für sich und zum nächsten ({checked:number} geprüft).",
            ),
            "partly": Bilingual(
                "Every statement that names balances reconciles ({checked:number} checked); "
                "{without_balances:number} {without_balances:names|name} none.",
                "Jeder Kontoauszug mit Salden geht auf ({checked:number} geprüft); "
                "{without_balances:number} {without_balances:nennt|nennen} keine.",
            ),
        },
        scale=Scale(good=0, bad=1),
    ),
    Question(
        "seizures",
        Bilingual("Were accounts or claims seized?", "Gab es Pfändungen?"),
        "seizures",
        {
            "some": Bilingual(
                "{value:number} {value:booking names|bookings name} a seizure, {sum:money} in all.",
                "{value:number} {value:Buchung nennt|Buchungen nennen} eine Pfändung, insgesamt "
                "{sum:money}.",
            ),
            "none": Bilingual("No booking names a seizure.", "Keine Buchung nennt eine Pfändung."),
        },
        scale=Scale(good=0, bad=1),
    ),
    Question(
        "gambling",
        Bilingual("Is there gambling?", "Gibt es Glücksspiel?"),
        "gambling",
        {
            "some": Bilingual(
                "{value:number} {value:booking is|bookings are} gambling, {sum:money} in all.",
                "{value:number} {value:Buchung ist|Buchungen sind} Glücksspiel, insgesamt "
                "{sum:money}.",
            ),
            "none": Bilingual("No booking is gambling.", "Keine Buchung ist Glücksspiel."),
        },
        scale=Scale(good=0, bad=5),
    ),
    Question(
        "undeclared_lenders",
        Bilingual(
            "Are there lenders that were not declared?",
            "Gibt es Kreditgeber, die nicht angegeben wurden?",
        ),
        "undeclared_lenders",
        {
            "some": Bilingual(
                "{value:number} {value:lender was|lenders were} not declared: {lenders}.",
                "{value:number} {value:Kreditgeber wurde|Kreditgeber wurden} nicht angegeben: "
                "{lenders}.",
            ),
            "none": Bilingual(
                "Every lender seen was declared.", "Alle Kreditgeber waren angegeben."
            ),
        },
        scale=Scale(good=0, bad=2),
    ),
)


def answer_questions(figures: Iterable[Figure]) -> list[Answer]:
    """An answer to each question, judged by its scale; pure, in the questions' order."""
    by_id = {figure.id: figure for figure in figures}
    return [answer_question(question, by_id) for question in QUESTIONS]
