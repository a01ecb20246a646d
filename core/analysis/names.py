"""What a name is made of: given names, words of a trade, and letters that scans mistake."""

import re

from core.analysis.counterparties import GERMAN, canonical, fold

_GIVEN = """
    achim adam adelheid adnan adrian agnes ahmed ahmet aisha albert alessandro alessia alex
    alexander alexandra alexandre alexej alfred ali alice alina alma alois amelie amir anastasia
    anatol andre andrea andreas andree andrej andrzej angela angelika angelo anita anja anke ann
    anna anne annegret anneliese annemarie annette anni annika anthony antje anton antonia
    antonio ariane arif armin arndt arne arno arnold arthur artur astrid august axel aylin ayse
    barbara bartosz bastian beata beate beatrice beatrix belinda ben benedikt benjamin benno
    bernadette bernard bernd bernhard bert berta bertram bettina bianca birgit birgitta birte
    bjoern bodo bogdan boris brigitte britta bruno burak burkhard can carina carl carla carlo
    carlos carmen carola carolin caroline carsten caterina cem chantal charles charlotte christa
    christel christian christiane christina christine christof christoph christopher claire
    clara claudia claudio claus clemens conny constantin cora cordula corinna cornelia cosima
    dagmar damian dana daniel daniela danuta daria dario dariusz darko david deborah denis
    denise deniz dennis derya desiree detlef detlev diana dieter dietmar dietrich dilek dimitri
    dirk dominik donald dora doreen doris dorothea dorothee dragan dunja eberhard eckart eckhard
    edeltraud edgar edith eduard edwin egon ekaterina elena eleonore elfriede eliane elias elif
    elisa elisabeth elke ella ellen elmar elsa elvira emil emilia emily emine emma emre engin
    enrico erdal erhard eric erich erik erika erkan ernst erwin esra esther eugen eva evelyn ewa
    fabian fabio fadime falk fatih fatima fatma felicitas felix ferdinand filip filiz finn flora
    florian francesca francesco franco francois frank franka franz franziska fred frederic
    frederik frieda friedemann friederike friedhelm friedrich fritz gabi gabriel gabriela
    gabriele georg george georgios gerald gerd gerda gerhard gerlinde gernot gero gertrud
    giovanni gisela giulia giuseppe goekhan goran grazyna greta grigori gudrun guelsen guenter
    guenther guido gunda gunnar gunter gustav guy hakan halil halina hanna hannah hanne
    hannelore hannes hans hansjoerg harald harry hartmut hartwig hasan hatice hedwig heide
    heidemarie heidi heidrun heike heiko heiner heinrich heinz helen helena helene helga helge
    hella helmut helmuth hendrik henning henri henrik henry henryk herbert heribert hermann
    hermine herta hilal hilda hilde hildegard hinrich holger horst hubert hueseyin hugo huong
    hussein ian ibrahim ida igor ilka ilona ilse ines inga inge ingeborg ingo ingrid inka
    ioannis irene irina iris irma irmgard isa isabel isabella isabelle ismail ivan ivana ivica
    ivo iwona jacek jacqueline jakob jan jana janet janina janine janusz jasmin jasmina jean
    jeanette jelena jennifer jens jeremias jerzy jessica jim jimmy jo joachim joanna jochen
    joerg joern johann johanna johannes john jolanta jonas jonathan jose josef josefine joseph
    joshua jovan juan judith juergen julia julian juliane julius jupp jutta kadir kai karin
    karina karl karla karlheinz karola karolin karoline karsten katarina katarzyna kate
    katharina kathrin katja katrin kay kemal kerstin kevin khaled kilian kim kira kirsten klara
    klaudia klaus klemens konrad konstantin konstantinos korinna kornelia krystyna krzysztof
    kurt lana lara lars laura lea leander lena lennart leo leon leonard leonhard leonie leopold
    lidia liesel lilli lilly linda linus lisa liselotte lorenz lothar louis louisa louise luca
    lucas lucia ludger ludmila ludwig luis luisa luise lukas lutz lydia magda magdalena magnus
    maik maja malgorzata malte mandy manfred manuel manuela marc marcel marco marcus marek maren
    margarete margarethe margit margot margret maria mariam marian mariana marianne marie
    marieke marija mario marion marius mark marko markus marlene marlies marlis marlon marta
    martha martin martina marvin mary mateusz mathias matteo matthaeus matthias maurice max
    maxim maximilian mechthild mehdi mehmet meike melanie melina melissa merle meryem meta mia
    michael michaela michal michel michele michelle mike milan milena milica milos mina mira
    mirco mirella miriam mirjam mirko miroslav mohamed mohammad mohammed mona monica monika
    monique moritz muhammad murat mustafa nadia nadine nadja natalia natalie natascha nele
    nicholas nico nicola nicolai nicolas nicole nihat niklas niko nikola nikolai nikolaos
    nikolaus nils nina noah nora norbert norman nuray nurten oezlem oguz olaf ole oleg olga
    oliver olivia omar omer orhan oscar oskar osman oswald otmar otto pamela paolo pascal
    patricia patrick patrizia paul paula paulina pauline pavel pawel pedro peer peggy peter
    petra philip philipp phillip pia pierre piotr rabea rafael rafal raffaele raik raimund
    rainer ralf ralph ramona raphael raphaela rasmus rebecca regina regine reiner reinhard
    reinhold renata renate rene ricarda riccardo richard rita robert roberto robin rocco roger
    roland rolf roman romy ron ronald ronny rosa rosalie rosalinde rosemarie rosi rosina
    rosmarie roswitha rouven rudi rudolf ruediger rupert ruth ryszard sabine sabrina said salih
    salvatore samantha sami samira samuel sandra sandro sara sarah sascha sebastian sefa selim
    selina selma semih sena serap serdar serena sergej sergio serhat serkan severin sevgi sibel
    sibylle siegbert siegfried sieglinde siegmund sigrid silja silke silvana silvia silvio simon
    simona simone sina slobodan soenke soeren sofia sofie sonja sophia sophie stanislaw stefan
    stefania stefanie steffen steffi stella stephan stephanie stephen steve steven sueleyman
    susan susann susanna susanne suse svea sven svenja svetlana swen swetlana sybille sylvia
    tamara tanja tarik tatjana teresa thea theo theodor theresa theresia thilo thomas thorben
    thorsten till tilman tilo tim timm timo tina tino tobias tom tomas tomasz tommy toni torben
    torsten traute tristan tuncay udo ufuk ugur ulf uli ulla ulrich ulrike umut urs ursula uta
    ute uwe valentin valentina valeria valerie vanessa vera verena veronika veysel victor
    victoria viktor viktoria vincent vincenzo vinzenz viola vladimir volker volkmar walburga
    waldemar walter walther waltraud waltraut wanda wendelin wenke werner wibke wiebke wieland
    wieslaw wilfried wilhelm wilhelmine willi willy wilma winfried witold wladimir wolf wolfgang
    wolfram xaver yannick yasemin yasin yilmaz yusuf yvonne zbigniew zdenek zeynep zoe zofia
    zoltan zoran
"""
GIVEN_NAMES = frozenset(_GIVEN.split())
"""Given names that are usual in Germany, as `fold` writes them."""
_GIVEN_WITHOUT_UMLAUTS = frozenset(map(canonical, GIVEN_NAMES))
_TRADE = """
    agentur akademie ambulanz anlagen anwaelte apotheke apotheken architekten architekturbuero
    autohaus automobile automotive backwaren baeckerei bau baugesellschaft bautraeger
    bauunternehmen bauunternehmung beratung beteiligung beteiligungen beteiligungs betrieb
    betriebe bistro brauerei brueder cafe capital center chemie club company concept concepts
    consult consulting dachdeckerei data design digital druck druckerei edv electronic elektro
    elektronik energie energien energy event events export fahrzeuge feinkost fenster fertigung
    film finance finanz finanzen fitness fleischerei foods friseur gaertnerei gartenbau gastro
    gastronomie gaststaette gebaeudereinigung gebr gebrueder genossenschaft geraete gesellschaft
    getraenke group gruppe handel handels handelsges handelsgesellschaft hausverwaltung heizung
    hoch holding holzbau hotel imbiss immobilien import industrie industries industrieservice
    ingenieurbuero ingenieure installation installationen institut international invest it
    kaeltetechnik kanzlei kapital kfz klima klinik konditorei konzept konzepte kosmetik kuechen
    kunststoff kunststoffe labor labore labortechnik landschaftsbau logistics logistik
    malerbetrieb management marketing markt maschinen media medien metall metalle metzgerei
    moden moebel moebelhaus montage montagen net online onlineshop optik partner personal
    personalservice pflege pflegedienst pharma pizzeria planung planungs planungsbuero praxis
    produktion produktions projekt projekte projektentwicklung rechtsanwaelte rechtsanwalt
    reinigung reisebuero reisen restaurant ristorante salon sanitaer schlosserei schreinerei
    schule security service services sicherheit soehne software solar solutions spedition
    sporthaus steuerberater steuerberatung stiftung studio studios supermarkt system systeme
    systems tech technik technologie technologien technologies textil textilien tief tischlerei
    touristik trading transport transporte transportgesellschaft tueren unternehmensberatung
    verband verein verlag versicherung versicherungen vertrieb vertriebs vertriebsges
    vertriebsgesellschaft verwaltung verwaltungen verwaltungs verwaltungsgesellschaft web
    werbung werke werkstaetten werkstatt werkzeuge zeitarbeit zentrum zimmerei
"""
_TRADES = frozenset(_TRADE.split())
_ENDINGS = (*sorted(each for each in _TRADES if len(each) > 5), "bau", "druck", "hotel")
"""What words of a trade end with; shorter ones are surnames' ends as well."""
_LOOKS = (
    ("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"),
    ("0", "o"), ("1", "i"), ("l", "i"), ("j", "i"), ("|", "i"), ("5", "s"), ("8", "b"), ("6", "b"),
)  # fmt: skip
"""What a scan takes for each other, which a wrong name never is by chance."""
SHORTEST_MISTAKEN = 4  # letters: in shorter words one more or less makes another name
SHORTEST_MISTYPED = 9  # letters of a word of a trade, by which nobody is told from another
_FOREIGN = str.maketrans("ıłøđðŁØĐ", "iloddLOD") | {ord("æ"): "ae", ord("œ"): "oe", ord("Æ"): "AE"}
"""Letters that are no other with an accent."""
_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)")


def is_given(word: str) -> bool:
    """Whether a word is a given name."""
    return canonical(word) in _GIVEN_WITHOUT_UMLAUTS


def is_trade(word: str) -> bool:
    """Whether a word says what a business does, or that it is one."""
    plain = fold(word)
    return plain in _TRADES or plain.endswith(_ENDINGS)


def legible(name: str) -> str:
    """The name in letters that banks write, without the marks that stand where one was lost."""
    return _LOST.sub("", name).translate(_FOREIGN)


def is_same_word(one: str, other: str) -> bool:
    """Whether two words of names are one, but for umlauts and what scans mistake.

    Another given name is another word, however near.
    """
    if one == other:
        return True
    names = {fold(one), fold(other)}
    if len(names) > 1 and names <= GIVEN_NAMES:
        return False
    if canonical(one) == canonical(other) or _is_without_umlauts(one, other):
        return True
    if min(len(one), len(other)) >= SHORTEST_MISTAKEN and _looks(one) == _looks(other):
        return True
    return is_trade(one) and is_trade(other) and _is_mistyped(fold(one), fold(other))


def _is_without_umlauts(one: str, other: str) -> bool:
    """Whether one is the other without the letters that its writer did not have."""
    return _bare(one) == other.lower() or _bare(other) == one.lower()


def _bare(word: str) -> str:
    lower = word.lower()
    lost = "".join(letter for letter, _ in GERMAN)
    return lower.translate(dict.fromkeys(map(ord, lost)))


def _looks(word: str) -> str:
    """The word with one letter for all that look alike; a number stays what it is."""
    looks = canonical(word)
    if looks.isdigit():
        return looks
    for written, seen in _LOOKS:
        looks = looks.replace(written, seen)
    return looks


def _is_mistyped(one: str, other: str) -> bool:
    """Whether words of a trade differ by one letter: wrong, missing, doubled or swapped."""
    if min(len(one), len(other)) < SHORTEST_MISTYPED:
        return False
    return not _slips(one).isdisjoint(_slips(other))


def _slips(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
