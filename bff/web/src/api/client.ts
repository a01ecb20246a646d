import { reloadOnce } from "./skew";

export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;

  constructor(status: number, code: string, message: string, requestId: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

export const HEADERS = { "X-Beleg": "1", "Beleg-Build": __BUILD__ };

type Body = { reload?: boolean; error?: { code: string; message: string } };

export function refusal(status: number, text: string, requestId: string | null): Refused {
  const body = parsed(text);
  if (status === 409 && body.reload) reloadOnce();
  return new Refused(
    status,
    body.reload ? "reload" : (body.error?.code ?? "unknown"),
    body.error?.message ?? "",
    requestId,
  );
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {}; // a proxy in between may answer in HTML
  }
}

/** Every action on a case names the revision of it that the person was shown. */
const shownAt = (revision?: string): Record<string, string> => (revision ? { "Case-Revision": revision } : {});

async function call<T>(method: string, path: string, body?: unknown, revision?: string): Promise<T> {
  const headers = { ...HEADERS, ...shownAt(revision) };
  const text = await asked(path, (response) => response.text(), {
    method,
    headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return (text ? JSON.parse(text) : undefined) as T;
}

const offline = () => new Refused(0, "offline", "", null);

/** What the server answers; one that is not reached, or lost while it answers, is a refusal too. */
async function asked<T>(
  path: string,
  read: (response: Response) => Promise<T>,
  how: RequestInit,
): Promise<T> {
  const lost = () => {
    throw offline();
  };
  const response = await fetch(`/bff${path}`, how).catch(lost);
  if (response.ok) return read(response).catch(lost);
  const text = await response.text().catch(lost);
  throw refusal(response.status, text, response.headers.get("Request-Id"));
}

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T>(path: string, body: unknown, revision?: string) =>
  call<T>("POST", path, body, revision);
export const patch = (path: string, body: unknown) => call<void>("PATCH", path, body);
export const remove = (path: string) => call<void>("DELETE", path);

/** Sends a file as it is; `fetch` cannot tell how far an upload has come. */
export function upload<T>(
  path: string,
  file: File,
  revision: string,
  onProgress: (share: number) => void,
) {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/bff${path}`);
    for (const [name, value] of Object.entries({ ...HEADERS, ...shownAt(revision) })) {
      request.setRequestHeader(name, value);
    }
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(event.total, 1));
    request.onerror = () => reject(offline());
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 300) {
        return reject(refusal(status, responseText, request.getResponseHeader("Request-Id")));
      }
      try {
        resolve(JSON.parse(responseText) as T);
      } catch {
        reject(new Refused(502, "unknown", "", null)); // it was not ours that answered
      }
    };
    request.send(file);
  });
}

/** Saves a file to the person's disk; a plain link could not carry the header of every call. */
export async function download(path: string, filename: string): Promise<void> {
  const blob = await asked(path, (response) => response.blob(), { headers: HEADERS });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(address);
}
