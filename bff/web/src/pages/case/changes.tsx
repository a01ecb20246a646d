import { Alert, Button, Text } from "@mantine/core";
import { useState } from "react";
import type { Answer, Case, Document } from "../../api/contract";
import { type I18n, useI18n } from "../../i18n";
import classes from "./case.module.css";
import { type Fact, factsOf } from "./facts";

const MOST_SHOWN = 12;

/** One thing that is not as it was; null is what was not there. */
type Change = { label: string; before: string | null; after: string | null };

/** What is asked for, by whom, in the words of the page. */
function terms(shown: Case, i18n: I18n): Fact[] {
  const { words, format } = i18n;
  const { legal_name, product, amount, term_months } = shown.application;
  const { said, own } = factsOf(shown, i18n);
  return [
    [words.inbox.applicant, legal_name],
    [words.inbox.product, words.product[product]],
    [words.inbox.amount, format.money(amount)],
    [words.changed.term, words.units.months(String(term_months))],
    ...said,
    ...own,
  ];
}

function termsChanges(before: Case, after: Case, i18n: I18n): Change[] {
  const now = new Map(terms(after, i18n));
  return terms(before, i18n)
    .map(([label, value]) => ({ label, before: value, after: now.get(label) ?? null }))
    .filter((each) => each.before !== each.after);
}

/** What differs between two lists of things that keep their names. */
function listChanges<T>(
  [before, after]: [T[], T[]],
  nameOf: (each: T) => string,
  labelOf: (each: T) => string,
  textOf: (each: T) => string,
): Change[] {
  const was = new Map(before.map((each) => [nameOf(each), each]));
  const now = new Map(after.map((each) => [nameOf(each), each]));
  return [...new Map([...was, ...now])].flatMap(([name, each]) => {
    const [old, next] = [was.get(name), now.get(name)];
    const [text, nextText] = [old ? textOf(old) : null, next ? textOf(next) : null];
    return text === nextText ? [] : [{ label: labelOf(each), before: text, after: nextText }];
  });
}

/** What a person who was shown the one case is to be told before acting on the other. */
function changesBetween(before: Case, after: Case, i18n: I18n): Change[] {
  const { words, format, say } = i18n;
  const answered = ({ value, because }: Answer) => (value ? format.value(value) : say(because));
  const judged = (answer: Answer) => `${words.verdict[answer.verdict]}: ${answered(answer)}`;
  const [was, now] = [before.application.status, after.application.status];
  return [
    ...termsChanges(before, after, i18n),
    ...(was === now
      ? []
      : [{ label: words.inbox.status, before: words.status[was], after: words.status[now] }]),
    ...listChanges<Document>(
      [before.documents, after.documents],
      ({ id }) => id,
      ({ filename }) => filename,
      ({ status }) => words.documentStatus[status],
    ),
    ...listChanges<Answer>(
      [before.answers, after.answers],
      ({ question }) => question,
      ({ wording }) => say(wording),
      (answer) => (answer.state === "answered" ? judged(answer) : say(answer.because)),
    ),
  ];
}

function Changes({ changes }: { changes: Change[] }) {
  const { words } = useI18n();
  if (changes.length === 0) return <Text size="sm">{words.changed.same}</Text>;
  return (
    <ul className={classes.missing}>
      {changes.slice(0, MOST_SHOWN).map(({ label, before, after }, at) => (
        <li key={`${at} ${label}`}>
          {label}: <s>{before ?? words.changed.nothing}</s> → <b>{after ?? words.changed.nothing}</b>
        </li>
      ))}
      {changes.length > MOST_SHOWN && <li>{words.changed.more(changes.length - MOST_SHOWN)}</li>}
    </ul>
  );
}

type ChangedProps = { before: Case; after: Case; onAccept: () => void };

/** The case is not as it was when the person set about deciding it; nothing is sent meanwhile. */
export function CaseChanged({ before, after, onAccept }: ChangedProps) {
  const i18n = useI18n();
  const { words } = i18n;
  const waiting = after.application.status === "reading";
  return (
    <Alert color="orange" variant="light" mb="md" role="alert" title={words.changed.title}>
      <Changes changes={changesBetween(before, after, i18n)} />
      <Text size="sm" mt="xs">
        {waiting ? words.decision.notReady : words.changed.kept}
      </Text>
      <Button mt="xs" size="xs" variant="light" color="orange" disabled={waiting} onClick={onAccept}>
        {words.changed.accept}
      </Button>
    </Alert>
  );
}

/** The partner asks for something else than when the page was opened; it says so until it is noted. */
export function TermsChanged({ shown }: { shown: Case }) {
  const i18n = useI18n();
  const { words } = i18n;
  const [noted, setNoted] = useState(shown);
  const changes = noted === shown ? [] : termsChanges(noted, shown, i18n);
  if (changes.length === 0) return null;
  return (
    <Alert color="orange" variant="light" mb="md" role="status" title={words.changed.terms}>
      <Changes changes={changes} />
      <Button mt="xs" size="xs" variant="light" color="orange" onClick={() => setNoted(shown)}>
        {words.changed.noted}
      </Button>
    </Alert>
  );
}
