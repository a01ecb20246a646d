import type { Amount, Language, Value } from "../api/contract";
import type { Words } from "./en";

const LOCALE: Record<Language, string> = { en: "en-GB", de: "de-DE" };

/** How numbers and days look in a language; decimal text is never turned into a float. */
export function formatsOf(language: Language, words: Words) {
  const locale = LOCALE[language];
  const plain = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, {
    style: "percent",
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const percentSent = new Intl.NumberFormat(locale, { style: "percent" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "numeric",
    timeZone: "UTC",
  });
  const month = new Intl.DateTimeFormat(locale, {
    month: "short",
    year: "2-digit",
    timeZone: "UTC",
  });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const countries = new Intl.DisplayNames(locale, { type: "region" });
  const size = (unit: string, digits: number) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: digits });

  const decimal = (text: string) => text as Intl.StringNumericLiteral;

  const money = ({ value, currency }: Amount) =>
    new Intl.NumberFormat(locale, { style: "currency", currency }).format(decimal(value));

  const shortMoney = (value: number, currency: string) =>
    new Intl.NumberFormat(locale, { style: "currency", currency, notation: "compact" }).format(
      value,
    );

  const value = ({ unit, value: text, currency }: Value): string => {
    switch (unit) {
      case "money":
        return money({ value: text, currency: currency ?? "EUR" });
      case "ratio":
        return percent.format(decimal(text));
      case "days":
        return words.units.days(plain.format(decimal(text)));
      case "months":
        return words.units.months(plain.format(decimal(text)));
      case "count":
        return plain.format(decimal(text));
    }
  };

  return {
    money,
    shortMoney,
    value,
    count: (n: number) => plain.format(n),
    share: (n: number) => percentSent.format(n),
    country: (code: string) => countries.of(code) ?? code,
    day: (text: string) => day.format(new Date(text)),
    shortDay: (text: string) => shortDay.format(new Date(text)),
    month: (text: string) => month.format(new Date(`${text}-01`)),
    moment: (text: string) => moment.format(new Date(text)),
    mebibytes: (bytes: number) => `${plain.format(bytes / 2 ** 20)}\u00a0MiB`,
    size: (bytes: number) =>
      bytes < 1_000_000
        ? size("kilobyte", 0).format(Math.max(bytes / 1_000, 1))
        : size("megabyte", 1).format(bytes / 1_000_000),
  };
}

export type Formats = ReturnType<typeof formatsOf>;
