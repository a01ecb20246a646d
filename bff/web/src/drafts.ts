import { useEffect, useState } from "react";

/** State of a half-typed form that outlives a reload of the page, and ends with the tab. */
export function useDraft<T>(name: string, empty: T): [T, (next: T) => void, () => void] {
  const key = `beleg.draft.${name}`;
  const [draft, setDraft] = useState<T>(() => {
    const saved = sessionStorage.getItem(key);
    return saved === null ? empty : (JSON.parse(saved) as T);
  });
  useEffect(() => {
    if (JSON.stringify(draft) === JSON.stringify(empty)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  }, [key, draft, empty]);
  return [draft, setDraft, () => setDraft(empty)];
}
