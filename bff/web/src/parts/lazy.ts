import { type ComponentType, lazy } from "react";
import { reloadOnce } from "../api/skew";

/**
 * A part of the app that is fetched when it is first shown. After a release it may be gone: then the
 * app is fetched anew, once, unless it is only the server that cannot be reached.
 */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>) {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (error) {
      const reached = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => undefined);
      if (reached?.ok && reloadOnce()) return new Promise<never>(() => undefined); // it goes away
      throw error;
    }
  });
}
