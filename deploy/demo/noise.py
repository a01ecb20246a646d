"""What banks and payers do to the truth: codes lost, names misspelt, all in capitals.

Never so much that a careful reader of the line could not tell what it is.
"""

from dataclasses import replace

from deploy.demo.dice import Dice
from deploy.demo.ledger import Bank, BatchPart, Booking, Label, Printed

# Losing codes *and* names is left to bookings that no other booking or figure is looked up by.
TEXT_ALONE = frozenset(
    {
        Label.REVENUE,
        Label.SUPPLIER,
        Label.SALARY,
        Label.TAX,
        Label.SOCIAL_SECURITY,
        Label.RENT,
        Label.LEASING,
        Label.INSURANCE,
        Label.REFUND_RECEIVED,
        Label.TAX_REFUND,
    }
)
MISSPELT = frozenset({Label.REVENUE, Label.SUPPLIER})
TRANSCRIPTION = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "AE", "Ö": "OE", "Ü": "UE"}
)


def shout(text: str) -> str:
    """In capitals and without umlauts, as older systems print."""
    return text.translate(TRANSCRIPTION).upper()


def misspell(name: str, dice: Dice) -> str:
    """Two neighbouring letters swapped, or one lost."""
    at = dice.between(2, max(3, len(name.split()[0]) - 2))
    if dice.chance(500):
        return name[:at] + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def blur(booking: Booking, bank: Bank, linked: bool, dice: Dice) -> Booking:
    """The booking as its bank prints it; `linked` ones keep what pairs them with another."""
    printed = booking.printed
    if booking.label is Label.REVERSAL:
        printed = _mark(printed, bank, dice)
    elif dice.chance(60):
        printed = _lose_codes(printed, booking, dice)
    elif dice.chance(60) and printed.gvc:
        printed = replace(printed, iso=None)
    if not linked and booking.label in MISSPELT and printed.name and dice.chance(50):
        printed = replace(printed, name=misspell(printed.name, dice))
    alone = not linked and booking.label in TEXT_ALONE and not booking.parts and dice.chance(40)
    printed = _run_together(printed) if alone else _drop_unknown(printed, bank)
    if bank.sepa_keys and not alone:
        printed = replace(printed, remittance=_key(printed))
    if bank.shouts or dice.chance(60):
        printed = _shout(printed)
    return replace(booking, printed=printed, parts=_blur_parts(booking, bank, dice))


def _mark(printed: Printed, bank: Bank, dice: Dice) -> Printed:
    """A reversal is marked; a bank that does not flip its direction forgets the mark at times."""
    forgotten = not bank.flips and bank.gives_gvc and dice.chance(250)
    return replace(printed, reversal_mark=not forgotten, iso=printed.iso or None)


def _lose_codes(printed: Printed, booking: Booking, dice: Dice) -> Printed:
    """An unspecific code and, where the rest tells enough, an unspecific booking text."""
    credit = booking.amount > 0
    gvc = dice.pick(("166", "999") if credit else ("177", "999"))
    text = ("GUTSCHRIFT" if credit else "BELASTUNG") if booking.speaks else printed.text
    return replace(printed, gvc=gvc, iso=None, text=text)


def _drop_unknown(printed: Printed, bank: Bank) -> Printed:
    """Some banks know no GVC."""
    return printed if bank.gives_gvc else replace(printed, gvc=None)


def _run_together(printed: Printed) -> Printed:
    """No codes and no fields: everything in one line of text."""
    line = " ".join(part for part in (printed.text, printed.name, printed.remittance) if part)
    return Printed(gvc=None, iso=None, text="", remittance=line, name=None, iban=None)


def _key(printed: Printed) -> str:
    """The remittance with SEPA's keys, as it is squeezed into one field."""
    keyed = (
        ("EREF+", printed.end_to_end),
        ("MREF+", printed.mandate),
        ("SVWZ+", printed.remittance),
    )
    return " ".join(key + value for key, value in keyed if value)


def _shout(printed: Printed) -> Printed:
    return replace(
        printed,
        text=shout(printed.text),
        remittance=shout(printed.remittance),
        name=shout(printed.name) if printed.name else None,
    )


def _blur_parts(booking: Booking, bank: Bank, dice: Dice) -> tuple[BatchPart, ...]:
    """Some banks leave a batch unopened; shouting ones shout in its parts too."""
    if not booking.parts or dice.chance(150):
        return ()
    if not bank.shouts:
        return booking.parts
    return tuple(
        replace(
            part,
            party=replace(part.party, name=shout(part.party.name)),
            remittance=shout(part.remittance),
        )
        for part in booking.parts
    )
