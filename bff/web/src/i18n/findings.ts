import type { Language } from "../api/contract";

/** What is said in short of a document, by the finding's code; its detail says more, in English. */
const findings: Record<string, Record<Language, string>> = {
  account_unknown: { en: "Account number not found", de: "Kontonummer nicht gefunden" },
  account_unnamed: { en: "Account not named", de: "Konto nicht genannt" },
  archive_damaged: { en: "Damaged archive", de: "Beschädigtes Archiv" },
  archive_empty: { en: "Empty archive", de: "Leeres Archiv" },
  archive_in_archive: { en: "Archive inside an archive", de: "Archiv in einem Archiv" },
  archive_opened: { en: "Archive opened", de: "Archiv geöffnet" },
  archive_too_large: { en: "Archive too large", de: "Archiv zu groß" },
  archive_unopened: { en: "Archive not opened", de: "Archiv nicht geöffnet" },
  archive_unsupported: { en: "Kind of archive not supported", de: "Archivformat nicht unterstützt" },
  broken_pdf: { en: "Broken PDF", de: "Beschädigtes PDF" },
  changed_after_creation: {
    en: "Changed after it was made",
    de: "Nach der Erstellung geändert",
  },
  doubtful_amount: { en: "Amount may be misread", de: "Betrag vielleicht falsch gelesen" },
  encrypted: { en: "Protected by a password", de: "Durch ein Passwort geschützt" },
  format_unknown: { en: "Format not known", de: "Format nicht bekannt" },
  holder_is_another: { en: "Account of somebody else", de: "Konto eines anderen" },
  iban_invalid: { en: "IBAN is wrong", de: "IBAN ist falsch" },
  impossible_date: { en: "Date that does not exist", de: "Datum, das es nicht gibt" },
  internal_error: { en: "An error of ours", de: "Ein Fehler von uns" },
  investments: { en: "Securities left out", de: "Wertpapiere ausgelassen" },
  made_before_its_end: { en: "Made before its last day", de: "Vor seinem letzten Tag erstellt" },
  no_period: { en: "No period", de: "Kein Zeitraum" },
  no_statement: { en: "No statement in it", de: "Kein Kontoauszug enthalten" },
  no_table: { en: "No table of bookings", de: "Keine Umsatzliste" },
  no_year: { en: "Dates without a year", de: "Daten ohne Jahr" },
  not_final: { en: "Not final", de: "Nicht endgültig" },
  not_held_to_balances: { en: "Nothing to check the amounts by", de: "Beträge nicht nachprüfbar" },
  overlap: { en: "Days handed in twice", de: "Tage doppelt eingereicht" },
  page_missing: { en: "A page is missing", de: "Eine Seite fehlt" },
  producer: { en: "Made by an unusual program", de: "Mit ungewöhnlichem Programm erstellt" },
  reader_crashed: { en: "Cannot be read", de: "Nicht lesbar" },
  row_left_out: { en: "A row was left out", de: "Eine Zeile wurde ausgelassen" },
  running_balance: { en: "A balance does not fit", de: "Ein Saldo passt nicht" },
  scan_unreadable: { en: "Scan cannot be recognised", de: "Scan nicht erkennbar" },
  scanned: { en: "Scanned", de: "Eingescannt" },
  scans_not_read: { en: "Scans are not read here", de: "Scans werden hier nicht gelesen" },
  text_over_image: { en: "Text over a picture", de: "Text über einem Bild" },
  text_over_text: { en: "Text over text", de: "Text über Text" },
  too_many_pages: { en: "Too many pages", de: "Zu viele Seiten" },
  too_much: { en: "Too much in one file", de: "Zu viel in einer Datei" },
  too_much_memory: { en: "Needs too much memory", de: "Braucht zu viel Speicher" },
  too_slow: { en: "Takes too long to read", de: "Dauert zu lange zu lesen" },
  type_changes_in_amount: {
    en: "Type changes inside an amount",
    de: "Schrift wechselt in einem Betrag",
  },
  type_of_amount: { en: "An amount in other type", de: "Ein Betrag in anderer Schrift" },
  unreadable: { en: "Cannot be read", de: "Nicht lesbar" },
  written_on: { en: "Written on afterwards", de: "Nachträglich beschrieben" },
};

/** The finding in the language of the reader; its code where it is newer than this page. */
export function findingTitle(code: string, language: Language): string {
  return findings[code]?.[language] ?? code;
}
