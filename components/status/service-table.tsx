import { StatusBadge } from "#components/ui/badge.tsx";
import { formatSpan } from "#components/ui/format.ts";
import { TimeText } from "#components/ui/time-text.tsx";
import type { Tone } from "#components/ui/tone.ts";
import { WideTable } from "#components/ui/wide-table.tsx";
import type { ServiceStatus } from "#lib/contract/api.ts";
import { isFailing, serviceName } from "#lib/vault/status-words.ts";

/** Every service in every region that was asked: whether it answers, since when not, and in what words. */
export function ServiceTable({
  tenancy,
  services,
  now,
}: {
  tenancy: string;
  services: readonly ServiceStatus[];
  now: number;
}) {
  if (services.length === 0) return <p className="p-4 text-sm text-muted">Nothing has been asked yet.</p>;
  return (
    <WideTable
      label={`Services of ${tenancy}`}
      columns={["Region", "Service", "State", "Last good answer", "Last failure"]}
    >
      {services.map((each) => {
        const state = stateOf(each, now);
        return (
          <tr key={`${each.region} ${each.service}`} className="align-top">
            <th scope="row" className="px-4 py-2 font-normal whitespace-nowrap">
              {each.region}
            </th>
            <td className="px-4 py-2 whitespace-nowrap">{serviceName(each.service)}</td>
            <td className="px-4 py-2 whitespace-nowrap">
              <StatusBadge tone={state.tone} look="plain">
                {state.words}
              </StatusBadge>
            </td>
            <td className="px-4 py-2 whitespace-nowrap">
              {each.lastGoodAt === null ? (
                <span className="text-faint">None yet</span>
              ) : (
                <TimeText time={each.lastGoodAt} show="relative" />
              )}
            </td>
            <td className="min-w-56 px-4 py-2 text-muted wrap-anywhere">
              {each.lastFailure === null ? (
                <span className="text-faint">None</span>
              ) : (
                <>
                  <TimeText time={each.lastFailure.at} show="relative" />: {each.lastFailure.message}
                </>
              )}
            </td>
          </tr>
        );
      })}
    </WideTable>
  );
}

function stateOf(service: ServiceStatus, now: number): { tone: Tone; words: string } {
  if (service.breaker === "open")
    return { tone: "danger", words: `Given a rest, ${formatSpan(Math.max(1_000, service.refusedForMs), 1)} more` };
  if (service.breaker === "probing") return { tone: "pending", words: "Being tried again" };
  return isFailing(service, now) ? { tone: "warn", words: "Failed just now" } : { tone: "ok", words: "Answers" };
}
