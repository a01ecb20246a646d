"""Statements of the made-up company as its banks write MT940, each in its own way.

A bank that knows the German codes numbers the subfields of `:86:`, another names them; a line of
text is all that is left where the ledger has nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from deploy.demo.bankdays import last_day, months
from deploy.demo.company import Company
from deploy.demo.ledger import Account, Booking, Printed
from deploy.demo.people import bic

LINE, PIECE, PAGE = 65, 27, 40  # characters, characters, bookings


def mt940(
    company: Company, account: Account, first_month: date, last_month: date | None = None
) -> bytes:
    """One file for a month or a range, a statement a month; long ones come in pages."""
    all_months = months(first_month, last_month or first_month)
    text = "".join(
        page
        for month in all_months
        for page in _statement(company, account, month, last_day(month))
    )
    return text.encode("utf-8" if account.bank.version == "08" else "cp1252")


def _statement(company: Company, account: Account, starts_on: date, ends_on: date) -> Iterator[str]:
    shown = [
        b
        for b in company.ledger.of(account)
        if starts_on <= b.booked_on <= ends_on and not b.pending
    ]
    number = len(months(company.first_month, starts_on))
    balance, on = company.ledger.balance(account, starts_on), starts_on - timedelta(days=1)
    pages = [shown[n : n + PAGE] for n in range(0, len(shown), PAGE)] or [[]]
    for at, page in enumerate(pages, 1):
        last = at == len(pages)
        before, before_on = balance, on
        balance += sum(b.amount for b in page)
        on = ends_on if last else page[-1].booked_on
        yield _page(
            account,
            f"{number:05d}/{at:03d}",
            f":60{'F' if at == 1 else 'M'}:{_balance(before, before_on)}",
            page,
            f":62{'F' if last else 'M'}:{_balance(balance, on)}",
        )


def _page(
    account: Account, number: str, opening: str, bookings: Sequence[Booking], closing: str
) -> str:
    """A message from `:20:` to the hyphen."""
    # One bank names its customers' accounts by IBAN, the other by bank code and number.
    own = (
        account.iban
        if account.bank.version == "08"
        else f"{account.iban[4:12]}/{account.iban[12:]}"
    )
    lines = [":20:STARTUMS", ":21:NONREF", f":25:{own}", f":28C:{number}", opening]
    for booking in bookings:
        lines += _entry(account, booking)
    return "".join(f"{line}\r\n" for line in (*lines, closing, "-"))


def _balance(cents: int, on: date) -> str:
    return f"{'C' if cents >= 0 else 'D'}{on:%y%m%d}EUR{euros(cents)}"


def euros(cents: int) -> str:
    """An amount's digits without its sign, with a comma."""
    return f"{abs(cents) // 100},{abs(cents) % 100:02d}"


def _entry(account: Account, booking: Booking) -> Iterator[str]:
    """The line of a booking, and its text."""
    printed, money_in = booking.printed, booking.amount >= 0
    side = "C" if money_in else "D"
    if printed.reversal_mark:
        # Rightly, the reversal of a debit is money in; a bank that flips writes it as a credit's.
        side = "RD" if money_in != account.bank.flips else "RC"
    kind = "NMSC" if printed.gvc is None else f"N{printed.gvc}"
    days = f"{booking.valued_on:%y%m%d}{booking.booked_on:%m%d}"
    yield f":61:{days}{side}R{euros(booking.amount)}{kind}NONREF//{booking.reference}"
    yield from _wrapped(":86:", _text(booking))


def _wrapped(tag: str, text: str) -> Iterator[str]:
    """The field in lines of at most so many characters, broken wherever that is."""
    for at in range(0, max(len(text), 1), LINE):
        yield (tag if at == 0 else "") + text[at : at + LINE]


def _text(booking: Booking) -> str:
    printed = booking.printed
    if printed.gvc is not None:
        return _numbered(printed)
    if printed.name is not None or printed.text:
        return _named(printed)
    return printed.remittance


def _numbered(printed: Printed) -> str:
    """`166?00GUTSCHRIFT?10931?20SVWZ+...`: German banks' subfields of 27 characters."""
    codes = [*range(20, 30), *range(60, 64)]
    reason = f"{printed.reason} " if printed.reason else ""
    purpose = _pieces(f"{reason}{printed.remittance}")
    fields = [("00", printed.text[:PIECE]), ("10", "931")]
    fields += [(str(code), piece) for code, piece in zip(codes, purpose, strict=False)]
    if printed.iban:
        fields += [("30", bic(printed.iban)), ("31", printed.iban)]
    fields += [
        (str(code), piece)
        for code, piece in zip((32, 33), _pieces(printed.name or ""), strict=False)
    ]
    return f"{printed.gvc}" + "".join(f"?{code}{text}" for code, text in fields if text)


def _pieces(text: str) -> list[str]:
    """A text cut into subfields; like many banks it loses the blank that a subfield ends with."""
    return [text[at : at + PIECE].rstrip() for at in range(0, len(text), PIECE)]


def _named(printed: Printed) -> str:
    """`/TRTP/.../NAME/.../REMI/...`: fields named between slashes."""
    fields = (
        ("TRTP", printed.text),
        ("IBAN", printed.iban),
        ("BIC", bic(printed.iban) if printed.iban else None),
        ("NAME", printed.name),
        ("RTRN", printed.reason),
        ("REMI", printed.remittance),
        ("EREF", printed.end_to_end),
    )
    return "".join(f"/{key}/{text}" for key, text in fields if text)
