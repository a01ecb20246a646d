import { Text, Timeline } from "@mantine/core";
import type { HistoryEntry } from "../../api/contract";
import { useI18n } from "../../i18n";
import type { Words } from "../../i18n/en";
import { Empty } from "../../parts/empty";
import { grouped } from "../../parts/iban";
import classes from "./case.module.css";

function sentence({ action, status, filename, account, reason }: HistoryEntry, words: Words): string {
  if (status) return words.history.moved(words.status[status]);
  const said = [words.history.actions[action] ?? action, filename, account && grouped(account)];
  return [said.filter(Boolean).join(" "), reason].filter(Boolean).join(" – ");
}

export function History({ entries }: { entries: HistoryEntry[] }) {
  const { words, format } = useI18n();
  if (entries.length === 0) {
    return (
      <div className="panel">
        <Empty icon="file" title={words.history.empty} />
      </div>
    );
  }
  return (
    <div className="panel" style={{ padding: 20 }}>
      <Timeline bulletSize={12} lineWidth={2} active={-1} classNames={{ item: classes.entry }}>
        {entries.map((entry, position) => (
          <Timeline.Item key={`${entry.at}-${position}`}>
            <Text size="sm">
              <b>{entry.actor ?? words.history.ourselves}</b> {sentence(entry, words)}
            </Text>
            <Text size="xs" c="dimmed" className="figure">
              {format.moment(entry.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </div>
  );
}
