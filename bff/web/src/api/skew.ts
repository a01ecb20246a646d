const RELOADED = "beleg.reloaded";

/**
 * The server speaks another contract than this app: fetch the app that came with it.
 * What is half typed is kept by `useDraft`; a second try for the same build would only loop.
 */
export function reloadOnce(): void {
  if (sessionStorage.getItem(RELOADED) === __BUILD__) return;
  sessionStorage.setItem(RELOADED, __BUILD__);
  location.reload();
}
