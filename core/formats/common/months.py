"""What banks call the months, in the languages of the countries whose statements are read."""

from functools import lru_cache
from itertools import groupby
from unicodedata import normalize

GERMAN = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
WORDS = (
    "january januar januari janvier enero gennaio janeiro styczeń stycznia leden ledna január"
    " januára tammikuu tammikuuta ianuarie sausis sausio jaanuar janvāris jänner jaenner"
    " ocak jan janv jän gen ene sty",
    "february februar februari février febrero febbraio fevereiro luty lutego únor února február"
    " februára helmikuu helmikuuta februarie vasaris vasario veebruar februāris feber"
    " şubat feb fev fév févr fevr lut",
    "march märz maerz mars maart marzo março marzec marca březen března marec március maaliskuu"
    " maaliskuuta martie kovas kovo marts märts mart mär mrz mrt mar",
    "april avril abril aprile kwiecień kwietnia duben dubna apríl apríla április huhtikuu"
    " huhtikuuta aprilie balandis balandžio aprill aprīlis nisan apr avr abr kwi",
    "may mai mei maj mayo maggio maio maja květen května máj mája május toukokuu toukokuuta gegužė"
    " gegužės maijs majs mayıs mayis mag",
    "june juni juin junio giugno junho czerwiec czerwca červen června jún júna június kesäkuu"
    " kesäkuuta iunie birželis birželio juuni jūnijs haziran jun giu cze",
    "july juli juillet julio luglio julho lipiec lipca červenec července júl júla július heinäkuu"
    " heinäkuuta iulie liepa liepos juuli jūlijs temmuz jul juil lug lip",
    "august augustus augusti août agosto sierpień sierpnia srpen srpna augusta augusztus elokuu"
    " elokuuta rugpjūtis rugpjūčio augusts ağustos aug ago sie",
    "september septembre septiembre setiembre settembre setembro wrzesień września září septembra"
    " szeptember syyskuu syyskuuta septembrie rugsėjis rugsėjo septembris eylül sep sept set wrz",
    "october oktober octobre octubre ottobre outubro październik października říjen října októbra"
    " október lokakuu lokakuuta octombrie spalis spalio oktoober oktobris ekim okt oct ott paź",
    "november novembre noviembre novembro listopad listopada listopadu novembra marraskuu"
    " marraskuuta noiembrie lapkritis lapkričio novembris kasım kasim nov lis",
    "december dezember décembre diciembre dicembre dezembro grudzień grudnia prosinec prosince"
    " decembra joulukuu joulukuuta decembrie gruodis gruodžio detsember desember decembris dec dez"
    " aralık aralik déc dic gru",
)
SPELLING = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ß": "ss", "đ": "d"})


def folded(word: str) -> str:
    """A word in small letters without accents."""
    return "".join(filter(str.isalpha, normalize("NFKD", word.lower().translate(SPELLING))))


SPELT = {name: at for at, names in enumerate(WORDS, 1) for name in names.split()}
FOLDED = {folded(name): at for name, at in SPELT.items()}
MONTHS = SPELT | FOLDED
"""Which month a name in small letters is, with its accents or without them."""
STARTS = frozenset(name[:3] for name in MONTHS)
"""How the names of months begin."""


def _pattern() -> str:
    """Names that begin alike are looked at together: most words begin with none of them."""
    names = sorted(MONTHS, key=lambda name: (name[0], -len(name), name))
    alike = groupby(names, key=lambda name: name[0])
    return "|".join(f"{first}(?:{'|'.join(each[1:] for each in some)})" for first, some in alike)


MONTH = rf"({_pattern()})\.?"
"""A pattern of a month's name in any case, its only group."""


def number_of(name: str) -> int:
    """Which month a name is that `MONTH` matched; 0 where odd letters stand in it, as ſ or İ."""
    return MONTHS.get(name.lower()) or month_of(name) or 0


@lru_cache(maxsize=1024)
def month_of(word: str) -> int | None:
    """The month that a word names, in full or by its first letters; None where that is not sure."""
    name = folded(word)
    if found := FOLDED.get(name):
        return found
    meant = {at for each, at in FOLDED.items() if each.startswith(name)}
    return meant.pop() if len(meant) == 1 else None
