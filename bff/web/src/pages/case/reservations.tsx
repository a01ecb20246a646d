import type { BilingualText } from "../../api/contract";
import { useI18n } from "../../i18n";
import classes from "./case.module.css";

/** What a value is subject to, in words. */
export function Reservations({ of }: { of: BilingualText[] }) {
  const { words, say } = useI18n();
  if (of.length === 0) return null;
  return (
    <ul className={classes.missing} aria-label={words.answers.reservations}>
      {of.map((each) => (
        <li key={each.en}>{say(each)}</li>
      ))}
    </ul>
  );
}
