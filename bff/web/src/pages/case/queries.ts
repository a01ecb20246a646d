import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../../api/client";
import type {
  Box,
  Case,
  CaseStatus,
  Evidence,
  DecisionOutcome,
  PageImage,
  DecisionReason,
  Transactions,
} from "../../api/contract";

const READING_EVERY = 2_000;
const RESTING_EVERY = 15_000;

export function useCase(id: string) {
  return useQuery({ queryKey: ["case", id], queryFn: () => get<Case>(`/cases/${id}`) });
}

/** Watches a case cheaply and fetches it anew once the server has another revision. */
export function useWatch(id: string, shown: Case | undefined) {
  const client = useQueryClient();
  const busy = shown?.application.status === "reading";
  return useQuery({
    queryKey: ["case-status", id],
    queryFn: async () => {
      const now = await get<CaseStatus>(`/cases/${id}/status`);
      const known = client.getQueryData<Case>(["case", id]);
      if (known && now.revision !== known.revision) {
        await client.invalidateQueries({ queryKey: ["case", id] });
      }
      return now;
    },
    enabled: shown !== undefined,
    refetchInterval: busy ? READING_EVERY : RESTING_EVERY,
  });
}

export function useTransactions(caseId: string, evidenceOf: string, page: number) {
  return useQuery({
    queryKey: ["case", caseId, "transactions", evidenceOf, page],
    queryFn: () =>
      get<Transactions>(`/cases/${caseId}/transactions?evidence_of=${evidenceOf}&page=${page}`),
    placeholderData: keepPreviousData,
  });
}

export type Place = { document_id: string; start: number; end: number; box: Box | null };

export function useEvidence(caseId: string, place: Place | undefined) {
  return useQuery({
    queryKey: ["case", caseId, "evidence", place],
    queryFn: () =>
      get<Evidence>(
        `/cases/${caseId}/documents/${place?.document_id}/evidence?start=${place?.start}&end=${place?.end}`,
      ),
    enabled: place !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity, // a file never changes
  });
}

export function usePage(caseId: string, documentId: string, number: number) {
  return useQuery({
    queryKey: ["case", caseId, "page", documentId, number],
    queryFn: () => get<PageImage>(`/cases/${caseId}/documents/${documentId}/pages/${number}`),
    staleTime: Infinity, // a file never changes
  });
}

export type Ruling = { outcome: DecisionOutcome; reasons: DecisionReason[]; note: string };

/** Decides a case as it was shown, at this revision. */
export function useDecide(id: string, revision: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ruling: Ruling) => post<void>(`/cases/${id}/decision`, ruling, revision),
    onSettled: () => client.invalidateQueries({ queryKey: ["case", id] }),
  });
}

export type AccountRuling = { account: string; counted: boolean | null; reason?: string };

export function useRule(id: string, revision: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ruling: AccountRuling) => post<void>(`/cases/${id}/accounts`, ruling, revision),
    onSettled: () => client.invalidateQueries({ queryKey: ["case", id] }),
  });
}
