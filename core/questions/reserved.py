"""The words for what an answer is subject to: a clause behind its sentence, a sentence for each."""

from collections.abc import Iterable

from core.analysis.model import Figure, Reservation, ReservationKind
from core.bilingual import Bilingual
from core.questions.model import AnswerReservation
from core.questions.wording import phrase

K = ReservationKind
CLAUSES = {
    K.NOT_RECONCILED: Bilingual(
        " The statements do not reconcile, so this is not certain.",
        " Die Kontoauszüge gehen nicht auf, daher ist das nicht gesichert.",
    ),
    K.ROWS_NOT_READ: Bilingual(
        " Rows of the statements could not be read, so this is not certain.",
        " Zeilen der Kontoauszüge waren nicht lesbar, daher ist das nicht gesichert.",
    ),
    K.GAP: Bilingual(
        " Statements are missing, so this is not certain.",
        " Es fehlen Kontoauszüge, daher ist das nicht gesichert.",
    ),
    K.ACCOUNT_MISSING: Bilingual(
        " The statements of an account are missing, so this is not certain.",
        " Die Kontoauszüge eines Kontos fehlen, daher ist das nicht gesichert.",
    ),
    K.ACCOUNT_LEFT_OUT: Bilingual(
        " An account of another holder is not counted.",
        " Ein Konto eines anderen Inhabers bleibt unberücksichtigt.",
    ),
    K.DOCUMENT_ALTERED: Bilingual(
        " A document that it rests on may have been altered.",
        " Ein zugrunde liegendes Dokument ist möglicherweise verändert.",
    ),
    K.DOCUMENT_DOUBTFUL: Bilingual(
        " A document that it rests on could not be read without doubt.",
        " Ein zugrunde liegendes Dokument war nicht zweifelsfrei lesbar.",
    ),
    K.KIND_DIFFERS: Bilingual(
        " A document that it rests on is of another kind than was said.",
        " Ein zugrunde liegendes Dokument ist anderer Art als angegeben.",
    ),
}
TEXTS = {
    K.NOT_RECONCILED: Bilingual(
        "The statement of account {account} from {starts_on:day} to {ends_on:day} does not"
        " reconcile.",
        "Der Auszug zum Konto {account} vom {starts_on:day} bis {ends_on:day} geht nicht auf.",
    ),
    K.ROWS_NOT_READ: Bilingual(
        "Rows of the statement of account {account} from {starts_on:day} to {ends_on:day} could not"
        " be read.",
        "Zeilen des Auszugs zum Konto {account} vom {starts_on:day} bis {ends_on:day} waren nicht"
        " lesbar.",
    ),
    K.GAP: Bilingual(
        "Statements of account {account} from {starts_on:day} to {ends_on:day} are missing.",
        "Für das Konto {account} fehlen Auszüge vom {starts_on:day} bis {ends_on:day}.",
    ),
    K.ACCOUNT_MISSING: Bilingual(
        "There is no statement of account {account}, to which own transfers go.",
        "Für das Konto {account}, auf das Überträge gehen, liegt kein Auszug vor.",
    ),
    K.ACCOUNT_LEFT_OUT: Bilingual(
        "Account {account} is held by {holder} and is not counted.",
        "Das Konto {account} lautet auf {holder} und bleibt unberücksichtigt.",
    ),
    K.DOCUMENT_ALTERED: Bilingual(
        "{filename} may have been altered.", "{filename} ist möglicherweise verändert."
    ),
    K.DOCUMENT_DOUBTFUL: Bilingual(
        "{filename} could not be read without doubt.",
        "{filename} war nicht zweifelsfrei lesbar.",
    ),
    K.KIND_DIFFERS: Bilingual(
        "{filename} is of another kind than was said.",
        "{filename} ist anderer Art als angegeben.",
    ),
}


def qualified(because: Bilingual, reservations: Iterable[Reservation]) -> Bilingual:
    """The sentence, and a clause for each kind of what it is subject to."""
    kinds = {each.kind for each in reservations}
    clauses = [clause for kind, clause in CLAUSES.items() if kind in kinds]
    return Bilingual(
        because.en + "".join(each.en for each in clauses),
        because.de + "".join(each.de for each in clauses),
    )


def in_words(figure: Figure) -> tuple[AnswerReservation, ...]:
    """All that a figure is subject to, each in a sentence."""
    return tuple(
        AnswerReservation(each.kind, each.account, each.document, text_of(each, figure.currency))
        for each in figure.reservations
    )


def text_of(reservation: Reservation, currency: str) -> Bilingual:
    """What one reservation says."""
    fields = {
        "account": reservation.account,
        "starts_on": reservation.starts_on,
        "ends_on": reservation.ends_on,
        "holder": reservation.holder,
        "filename": reservation.filename,
    }
    return phrase(TEXTS[reservation.kind], currency, fields)
