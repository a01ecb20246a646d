const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/;

/** An IBAN in groups of four, as it stands on paper; any other account number as it is. */
export function grouped(account: string): string {
  return IBAN.test(account) ? account.replace(/(.{4})(?=.)/g, "$1\u00a0") : account;
}
