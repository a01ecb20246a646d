import { CloseButton, Switch, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { Inbox, ApplicationStatus } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Icon } from "../../parts/icon";
import classes from "./inbox.module.css";

const ORDER: ApplicationStatus[] = [
  "in_review",
  "needs_documents",
  "reading",
  "received",
  "approved",
  "declined",
  "withdrawn",
];
const TYPING_PAUSE = 250;

type SandboxProps = { chosen: boolean; onChoose: (chosen: boolean) => void };

/** Cases of test keys: a list of their own, so that nobody takes one for work. */
export function SandboxSwitch({ chosen, onChoose }: SandboxProps) {
  const { words } = useI18n();
  return (
    <Switch
      size="xs"
      label={words.inbox.sandbox}
      title={words.inbox.sandboxHint}
      checked={chosen}
      onChange={(event) => onChoose(event.currentTarget.checked)}
    />
  );
}

type FilterProps = {
  counts: Inbox["counts"] | undefined;
  chosen: string;
  onChoose: (status: string) => void;
};

export function StatusFilter({ counts, chosen, onChoose }: FilterProps) {
  const { words, format } = useI18n();
  const all = counts && Object.values(counts).reduce((sum, n) => sum + n, 0);
  const chips = [
    { status: "", label: words.inbox.all, count: all },
    ...ORDER.map((status) => ({
      status,
      label: words.status[status],
      count: counts && (counts[status] ?? 0),
    })),
  ];
  return (
    <div className={classes.filter} role="group" aria-label={words.inbox.status}>
      {chips.map(({ status, label, count }) => (
        <UnstyledButton
          key={status}
          className={classes.chip}
          aria-pressed={chosen === status}
          onClick={() => onChoose(status)}
        >
          {label}
          <span className={classes.count}>{count === undefined ? "–" : format.count(count)}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}

export function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { words } = useI18n();
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const send = useDebouncedCallback(onChange, TYPING_PAUSE);
  useEffect(() => setTyped(value), [value]);
  useHotkeys([["/", () => input.current?.focus()]]);
  const change = (q: string) => {
    setTyped(q);
    send(q);
  };
  return (
    <TextInput
      ref={input}
      type="search"
      w="min(320px, 100%)"
      aria-label={words.inbox.search}
      placeholder={words.inbox.search}
      title={words.inbox.searchHint}
      leftSection={<Icon name="search" />}
      rightSection={
        typed && <CloseButton size="sm" aria-label={words.inbox.clear} onClick={() => change("")} />
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
