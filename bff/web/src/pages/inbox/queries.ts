import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Inbox } from "../../api/contract";

const REFETCH_EVERY = 15_000;

export function useInbox(search: string) {
  return useQuery({
    queryKey: ["inbox", search],
    queryFn: () => get<Inbox>(`/inbox?${search}`),
    placeholderData: keepPreviousData,
    refetchInterval: REFETCH_EVERY,
  });
}
