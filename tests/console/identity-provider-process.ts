// A real OpenID provider (oidc-provider) in a process of its own, on loopback. `startIdentityProvider` starts it and tells it by messages whom it knows.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";
import Provider from "oidc-provider";
import type { Person } from "./identity-provider.ts";

/** The first message of its parent. */
export interface Beginning {
  readonly people: Readonly<Record<string, Person>>;
  readonly origin: string;
  readonly logoutUri: string;
  readonly client: { readonly id: string; readonly secret: string };
  readonly jwk: JWK;
}

/** Each answer of the token endpoint passes by the parent, which may bend it. */
export interface TokenAnswer {
  readonly number: number;
  readonly json: Record<string, unknown>;
}

/** Other groups for a person from now on; comes back as it is once they hold. */
export interface NewGroups {
  readonly person: string;
  readonly groups: readonly string[];
}

const passingBy = new Map<number, (json: TokenAnswer["json"]) => void>();
let count = 0;
process.once("message", (beginning: Beginning) => {
  const people = { ...beginning.people };
  process.on("message", (message: TokenAnswer | NewGroups) => {
    if ("number" in message) {
      passingBy.get(message.number)?.(message.json);
      passingBy.delete(message.number);
      return;
    }
    const { person, groups } = message;
    people[person] = { name: people[person]?.name ?? person, groups };
    process.send?.(message);
  });
  void serve({ ...beginning, people }).then((issuer) => process.send?.(issuer));
});
process.on("disconnect", () => process.exit());

/** Gives the issuer. */
async function serve({ people, origin, logoutUri, client, jwk }: Beginning): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${origin}/api/session/provider/callback`],
        post_logout_redirect_uris: [`${origin}/sign-in`],
        backchannel_logout_uri: logoutUri,
        backchannel_logout_session_required: true,
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ["only for tests"] },
    claims: { openid: ["sub"], profile: ["name", "groups"] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    // The provider refuses to call loopback by itself; here that is where everything is.
    fetch: (url: string, init: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, { ...init, dispatcher: undefined } as RequestInit),
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: people[id]?.name, groups: people[id]?.groups }),
    }),
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context: { oidc: Record<string, never> }) {
      const oidc = context.oidc as unknown as {
        provider: { Grant: new (facts: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } };
        client: { clientId: string };
        session: { accountId: string };
      };
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? "";
    if (path.startsWith("/interaction/")) {
      const accountId = new URL(path, issuer).searchParams.get("as");
      if (accountId === null) {
        // What a person sees: who they want to be.
        const links = Object.entries(people).map(([id, { name }]) => `<li><a href="?as=${id}">${name}</a></li>`);
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(
          `<!doctype html><html lang="en"><title>Provider</title><h1>Sign in here</h1><ul>${links.join("")}</ul>`,
        );
        return;
      }
      void provider.interactionFinished(request, response, { login: { accountId } });
      return;
    }
    if (path.startsWith("/token")) passAnswer(response);
    handle(request, response);
  });

  return issuer;
}

function passAnswer(response: ServerResponse): void {
  const end = response.end.bind(response);
  response.end = ((chunk: unknown) => {
    count += 1;
    passingBy.set(count, (json) => {
      const text = JSON.stringify(json);
      response.setHeader("content-length", Buffer.byteLength(text));
      end(text);
    });
    process.send?.({ number: count, json: JSON.parse(String(chunk)) } satisfies TokenAnswer);
    return response;
  }) as typeof response.end;
}
