import { Alert, Button, Group, Text } from "@mantine/core";
import { Link } from "react-router";
import { Refused } from "../api/client";
import { useI18n } from "../i18n";
import type { Words } from "../i18n/en";

export function explain(error: unknown, words: Words): string {
  if (!(error instanceof Refused)) return words.failure.other;
  if (error.status === 0) return words.failure.offline;
  if (error.status === 401) return words.failure.signedOut;
  if (error.status === 403) return words.failure.forbidden;
  if (error.status === 404) return words.failure.notFound;
  if (error.code === "reload") return words.failure.reload;
  if (error.code === "too_many_documents") return words.failure.tooManyDocuments;
  if (error.code === "empty_file") return words.failure.emptyFile;
  if (error.code === "unreadable_here") return words.failure.unreadableHere;
  if (error.code === "application_closed") return words.failure.closed;
  if ([502, 503, 504].includes(error.status)) return words.failure.unavailable;
  return error.message || words.failure.other;
}

/** What went wrong, what to do about it, and the request to name when asking for help. */
export function Failure({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const { words } = useI18n();
  const requestId = error instanceof Refused ? error.requestId : null;
  return (
    <Alert color="red" variant="light" title={words.failure.title} maw={560} mx="auto" my="xl">
      <Text size="sm">{explain(error, words)}</Text>
      {requestId && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.failure.requestId(requestId)}
        </Text>
      )}
      <Group mt="sm" gap="xs">
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={() => retry()}>
            {words.failure.retry}
          </Button>
        )}
        <Button size="xs" variant="subtle" color="gray" component={Link} to="/">
          {words.failure.toInbox}
        </Button>
      </Group>
    </Alert>
  );
}
