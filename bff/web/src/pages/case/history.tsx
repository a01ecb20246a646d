import { Text, Timeline } from "@mantine/core";
import type { Happening } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";

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
      <Timeline bulletSize={12} lineWidth={2} active={-1}>
        {happenings.map(({ at, actor, action }, position) => (
          <Timeline.Item key={`${at}-${position}`}>
            <Text size="sm">
              <b>{actor}</b> {words.history.actions[action] ?? action}
            </Text>
            <Text size="xs" c="dimmed" className="figure">
              {format.moment(at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </div>
  );
}
