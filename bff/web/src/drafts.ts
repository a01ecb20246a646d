import { useEffect, useState } from "react";

const DRAFT = "beleg.draft.";
const OWNER = "beleg.drafts-of";
const SIGNED_OUT = "beleg.signed-out";

/** State of a half-typed form that outlives a reload of the page, and ends with the tab. */
export function useDraft<T>(name: string, empty: T): [T, (next: T) => void, () => void] {
  const [draft, setDraft] = useState<T>(() => draftOf(name, empty));
  useEffect(() => keepDraft(name, draft, empty), [name, draft, empty]);
  return [draft, setDraft, () => setDraft(empty)];
}

/** A draft as it was kept; another build's may be of another shape, then there is none. */
export function draftOf<T>(name: string, empty: T): T {
  try {
    const saved = sessionStorage.getItem(DRAFT + name);
    const draft: unknown = saved === null ? empty : JSON.parse(saved);
    return hasShapeOf(draft, empty) ? draft : empty;
  } catch {
    return empty;
  }
}

function hasShapeOf<T>(draft: unknown, empty: T): draft is T {
  if (typeof draft !== typeof empty || Array.isArray(draft) !== Array.isArray(empty)) return false;
  if (typeof empty !== "object" || empty === null || Array.isArray(empty)) return true;
  return draft !== null && Object.keys(empty).every((key) => key in (draft as object));
}

/** Keeps a draft at once: a reload may follow. */
export function keepDraft<T>(name: string, draft: T, empty: T): void {
  try {
    const text = JSON.stringify(draft);
    if (text === JSON.stringify(empty)) sessionStorage.removeItem(DRAFT + name);
    else sessionStorage.setItem(DRAFT + name, text);
  } catch {
    // no place to keep it in: it lives as long as the page
  }
}

/** What was typed is about people: nothing of it stays once one signs out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(DRAFT) || key === OWNER) sessionStorage.removeItem(key);
  }
}

/** Nobody meets what somebody else has typed in this tab. */
export function keepDraftsOf(person: string): void {
  const owner = sessionStorage.getItem(OWNER);
  if (owner !== null && owner !== person) forgetDrafts();
  sessionStorage.setItem(OWNER, person);
}

/** Tells the other tabs of this browser that one has signed out; they forget as well. */
export function tellSignedOut(): void {
  forgetDrafts();
  localStorage.setItem(SIGNED_OUT, String(Date.now()));
}

export function onSignedOutElsewhere(act: () => void): () => void {
  const hear = ({ key }: StorageEvent) => key === SIGNED_OUT && act();
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}
