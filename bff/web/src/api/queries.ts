import {
  keepPreviousData,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { get, patch, post, Refused, remove } from "./client";
import type {
  Box,
  Case,
  CaseStatus,
  Evidence,
  Inbox,
  Language,
  DecisionOutcome,
  PageImage,
  DecisionReason,
  Session,
  Transactions,
  Usage,
} from "./contract";

const READING_EVERY = 2_000;
const RESTING_EVERY = 15_000;
const INBOX_EVERY = 15_000;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (times, error) => times < 2 && error instanceof Refused && error.status === 0,
    },
  },
});

const SESSION = ["session"];

export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: () => get<Session>("/session"),
    staleTime: Infinity,
  });
}

type SignIn = { email: string; password: string; chosen: Language | undefined };

/** A language that was chosen on the way in counts for more than the one kept with the person. */
async function signIn({ email, password, chosen }: SignIn): Promise<Session> {
  const { person } = await post<Session>("/session", { email, password });
  if (!chosen || chosen === person.locale) return { person };
  await patch("/session", { locale: chosen });
  return { person: { ...person, locale: chosen } };
}

export function useSignIn() {
  return useMutation({
    mutationFn: signIn,
    onSuccess: (session) => queries.setQueryData(SESSION, session),
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => remove("/session"),
    onSettled: () => {
      queries.clear();
      location.assign("/");
    },
  });
}

/** The choice is kept with the person; that it cannot be kept right now is no reason to stop. */
export function useSpeak() {
  return useMutation({ mutationFn: (locale: Language) => patch("/session", { locale }) });
}

export function useInbox(search: string) {
  return useQuery({
    queryKey: ["inbox", search],
    queryFn: () => get<Inbox>(`/inbox?${search}`),
    placeholderData: keepPreviousData,
    refetchInterval: INBOX_EVERY,
  });
}

export function useUsage(search: string) {
  return useQuery({
    queryKey: ["usage", search],
    queryFn: () => get<Usage>(`/usage?${search}`),
    placeholderData: keepPreviousData,
  });
}

export function useCase(id: string) {
  return useQuery({ queryKey: ["case", id], queryFn: () => get<Case>(`/cases/${id}`) });
}

/** Watches a case cheaply and fetches it anew once the server has another revision. */
export function useWatch(id: string, shown: Case | undefined) {
  const client = useQueryClient();
  const busy = shown?.documents.some(({ status }) => status === "queued" || status === "reading");
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

export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ruling: Ruling) => post<void>(`/cases/${id}/decision`, ruling),
    onSettled: () => client.invalidateQueries({ queryKey: ["case", id] }),
  });
}
