import type { Basis } from "../../api/contract";
import type { Words } from "../../i18n/en";

/** What a number rests on in a few words; nothing where it rests on nothing. */
export function restsOn(basis: Basis | null, words: Words): string {
  if (!basis) return "";
  if (basis.bookings > 0) return words.answers.bookings(basis.bookings);
  if (basis.statement_count > 0) return words.answers.statements(basis.statement_count);
  return "";
}
