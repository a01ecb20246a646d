"""Bookings as German banks write them, and what they are."""

from datetime import date, timedelta

import pytest

from core.analysis.categories import categorise, read_text
from core.analysis.model import BookingLabel, Category, UnlabelledBooking
from core.statements.model import Detail

pytestmark = pytest.mark.unit

C = Category
ACCOUNT, SECOND = "DE02120300000000202051", "DE02500105170137075030"
HOLDER = "Nordlicht Möbelbau GmbH"
DAY = date(2024, 3, 4)


def line(
    amount: int, remittance: str = "", counterparty: str | None = None, **more: object
) -> UnlabelledBooking:
    plain = UnlabelledBooking(
        ACCOUNT, DAY, amount, counterparty=counterparty, remittance=remittance
    )
    return plain._replace(**more)  # type: ignore[arg-type]


def label(*lines: UnlabelledBooking) -> list[BookingLabel]:
    return categorise(lines, [ACCOUNT, SECOND], [HOLDER])


def category(found: UnlabelledBooking) -> Category:
    return label(found)[0].category


CREDITS = [
    (C.REVENUE, "Rechnung 2024-118 Kd-Nr 4711", "Schreinerei Huber KG", {"gvc": "166"}),
    (C.REVENUE, "RE 20240117 Rate 2 von 3", "Möbelhaus Seeblick GmbH", {"gvc": "166"}),
    (C.REVENUE, "Gutschrift RE-2024-0077", "Praxis Dr. Lindner", {}),
    (C.REVENUE, "SEPA-Überweisungsgutschrift Rg. 5512", "Kanzlei Ostermann", {"gvc": "166"}),
    (C.REVENUE, "Händlerabrechnung Kartenumsätze 03.03.", "SumUp Payments Ltd.", {}),
    (C.REVENUE, "Auszahlung 7781", "Zettle Payments Bank AB", {"gvc": "166"}),
    (C.REVENUE, "Miete Ausstellungsfläche März", "Galerie Blau", {}),
    (C.REVENUE, "Ausgleich Rücklastschrift Rechnung 88", "Erika Sommer", {"gvc": "166"}),
    (C.REVENUE, "Kreditor 70012 Beleg 991", "Stadtwerke Hafen", {"gvc": "166"}),
    (C.REVENUE, "Wasserschaden Küche Rechnung 81", "Allianz Versicherungs-AG", {"gvc": "166"}),
    (C.COLLECTION, "", None, {"gvc": "171"}),
    (C.COLLECTION, "Sammellastschrift 14 Posten", HOLDER, {"gvc": "192"}),
    (C.COLLECTION, "Mitgliedsbeitrag", "Karl Wendt", {"iso": "PMNT-IDDT-ESDD"}),
    (C.COLLECTION, "SEPA-Lastschrifteinzug Mandat M-33", "Karl Wendt", {"gvc": "999"}),
    (C.COLLECTION, "Ratenkredit Erstattung", "Karl Wendt", {"gvc": "196"}),
    (C.CASH_DEPOSIT, "", None, {"gvc": "082"}),
    (C.CASH_DEPOSIT, "BAREINZAHLUNG SB-TERMINAL 14:02", None, {"gvc": "999"}),
    (C.CASH_DEPOSIT, "", None, {"iso": "PMNT-CNTR-CDPT"}),
    (C.LOAN_DISBURSEMENT, "Auszahlung Darlehen 600123", "Uferbank AG", {"gvc": "166"}),
    (C.LOAN_DISBURSEMENT, "Kreditauszahlung Vertrag 99", "Uferbank AG", {}),
    (C.LOAN_DISBURSEMENT, "", None, {"gvc": "601"}),
    (C.LOAN_DISBURSEMENT, "Valuta", None, {"iso": "LDAS-FTLN-DDWN"}),
    (C.OWNER_INJECTION, "Gesellschafterdarlehen", "Jens Petersen", {"gvc": "166"}),
    (C.OWNER_INJECTION, "Einlage zur Liquidität", "Jens Petersen", {}),
    (C.OWN_TRANSFER, "Auffüllung", "Irgendwer", {"counterparty_account": SECOND}),
    (C.OWN_TRANSFER, "von Zweitbank", "NORDLICHT MOEBELBAU GMBH", {"gvc": "166"}),
    (C.OWN_TRANSFER, "", "Nordlicht Mobelbau", {}),
    (C.OWN_TRANSFER, "Umbuchung", None, {}),
    (C.OWN_TRANSFER, "", None, {"gvc": "833"}),
    (C.REFUND_RECEIVED, "Erstattung Doppelzahlung RE 887", "Holzhandel Brandt", {}),
    (C.REFUND_RECEIVED, "Gutschrift 27667 Retoure", "Holzhandel Brandt", {"gvc": "166"}),
    (C.REFUND_RECEIVED, "Rückzahlung Kaution", "Messe Nord", {"gvc": "166"}),
    (C.REFUND_RECEIVED, "RUECKZAHLUNG UEBERZAHLUNG", "Messe Nord", {}),
    (C.OWN_DEBIT_RETURNED, "", "Stadtwerke Hafen", {"gvc": "181"}),
    (C.OWN_DEBIT_RETURNED, "", "Stadtwerke Hafen", {"gvc": "184"}),
    (C.OWN_DEBIT_RETURNED, "Lastschrift-Wiedergutschrift MS03", "Stadtwerke", {"gvc": "166"}),
    (C.OWN_DEBIT_RETURNED, "LASTSCHRIFTRUECKGABE Strom", "Stadtwerke", {}),
    (C.OWN_DEBIT_RETURNED, "Strom", "Stadtwerke", {"iso": "PMNT-RDDT-UPDD"}),
    (C.OWN_DEBIT_RETURNED, "Strom", "Stadtwerke", {"return_reason": "MS03"}),
    (C.OWN_DEBIT_RETURNED, "Strom", HOLDER, {"gvc": "181", "reversal": True}),
    (C.OWN_DEBIT_RETURNED, "Lastschrift-Wiedergutschrift Rechnung 881", "Stadtwerke", {}),
    (C.OWN_DEBIT_RETURNED, "RETOURE SEPA-LASTSCHRIFT RE 881 STADTWERKE", None, {}),
    (C.TRANSFER_RETURNED, "", "Holzhandel Brandt", {"gvc": "159"}),
    (C.TRANSFER_RETURNED, "", "Holzhandel Brandt", {"gvc": "160"}),
    (C.TRANSFER_RETURNED, "", "Brandt", {"iso": "PMNT-ICDT-RRTN", "return_reason": "AC01"}),
    (C.TRANSFER_RETURNED, "Überweisungsrückgabe IBAN ungültig AC01", "Brandt", {}),
    (C.TAX_REFUND, "UST 2023 StNr 27/123/45678", "FINANZAMT HAFENSTADT", {"gvc": "166"}),
    (C.TAX_REFUND, "Finanzkasse Hafenstadt Erstattung Körperschaftsteuer", None, {}),
    (C.INSURANCE_BENEFIT, "Schaden 12-4711", "Deichland Versicherung AG", {}),
    (C.INSURANCE_BENEFIT, "Schadenregulierung Brand", "Deichland Assekuranz", {}),
    (C.REFUND_RECEIVED, "Beitragserstattung 2023", "Deichland Versicherung AG", {}),
    (C.STATE_BENEFIT, "KUG 02/2024", "Bundesagentur für Arbeit", {"gvc": "166"}),
    (C.STATE_BENEFIT, "Soforthilfe", "Landeshauptkasse", {}),
    (C.STATE_BENEFIT, "KfW-Zuschuss 455", "KfW", {}),
    (C.INTEREST_RECEIVED, "Habenzinsen", None, {}),
    (C.INTEREST_RECEIVED, "", None, {"gvc": "814"}),
    (C.INVESTMENT_INCOME, "Dividende 2023", "Werftaktien AG", {}),
    (C.INVESTMENT_INCOME, "", None, {"iso": "SECU-CORP-DVCA"}),
    (C.GAMBLING, "Gewinn", "Jackpot Casino Ltd", {}),
    (C.REVENUE, "Rechnung 77 Mobiliar", "Spielbank Hafenstadt", {}),
    (C.REVERSAL, "Lastschrift", "Stadtwerke", {"gvc": "899"}),
    (C.REVERSAL, "Überweisung", "Stadtwerke", {"reversal": True}),
]

DEBITS = [
    (C.SUPPLIER, "Rechnung 4711 inkl. 19% Umsatzsteuer", "Holzhandel Brandt", {"gvc": "116"}),
    (C.SUPPLIER, "Mietwagen 12.3.", "Autovermietung Kap", {"gvc": "105"}),
    (C.SUPPLIER, "Miete Bagger KW 12", "Baumaschinen Kap", {}),
    (C.SUPPLIER, "Kreditkartenabrechnung 02/24", "Kartenhaus AG", {"gvc": "105"}),
    (C.SUPPLIER, "Gebühren Straßenreinigung", "Stadt Hafenstadt", {}),
    (C.SUPPLIER, "Rate 3 zur Rechnung 991", "Büro Kap GmbH", {}),
    (C.SUPPLIER, "Gerichtskosten", "Amtsgericht Hafenstadt", {}),
    (C.SUPPLIER, "Lohnbuchhaltung 02/2024", "Steuerberater Ahrens", {}),
    (C.SUPPLIER, "Reisekostenerstattung", "Anke Wulf", {}),
    (C.SUPPLIER, "Lizenz", "Datenbank Solutions GmbH", {"gvc": "105"}),
    (C.SALARY, "", "Anke Wulf", {"gvc": "153"}),
    (C.SALARY, "LOHN/GEHALT 03/2024", "Anke Wulf", {"gvc": "166"}),
    (C.SALARY, "Gehälter März", None, {"gvc": "999"}),
    (C.SALARY, "GEHAELTER MAERZ", None, {"gvc": "193"}),
    (C.SALARY, "Geh?lter M?rz", None, {}),
    (C.SALARY, "", "Anke Wulf", {"iso": "PMNT-ICDT-SALA"}),
    (C.TAX, "Lohnsteuer Feb", "Finanzamt Hafenstadt", {"gvc": "116"}),
    (C.TAX, "Lohnst. 02/24 UST-VA 02/24", None, {}),
    (C.TAX, "Kfz-Steuer HS-NM 12", "Hauptzollamt Hafenstadt", {"gvc": "105"}),
    (C.TAX, "Gewerbesteuer Q1", "Stadtkasse Hafenstadt", {}),
    (C.TAX, "KOERPERSCHAFTSTEUER VZ", "FA Hafenstadt", {}),
    (C.SOCIAL_SECURITY, "Beiträge 03/24", "AOK Küstenland", {"gvc": "105"}),
    (C.SOCIAL_SECURITY, "Beitragsnachweis 03", "TK", {}),
    (C.SOCIAL_SECURITY, "Abgaben", "Minijob-Zentrale", {}),
    (C.SOCIAL_SECURITY, "Vorschuss", "Berufsgenossenschaft Holz und Metall", {}),
    (C.LOAN_SERVICE, "Darlehen 600123 Rate 14", "Uferbank AG", {"gvc": "177"}),
    (C.LOAN_SERVICE, "Zins- und Tilgung 14", None, {}),
    (C.LOAN_SERVICE, "Rate 03/24", "Uferbank AG", {"gvc": "105"}),
    (C.LOAN_SERVICE, "", None, {"gvc": "603"}),
    (C.LOAN_SERVICE, "", None, {"gvc": "832"}),
    (C.LOAN_SERVICE, "", "Uferbank AG", {"iso": "LDAS-FTLN-PPAY"}),
    (C.RENT, "Miete März Werkstatt", "Kai Grundbesitz GbR", {"gvc": "117"}),
    (C.RENT, "Büromiete 03", "Erna Koch", {}),
    (C.LEASING, "Leasingrate HS-NM 12", "Autobank AG", {"gvc": "105"}),
    (C.LEASING, "Vertrag 12", "Küsten Leasing GmbH", {}),
    (C.INSURANCE, "Beitrag 2024", "Deichland Versicherung AG", {"gvc": "105"}),
    (C.INSURANCE, "Betriebshaftpflicht", "Makler Ost", {}),
    (C.INSURANCE, "ALLIANZ HAFENSTADT BEITRAG 2024", None, {}),
    (C.FEES, "", None, {"gvc": "805"}),
    (C.FEES, "", None, {"gvc": "808"}),
    (C.FEES, "", None, {"gvc": "810"}),
    (C.FEES, "", None, {"gvc": "813"}),
    (C.FEES, "Kontoführung Q1", "Uferbank AG", {}),
    (C.FEES, "Sollzinsen Kontokorrentkredit", None, {}),
    (C.FEES, "Entgelt Rücklastschrift", None, {"gvc": "999"}),
    (C.FEES, "", None, {"iso": "ACMT-MDOP-CHRG"}),
    (C.CUSTOMER_DEBIT_RETURNED, "", "Karl Wendt", {"gvc": "108"}),
    (C.CUSTOMER_DEBIT_RETURNED, "", "Karl Wendt", {"gvc": "109"}),
    (C.CUSTOMER_DEBIT_RETURNED, "Rücklastschrift MS03", "Karl Wendt", {"gvc": "177"}),
    (C.CUSTOMER_DEBIT_RETURNED, "Beitrag", "Karl Wendt", {"iso": "PMNT-IDDT-UPDD"}),
    (C.CUSTOMER_DEBIT_RETURNED, "Beitrag", "Karl Wendt", {"return_reason": "AM04"}),
    (C.CUSTOMER_DEBIT_RETURNED, "", "Wendt", {"gvc": "109", "reversal": True}),
    (C.REFUND_PAID, "Erstattung RE 77 Storno", "Praxis Lindner", {"gvc": "116"}),
    (C.REFUND_PAID, "Erstattung Gutschrift zu R-12", "Nordhaus Hausverwaltung", {"gvc": "116"}),
    (C.REFUND_PAID, "", "Praxis Lindner", {"iso": "PMNT-RCDT-RRTN"}),
    (C.CASH_WITHDRAWAL, "", None, {"gvc": "083"}),
    (C.CASH_WITHDRAWAL, "GELDAUTOMAT HAFEN 12.03", None, {}),
    (C.SEIZURE, "Pfändung AZ 12 M 33/24", "Gläubiger GmbH", {"gvc": "116"}),
    (C.SEIZURE, "PFAENDUNGS- UND UEBERWEISUNGSBESCHLUSS", None, {}),
    (C.SEIZURE, "Pfandung 4711", None, {}),
    (C.SEIZURE, "DR II 331/24", "Obergerichtsvollzieher Maas", {}),
    (C.SEIZURE, "Vollstreckung St.-Nr. 27", "Finanzamt Hafenstadt", {}),
    (C.SEIZURE, "Pfändung", "Hauptzollamt Hafenstadt", {}),
    (C.OWNER_DRAW, "Privatentnahme", "Jens Petersen", {}),
    (C.OWNER_DRAW, "Tilgung Gesellschafterdarlehen", "Jens Petersen", {}),
    (C.OWN_TRANSFER, "Darlehen", "egal", {"counterparty_account": SECOND}),
    (C.OWN_TRANSFER, "", None, {"gvc": "820"}),
    (C.OWN_TRANSFER, "", None, {"iso": "CAMT-ACCB-ZABA"}),
    (C.INVESTMENT, "Kauf Wertpapiere", "Depotbank", {}),
    (C.INVESTMENT, "", None, {"iso": "SECU-SETT-TRAD"}),
    (C.GAMBLING, "Einsatz", "WESTLOTTO ONLINE", {}),
    (C.GAMBLING, "tipico.de 3312", None, {"gvc": "106"}),
    (C.FEES, "Kontoführung", HOLDER, {"gvc": "999"}),
]


@pytest.mark.parametrize(("expected", "text", "counterparty", "codes"), CREDITS)
def test_a_credit_is_told_by_its_signs(
    expected: Category, text: str, counterparty: str | None, codes: dict[str, object]
) -> None:
    assert category(line(12_34, text, counterparty, **codes)) is expected


@pytest.mark.parametrize(("expected", "text", "counterparty", "codes"), DEBITS)
def test_a_debit_is_told_by_its_signs(
    expected: Category, text: str, counterparty: str | None, codes: dict[str, object]
) -> None:
    assert category(line(-12_34, text, counterparty, **codes)) is expected


def test_every_category_has_an_example() -> None:
    shown = {expected for expected, *_ in CREDITS + DEBITS}
    assert shown == set(Category) - {C.REVERSED}


def test_words_decide_against_a_wrong_code() -> None:
    assert category(line(-2_500_00, "LOHN/GEHALT 03/24", "Anke Wulf", gvc="105")) is C.SALARY


def test_a_seizure_is_one_whatever_the_code_says() -> None:
    assert category(line(-10_00, "Pfändung AZ 12", "Gläubiger", gvc="109")) is C.SEIZURE
    assert category(line(10_00, "Gerichtsvollzieher DR II 3", None, gvc="181")) is C.SEIZURE


def test_a_bare_reason_leaves_it_to_the_words_what_came_back() -> None:
    returned = line(10_00, "Überweisungsrückgabe", "Brandt", return_reason="AC01")
    assert category(returned) is C.TRANSFER_RETURNED
    assert category(returned._replace(gvc="181")) is C.OWN_DEBIT_RETURNED


def test_references_that_sepa_keys_mark_say_nothing() -> None:
    text = "SEPA-Überweisung EREF+MIETE-77 MREF+LOHN 12 SVWZ+Rechnung 991"
    assert category(line(-500_00, text, "Holzhandel Brandt")) is C.SUPPLIER
    assert category(line(-500_00, "EREF+4711SVWZ+Lohn 03/2024", "Anke Wulf")) is C.SALARY
    assert category(line(-500_00, "EREF: 4711 SVWZ: Lohn 03/2024", "Anke Wulf")) is C.SALARY


def test_references_are_read_where_nothing_else_is_said() -> None:
    assert "miete" in read_text(line(-1, "EREF+MIETE 03"))


def test_the_children_of_a_batch_say_what_it_is() -> None:
    child = Detail(-100_00, "EUR", "Anke Wulf", None, "Gehalt März")
    batch = line(-200_00, "Sammelüberweisung", None, gvc="191", details=(child, child))
    assert category(batch) is C.SALARY


def test_a_batch_under_the_own_name_is_no_own_transfer() -> None:
    child = Detail(100_00, "EUR", "Erika Sommer", None, "Rechnung 7")
    batch = line(200_00, "Sammelgutschrift", HOLDER, details=(child, child))
    assert category(batch) is C.REVENUE


def test_an_account_is_not_its_own_other_account() -> None:
    own = line(-9_90, "Kontoführung", HOLDER, counterparty_account=ACCOUNT)
    assert category(own) is C.FEES


def test_a_supplier_whose_credit_is_called_gutschrift_pays_back() -> None:
    paid = line(-500_00, "Rechnung 1", "Holzhandel Brandt", gvc="116")
    back = line(120_00, "Gutschrift RE 1", "HOLZHANDEL BRANDT")
    assert [each.category for each in label(paid, back)] == [C.SUPPLIER, C.REFUND_RECEIVED]
    assert category(back) is C.REVENUE


def test_a_known_lender_is_known_in_bookings_that_say_nothing() -> None:
    named = line(-800_00, "Darlehen 12", "Hafenkontor Finanzpartner AG")
    silent = line(-800_00, "4711", "HAFENKONTOR FINANZPATNER", gvc="105")
    paid_out = line(9_000_00, "4711", "Hafenkontor Finanzpartner AG", gvc="166")
    found = [each.category for each in label(named, silent, paid_out)]
    assert found == [C.LOAN_SERVICE, C.LOAN_SERVICE, C.LOAN_DISBURSEMENT]


def test_equal_debits_of_a_bank_in_three_months_are_loan_service() -> None:
    debits = [
        line(-800_00, "4711", "Uferbank AG", booked_on=DAY + timedelta(days=31 * month))
        for month in range(3)
    ]
    assert {each.category for each in label(*debits)} == {C.LOAN_SERVICE}
    assert {each.category for each in label(*debits[:2])} == {C.SUPPLIER}
    other = [each._replace(counterparty="Holzhandel Brandt") for each in debits]
    assert {each.category for each in label(*other)} == {C.SUPPLIER}


def test_a_reversal_takes_its_original_out() -> None:
    paid = line(-500_00, "Rechnung 1", "Holzhandel Brandt")
    corrected = line(500_00, "Storno", "Holzhandel Brandt", gvc="899")
    assert [each.category for each in label(paid, corrected)] == [C.REVERSED, C.REVERSAL]


def test_an_own_payment_that_came_back_keeps_its_kind_and_is_bounced() -> None:
    paid = line(-800_00, "Darlehen 12 Rate", "Uferbank AG", gvc="105")
    back = line(800_00, "Lastschrift-Wiedergutschrift", "Uferbank AG", gvc="181")
    assert label(paid, back) == [
        BookingLabel(C.LOAN_SERVICE, True),
        BookingLabel(C.OWN_DEBIT_RETURNED),
    ]


def test_pending_bookings_are_labelled_and_never_paired() -> None:
    paid = line(-500_00, "Rechnung 1", "Holzhandel Brandt", pending=True)
    corrected = line(500_00, "Storno", "Holzhandel Brandt", gvc="899")
    assert [each.category for each in label(paid, corrected)] == [C.SUPPLIER, C.REVERSAL]


@pytest.mark.parametrize(
    ("payer", "holder"),
    [("Schmitz Bau GmbH", "Schmidt Bau GmbH"), ("Petra Müller", "Peter Müller")],
)
def test_a_customer_whose_name_is_a_letter_off_the_holders_pays_revenue(
    payer: str, holder: str
) -> None:
    paid = line(119_00, "Rechnung 2024-118", payer, gvc="166")
    (found,) = categorise([paid], [ACCOUNT], [holder])
    assert found.category is C.REVENUE
