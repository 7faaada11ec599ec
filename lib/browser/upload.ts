/** Sending a backup file: hashed in a worker, then uploaded with its progress; both can be given up at any time. */
import type { Vault } from "#lib/contract/models.ts";
import { type Answer, ApiError, ask, callApi, readUpload, withProof } from "./api.ts";
import type { DigestName, HashNews, HashOrder, HashPause } from "./hash.worker.ts";

/** Called with the bytes done so far. */
export type OnProgress = (done: number) => void;

/** Digests of a file, base64. */
export interface FileDigests {
  readonly md5: string;
  readonly sha256: string;
}

/** Held on by one hand, watched by those who work; nothing is lost meanwhile. */
export interface Pause {
  readonly isPaused: boolean;
  set(isPaused: boolean): void;
  watch(onChange: (isPaused: boolean) => void): void;
}

/** Not paused to begin with. */
export function createPause(): Pause {
  const watchers: ((isPaused: boolean) => void)[] = [];
  let isPaused = false;
  return {
    get isPaused() {
      return isPaused;
    },
    set(next) {
      isPaused = next;
      for (const watcher of watchers) watcher(next);
    },
    watch: (onChange) => void watchers.push(onChange),
  };
}

/**
 * MD5 for Content-MD5 and SHA-256 for the receipt, each in a worker of its own. Progress is the slower one's. Rejects with
 * an AbortError when given up, with an Error when the file cannot be read.
 */
export async function hashFile(
  file: File,
  onProgress: OnProgress,
  { signal, pause }: { signal: AbortSignal; pause: Pause },
): Promise<FileDigests> {
  const done: Record<DigestName, number> = { md5: 0, sha256: 0 };
  const both = new AbortController();
  const run = (digest: DigestName) => {
    const tell: OnProgress = (bytes) => {
      done[digest] = bytes;
      onProgress(Math.min(done.md5, done.sha256));
    };
    return digestFile({ file, digest }, tell, { signal: AbortSignal.any([signal, both.signal]), pause });
  };
  try {
    const [md5, sha256] = await Promise.all([run("md5"), run("sha256")]);
    return { md5, sha256 };
  } catch (error) {
    both.abort();
    throw error;
  }
}

function digestFile(
  order: HashOrder,
  onProgress: OnProgress,
  { signal, pause }: { signal: AbortSignal; pause: Pause },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./hash.worker.ts", import.meta.url), { type: "module" });
    const end = (finish: () => void) => {
      worker.terminate();
      finish();
    };
    signal.addEventListener("abort", () => end(() => reject(new DOMException("given up", "AbortError"))), {
      once: true,
    });
    worker.onerror = () => end(() => reject(new Error("The file could not be read in this browser.")));
    worker.onmessage = ({ data }: MessageEvent<HashNews>) => {
      if ("done" in data) onProgress(data.done);
      else if ("digest" in data) end(() => resolve(data.digest));
      else end(() => reject(new Error(`The file could not be read: ${data.failed}`)));
    };
    worker.postMessage(order);
    pause.watch((isPaused) => worker.postMessage({ isPaused } satisfies HashPause));
  });
}

export interface FileOrder {
  readonly tenancy: string;
  readonly region: string;
  readonly compartmentId: string;
  readonly file: File;
  readonly md5: string;
  readonly token: string;
  /** The request a second person has agreed to, where one is needed. */
  readonly approval: string | null;
  /** Why it is restored, as `whyHeaders` gives it. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * RestoreVaultFromFile with the file as body. Whether the server wants a fresh proof first is asked before a file is sent in
 * vain. Rejects with an ApiError, or an AbortError when given up.
 */
export async function uploadBackup(
  order: FileOrder,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Answer<Vault>> {
  await callApi<unknown>("GET", "/api/session/step-up", undefined, signal);
  return withProof(() => sendFile(order, onProgress, signal));
}

function restorePath({
  tenancy,
  region,
  compartmentId,
}: Pick<FileOrder, "tenancy" | "region" | "compartmentId">): string {
  return `/api/oci/${tenancy}/kms/${region}/20180608/vaults/actions/restoreFromFile?compartmentId=${encodeURIComponent(compartmentId)}`;
}

/**
 * Asks a second person to agree to this file, named by its size and digests; no byte of it is sent. `headers` say that it is
 * asked for, and why. Rejects with an ApiError.
 */
export function askForFile(
  order: Omit<FileOrder, "token" | "approval" | "headers"> & FileDigests,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer<Vault>> {
  return ask<Vault>(restorePath(order), {
    method: "POST",
    headers: {
      ...headers,
      "content-type": "application/octet-stream",
      "content-md5": order.md5,
      "x-ovc-file-bytes": String(order.file.size),
      "x-ovc-file-sha256": order.sha256,
    },
    signal,
  });
}

function sendFile(order: FileOrder, onProgress: OnProgress, signal: AbortSignal): Promise<Answer<Vault>> {
  const { file, md5, token, approval, headers } = order;
  const path = restorePath(order);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("content-md5", md5);
    request.setRequestHeader("opc-retry-token", token);
    request.setRequestHeader("x-ovc-request", "1");
    if (approval !== null) request.setRequestHeader("x-ovc-approval", approval);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    request.onerror = () =>
      reject(
        new ApiError(
          0,
          { code: "NoAnswer", message: "The upload was cut off before an answer came." },
          { outcome: "unknown" },
        ),
      );
    request.onload = () => {
      const headers = new Headers();
      for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
        const mark = line.indexOf(":");
        if (mark > 0) headers.append(line.slice(0, mark), line.slice(mark + 1).trim());
      }
      try {
        resolve(readUpload<Vault>(new Response(null, { status: request.status, headers }), request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
