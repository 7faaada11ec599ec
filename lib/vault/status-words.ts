/** The answer to "is it us or Oracle?", from what the console knows of itself and of the service. */
import type { ServiceStatus, StatusAnswer } from "#lib/contract/api.ts";

export interface StatusVerdict {
  readonly tone: "ok" | "info" | "warn" | "danger";
  readonly title: string;
  /** What follows from it, and whom to tell. */
  readonly text: string;
}

const serviceNames: Readonly<Record<string, string>> = {
  kms: "Key Management",
  management: "Key Management, keys",
  identity: "Identity",
  objectstorage: "Object Storage",
  limits: "Limits",
};

/** Oracle's name of a service of the table. */
export const serviceName = (service: string): string => serviceNames[service] ?? service;

/** `NotAuthenticated` is the service's word; the others are what signing itself ends in. */
const signingCodes: readonly string[] = ["NotAuthenticated", "credential", "clock_skew"];

/** A failure of what is seldom asked for says nothing after so long. */
const newsMs = 2 * 60_000;

/** True when the last thing heard of a service, and not long ago, is a failure. `now` by the server's clock, epoch ms. */
export function isFailing({ breaker, lastFailure, lastGoodAt }: ServiceStatus, now: number): boolean {
  if (breaker !== "closed") return true;
  return lastFailure !== null && lastFailure.at > (lastGoodAt ?? 0) && now - lastFailure.at < newsMs;
}

/** The most important thing to know now. */
export function judgeStatus(status: StatusAnswer): StatusVerdict {
  if (!status.store.isWell || !status.receipts.isWell || status.receipts.unwritten > 0) {
    return {
      tone: "danger",
      title: "It is the console: its store does not take receipts",
      text: "Nothing can be changed until it does, because no change goes out without one. Tell whoever runs the console.",
    };
  }
  const failing = status.tenancies.flatMap(({ name, services }) =>
    services.filter((service) => isFailing(service, status.now)).map((service) => ({ ...service, tenancy: name })),
  );
  const unsigned = failing.find(({ lastFailure }) => signingCodes.includes(lastFailure?.code ?? ""));
  if (unsigned !== undefined) {
    return {
      tone: "danger",
      title: `It is the console: its signature does not work for ${unsigned.tenancy}`,
      text: `${unsigned.lastFailure?.message ?? ""} Whoever runs the console should check the OCI credential and the clock.`,
    };
  }
  const [first] = failing;
  if (first !== undefined) {
    const where = [...new Set(failing.map(({ region }) => region))];
    return {
      tone: "warn",
      title: `It is Oracle or the way there: ${serviceName(first.service)} in ${first.region} does not answer${where.length > 1 ? `, and ${where.length - 1} more` : ""}`,
      text: "The console goes on asking by itself and shows what it last read. Changes there fail at once and change nothing.",
    };
  }
  const failures = status.tenancies.flatMap((tenancy) => tenancy.failures);
  if (failures.length > 0) {
    return {
      tone: "warn",
      title: `Oracle answers, but not for everything: ${failures.length === 1 ? "one part" : `${failures.length} parts`} could not be read`,
      text: failures[0]?.message ?? "",
    };
  }
  if (status.tenancies.some(({ budgets }) => budgets.read.pausedForMs > 0 || budgets.write.pausedForMs > 0)) {
    return {
      tone: "info",
      title: "Oracle asked the console to slow down",
      text: "Something else in the tenancy is spending its calls. What was asked for waits and goes on by itself.",
    };
  }
  if (status.tenancies.some(({ partsRead, partsTotal }) => partsTotal === 0 || partsRead < partsTotal)) {
    return {
      tone: "info",
      title: "Everything works; the first reading is under way",
      text: "Lists are not whole yet.",
    };
  }
  return { tone: "ok", title: "Everything works", text: "The console signs, Oracle answers, receipts are written." };
}
