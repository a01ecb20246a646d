import { Text, Timeline } from "@mantine/core";
import type { Happening } from "../../api/contract";
import { useI18n } from "../../i18n";
import type { Words } from "../../i18n/en";
import { Empty } from "../../parts/empty";
import classes from "./case.module.css";

function told({ action, status, filename }: Happening, words: Words): string {
  if (status) return words.history.moved(words.status[status]);
  return [words.history.actions[action] ?? action, filename].filter(Boolean).join(" ");
}

export function History({ happenings }: { happenings: Happening[] }) {
  const { words, format } = useI18n();
  if (happenings.length === 0) {
    return (
      <div className="panel">
        <Empty icon="file" title={words.history.empty} />
      </div>
    );
  }
  return (
    <div className="panel" style={{ padding: 20 }}>
      <Timeline bulletSize={12} lineWidth={2} active={-1} classNames={{ item: classes.happening }}>
        {happenings.map((happening, position) => (
          <Timeline.Item key={`${happening.at}-${position}`}>
            <Text size="sm">
              <b>{happening.actor ?? words.history.ourselves}</b> {told(happening, words)}
            </Text>
            <Text size="xs" c="dimmed" className="figure">
              {format.moment(happening.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </div>
  );
}
