import { useEffect } from "react";

const LAST = "beleg.inbox";

/** Keeps how the inbox was last looked at in this tab, so that one comes back to the same. */
export function useKeptAddress(search: string): void {
  useEffect(() => {
    try {
      sessionStorage.setItem(LAST, search);
    } catch {
      // no place to keep it in: one comes back to the whole inbox
    }
  }, [search]);
}

/** Where one comes back to: the inbox as it was left, where that was of the same kind of cases. */
export function inboxAddress(sandbox: boolean): string {
  let search = "";
  try {
    search = sessionStorage.getItem(LAST) ?? "";
  } catch {
    // as it is without anything
  }
  if ((new URLSearchParams(search).get("of") === "sandbox") === sandbox) return `/?${search}`;
  return sandbox ? "/?of=sandbox" : "/";
}
