import { Button, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { DocumentPage, StatementPage } from "../../api/contract";
import { useI18n } from "../../i18n";
import { explain } from "../../parts/failure";

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
    enabled: ({ state }) => state.data !== undefined, // asked for once; brought up to date from then on
  });
  const asked = pages.data !== undefined;
  return {
    rows: [...first, ...(pages.data?.pages ?? []).flatMap((page) => page.rows as Row<K>[])],
    fetching: pages.isFetching,
    error: pages.error,
    onMore: next !== null && (!asked || pages.hasNextPage) ? () => void pages.fetchNextPage() : undefined,
  };
}

type Props = {
  rows: unknown[];
  total: number;
  fetching: boolean;
  error: unknown;
  onMore: (() => void) | undefined;
};

/** How much of a long list is shown, and the way to more; nothing where all of it is. */
export function More({ rows, total, fetching, error, onMore }: Props) {
  const { words } = useI18n();
  if (!onMore) return null;
  return (
    <Group justify="center" p="sm">
      <Text size="sm" c={error ? "red" : "dimmed"} role={error ? "alert" : undefined}>
        {error ? explain(error, words) : words.more.shown(rows.length, total)}
      </Text>
      <Button variant="default" size="xs" loading={fetching} onClick={onMore}>
        {words.more.show}
      </Button>
    </Group>
  );
}
