const RELOADED = "beleg.reloaded";
let sending = 0;
let wanted = false;

/**
 * This app is not the one that the server has: it speaks another contract, or a part of it is gone.
 * Fetches the app that there is now, once what is being sent is sent; what is half typed is kept by
 * `useDraft`. A second try for the same build would only loop: then it says false.
 */
export function reloadOnce(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) === __BUILD__) return wanted;
    sessionStorage.setItem(RELOADED, __BUILD__);
  } catch {
    return false; // where nothing can be remembered, it could loop
  }
  wanted = true;
  if (sending === 0) location.reload();
  return true;
}

/** Does what must not be cut off by a reload. */
export async function whileSending(work: () => Promise<void>): Promise<void> {
  sending += 1;
  try {
    await work();
  } finally {
    sending -= 1;
    if (wanted && sending === 0) location.reload();
  }
}
