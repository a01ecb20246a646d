import { Button, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { DocumentPage, StatementPage } from "../../api/contract";
import { useI18n } from "../../i18n";

type Pages = { documents: DocumentPage; statements: StatementPage };
type Row<K extends keyof Pages> = Pages[K]["rows"][number];

/** What a case was shown with and, page by page as it is asked for, what follows. */
export function useMore<K extends keyof Pages>(caseId: string, list: K, first: Row<K>[], next: string | null) {
  const pages = useInfiniteQuery({
    queryKey: ["case", caseId, list, next],
    queryFn: ({ pageParam }) =>
      get<Pages[K]>(`/cases/${caseId}/${list}?after=${encodeURIComponent(pageParam)}`),
    initialPageParam: next ?? "",
    getNextPageParam: (last) => last.next,
    enabled: false,
  });
  const asked = pages.data !== undefined;
  return {
    rows: [...first, ...(pages.data?.pages ?? []).flatMap((page) => page.rows as Row<K>[])],
    fetching: pages.isFetching,
    onMore: next !== null && (!asked || pages.hasNextPage) ? () => void pages.fetchNextPage() : undefined,
  };
}

type Props = { rows: unknown[]; total: number; fetching: boolean; onMore: (() => void) | undefined };

/** How much of a long list is shown, and the way to more; nothing where all of it is. */
export function More({ rows, total, fetching, onMore }: Props) {
  const { words } = useI18n();
  if (!onMore) return null;
  return (
    <Group justify="center" p="sm">
      <Text size="sm" c="dimmed">
        {words.more.shown(rows.length, total)}
      </Text>
      <Button variant="default" size="xs" loading={fetching} onClick={onMore}>
        {words.more.show}
      </Button>
    </Group>
  );
}
