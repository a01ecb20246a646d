import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Usage } from "../../api/contract";

export function useUsage(search: string) {
  return useQuery({
    queryKey: ["usage", search],
    queryFn: () => get<Usage>(`/usage?${search}`),
    placeholderData: keepPreviousData,
  });
}
