import { Alert } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import { Refused } from "../api/client";
import { queries } from "../api/queries";
import { useI18n } from "../i18n";
import classes from "./shell.module.css";

const AWAY = [0, 502, 503, 504];
const AGAIN_EVERY = 5_000;

const isStale = ({ state }: { state: { data: unknown; error: unknown } }) =>
  state.data !== undefined && state.error instanceof Refused && AWAY.includes(state.error.status);

const cache = queries.getQueryCache();
const listen = (heard: () => void) => cache.subscribe(heard);
const anyStale = () => cache.getAll().some((query) => query.isActive() && isStale(query));

/** Says that what is shown cannot be brought up to date, and asks again until it can. */
export function Connection() {
  const { words } = useI18n();
  const stale = useSyncExternalStore(listen, anyStale);
  useEffect(() => {
    if (!stale) return;
    const again = () => queries.refetchQueries({ type: "active", predicate: isStale });
    const timer = setInterval(again, AGAIN_EVERY);
    addEventListener("online", again);
    return () => {
      clearInterval(timer);
      removeEventListener("online", again);
    };
  }, [stale]);
  if (!stale) return null;
  return (
    <Alert color="orange" radius={0} py="xs" role="status" className={classes.connection}>
      {words.failure.stale}
    </Alert>
  );
}
