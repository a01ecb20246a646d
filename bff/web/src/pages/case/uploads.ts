import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused, upload } from "../../api/client";

export type Upload = { key: string; name: string; share: number; error?: unknown };

/** Files on their way to a case, one after the other, so that each gets the whole line. */
export function useUploads(caseId: string, limit: number) {
  const client = useQueryClient();
  const [uploads, setUploads] = useState<Upload[]>([]);

  const change = (key: string, part: Partial<Upload>) =>
    setUploads((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));
  const dismiss = (key: string) => setUploads((all) => all.filter((each) => each.key !== key));

  const send = async (files: File[]) => {
    const batch = files.map((file) => ({ file, key: crypto.randomUUID() }));
    setUploads((all) => [
      ...all,
      ...batch.map(({ file, key }) => ({ key, name: file.name, share: 0 })),
    ]);
    for (const { file, key } of batch) {
      const path = `/cases/${caseId}/documents?filename=${encodeURIComponent(file.name)}`;
      try {
        if (file.size > limit) throw new Refused(413, "too_large", "", null);
        await upload(path, file, (share) => change(key, { share }));
        await client.invalidateQueries({ queryKey: ["case", caseId] });
        dismiss(key);
      } catch (error) {
        change(key, { error });
      }
    }
  };

  return { uploads, send, dismiss };
}
