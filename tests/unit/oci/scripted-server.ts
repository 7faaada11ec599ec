import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly at: number;
}

/** What the server does with one request; the last step of a script is repeated. */
export type Step = (response: ServerResponse, arrived: Arrived) => void;

export const answer =
  (status: number, body: string | Buffer = "", headers: Record<string, string> = {}): Step =>
  (response) => {
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
export const refuse = (status: number, code: string, headers: Record<string, string> = {}): Step =>
  answer(status, JSON.stringify({ code, message: `${code}, it says` }), headers);
export const reset: Step = (response) => {
  response.socket?.resetAndDestroy();
};
export const hang: Step = () => undefined;
/** Half an answer, then the connection ends. */
export const cutOff: Step = (response) => {
  response.writeHead(200, { "content-length": "1000" });
  response.write('{"id":');
  setTimeout(() => response.socket?.destroy(), 10);
};

export interface ScriptedServer {
  readonly origin: string;
  readonly calls: Arrived[];
  readonly sockets: number;
  script(...steps: Step[]): void;
  close(): Promise<void>;
}

/** Somebody else's server on loopback that misbehaves as told. */
export async function scriptedServer(): Promise<ScriptedServer> {
  let steps: Step[] = [];
  let sockets = 0;
  const calls: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    const arrived = { method, url, headers, body: Buffer.concat(chunks), at: performance.now() };
    calls.push(arrived);
    const step = steps.length > 1 ? steps.shift() : steps[0];
    step?.(response, arrived);
  });
  server.on("connection", () => {
    sockets++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get sockets() {
      return sockets;
    },
    script(...next) {
      steps = next;
      calls.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
