// The peer of F3 and F4: plain node:http doing the same work as the console's server (session check, signed call or stored
// bytes), without Next. Started by bff.bench.ts with DATA_DIR of the product, so that the same cookie counts.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pino from "pino";
import { loadConfig } from "#lib/bff/config.ts";
import { createSessions } from "#lib/bff/session.ts";
import { openTenancies } from "#lib/bff/tenancies.ts";
import { request } from "#lib/contract/request.ts";
import { openSqlite } from "#lib/store/database.ts";

const config = loadConfig();
const sessions = createSessions(config, openSqlite(config.dataDir), Date.now);
const emulator = JSON.parse(readFileSync(join(config.dataDir, "emulator.json"), "utf8"));
const tenancies = await openTenancies(config, emulator, pino({ level: "silent" }));
const tenancy = tenancies.all[0];
if (tenancy === undefined) throw new Error("there is no tenancy");
const stored = gzipSync(readFileSync(join(config.dataDir, "inventory.json")), { level: 4 });
const etag = '"bench"';

const server = createServer(async (incoming, response) => {
  const who = await sessions.identify(
    new Request("http://localhost/", { headers: { cookie: incoming.headers.cookie ?? "" } }),
  );
  if (who === null) return void response.writeHead(401).end();
  if (incoming.url === "/inventory") {
    const headers = {
      etag,
      "content-type": "application/json",
      "content-encoding": "gzip",
      "cache-control": "no-store",
    };
    if (incoming.headers["if-none-match"] === etag) return void response.writeHead(304, headers).end();
    return void response.writeHead(200, { ...headers, "content-length": stored.byteLength }).end(stored);
  }
  const answer = await tenancy.client.call(request("listRegionSubscriptions", { tenancyId: tenancy.id }), {
    region: tenancy.homeRegion,
    priority: "interactive",
  });
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(answer.raw);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${JSON.stringify(server.address())}\n`));
