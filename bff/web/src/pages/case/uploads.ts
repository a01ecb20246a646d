import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Refused, upload } from "../../api/client";
import type { HandedIn } from "../../api/contract";
import { whileSending } from "../../api/skew";
import { draftOf, keepDraft } from "../../drafts";

export type Upload = {
  key: string;
  name: string;
  share: number;
  /** The case had these very bytes already. */
  known?: true;
  error?: unknown;
  /** Sends it again, to the case as it is shown by then. */
  again?: () => void;
};

/** The names of files that are still to be sent, by case: a reload cannot keep the files. */
const NONE: string[] = [];
const sending = new Set<string>();

function note(caseId: string, change: (names: string[]) => string[]): void {
  keepDraft(`uploads.${caseId}`, change(draftOf(`uploads.${caseId}`, NONE)), NONE);
}

/** What is being sent, and what became of it, by case: they go on whichever page is shown. */
const NOTHING: Upload[] = [];
const byCase = new Map<string, Upload[]>();
const listeners = new Set<() => void>();

function listen(heard: () => void) {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

function change(caseId: string, by: (all: Upload[]) => Upload[]): void {
  byCase.set(caseId, by(byCase.get(caseId) ?? NOTHING));
  for (const heard of listeners) heard();
}

const put = (caseId: string, key: string, part: Partial<Upload>) =>
  change(caseId, (all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));

/** A folder is none that can be sent, and no file that was moved or changed since it was chosen. */
const isReadable = (file: File) =>
  file
    .slice(0, 1)
    .arrayBuffer()
    .then(() => true)
    .catch(() => false);

/** Files on their way to a case, one after the other, so that each gets the whole line. */
export function useUploads(caseId: string, limit: number, shownRevision: string) {
  const client = useQueryClient();
  const revision = useRef(shownRevision);
  useEffect(() => {
    revision.current = shownRevision;
  }, [shownRevision]);
  const uploads = useSyncExternalStore(listen, () => byCase.get(caseId) ?? NOTHING);

  const [cutOff, setCutOff] = useState(() =>
    draftOf(`uploads.${caseId}`, NONE).filter((name) => !sending.has(caseId + name)),
  );
  const forget = (name: string) => {
    note(caseId, (names) => names.filter((each) => each !== name));
    setCutOff((names) => names.filter((each) => each !== name));
  };
  const dismiss = (key: string) =>
    change(caseId, (all) => all.filter((each) => each.key !== key));

  const send = async (files: File[]) => {
    const shown = revision.current;
    // A file that is gone by its turn would pass for an empty one.
    const batch = files.map((file) => ({ file, size: file.size, key: crypto.randomUUID() }));
    change(caseId, (all) => [
      ...all,
      ...batch.map(({ file, key }) => ({ key, name: file.name, share: 0 })),
    ]);
    for (const { file } of batch) {
      sending.add(caseId + file.name);
      note(caseId, (names) => [...names, file.name]);
    }
    await whileSending(async () => {
      for (const { file, size, key } of batch) {
        const path = `/cases/${caseId}/documents?filename=${encodeURIComponent(file.name)}`;
        try {
          if (size > limit) throw new Refused(413, "too_large", "", null);
          if (size === 0) throw new Refused(422, "empty_file", "", null);
          const handed = await upload<HandedIn>(path, file, shown, (share) =>
            put(caseId, key, { share }),
          );
          forget(file.name);
          await client.invalidateQueries({ queryKey: ["case", caseId] });
          if (handed.known) put(caseId, key, { known: true });
          else dismiss(key);
        } catch (problem) {
          const error = (await isReadable(file))
            ? problem
            : new Refused(422, "unreadable_here", "", null);
          if (!(error instanceof Refused && error.code === "reload")) forget(file.name);
          put(caseId, key, { error });
          if (error instanceof Refused && error.code === "case_changed") {
            put(caseId, key, { again: () => (dismiss(key), void send([file])) });
            await client.invalidateQueries({ queryKey: ["case", caseId] });
          }
        }
        sending.delete(caseId + file.name);
      }
    });
  };

  return { uploads, cutOff, send, dismiss, forget };
}
