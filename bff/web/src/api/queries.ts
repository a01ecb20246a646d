import { QueryClient, useMutation, useQuery } from "@tanstack/react-query";
import { get, patch, post, Refused, remove } from "./client";
import { keepDraft, tellSignedOut } from "../drafts";
import type { Language, Session } from "./contract";

export const queries = new QueryClient({
  defaultOptions: {
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always", // a browser that takes itself for offline says so, rather than wait
      staleTime: 5_000,
      retry: (times, error) => times < 2 && error instanceof Refused && error.status === 0,
    },
  },
});

const SESSION = ["session"];
export const SIGN_IN_DRAFT = "sign-in";

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
    onSuccess: (session) => {
      keepDraft(SIGN_IN_DRAFT, "", "");
      queries.setQueryData(SESSION, session);
    },
  });
}

/** Whose session has ended already is signed out. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof Refused && error.status === 401)) throw error;
}

/** Signs out where the server has heard of it: else the session goes on, which has to be said. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => remove("/session").catch(unlessEnded),
    onSuccess: () => {
      queries.clear();
      tellSignedOut();
      location.assign("/");
    },
  });
}

/** The choice is kept with the person; that it cannot be kept right now is no reason to stop. */
export function useSpeak() {
  return useMutation({ mutationFn: (locale: Language) => patch("/session", { locale }) });
}
