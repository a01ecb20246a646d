import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Refused, upload } from "../../api/client";
import { whileSending } from "../../api/skew";
import { draftOf, keepDraft } from "../../drafts";

export type Upload = {
  key: string;
  name: string;
  share: number;
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

/** Files on their way to a case, one after the other, so that each gets the whole line. */
export function useUploads(caseId: string, limit: number, shownRevision: string) {
  const client = useQueryClient();
  const revision = useRef(shownRevision);
  useEffect(() => {
    revision.current = shownRevision;
  }, [shownRevision]);
  const [uploads, setUploads] = useState<Upload[]>([]);

  const [cutOff, setCutOff] = useState(() =>
    draftOf(`uploads.${caseId}`, NONE).filter((name) => !sending.has(caseId + name)),
  );
  const forget = (name: string) => {
    note(caseId, (names) => names.filter((each) => each !== name));
    setCutOff((names) => names.filter((each) => each !== name));
  };

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const dismiss = (key: string) => setUploads((all) => all.filter((each) => each.key !== key));

  const send = async (files: File[]) => {
    const shown = revision.current;
    const batch = files.map((file) => ({ file, key: crypto.randomUUID() }));
    setUploads((all) => [
      ...all,
      ...batch.map(({ file, key }) => ({ key, name: file.name, share: 0 })),
    ]);
    for (const { file } of batch) {
      sending.add(caseId + file.name);
      note(caseId, (names) => [...names, file.name]);
    }
    await whileSending(async () => {
      for (const { file, key } of batch) {
        const path = `/cases/${caseId}/documents?filename=${encodeURIComponent(file.name)}`;
        try {
          if (file.size > limit) throw new Refused(413, "too_large", "", null);
          await upload(path, file, shown, (share) => change(key, { share }));
          forget(file.name);
          await client.invalidateQueries({ queryKey: ["case", caseId] });
          dismiss(key);
        } catch (error) {
          if (!(error instanceof Refused && error.code === "reload")) forget(file.name);
          change(key, { error });
          if (error instanceof Refused && error.code === "case_changed") {
            change(key, { again: () => (dismiss(key), void send([file])) });
            await client.invalidateQueries({ queryKey: ["case", caseId] });
          }
        }
        sending.delete(caseId + file.name);
      }
    });
  };

  return { uploads, cutOff, send, dismiss, forget };
}
