/** What a vault's state means, in one plain sentence, and the same facts as text to paste into a ticket. Pure. */
import { stateFacts, typeLabel } from "./lifecycle.ts";

/** Who can still save a vault, in words; from the rule table, so that it never differs from a refusal. */
const savers = "an operator or a security admin";

export interface StateStory {
  readonly lifecycleState: string;
  /** True for a replica, which follows its source. */
  readonly isReplica?: boolean;
  /** The deletion date as a person reads it, with its zone; null while it is not known. */
  readonly deletionDate: string | null;
  /** True when the deletion date has passed. */
  readonly isOverdue?: boolean;
  /** True when the reader may cancel a deletion. */
  readonly canSave?: boolean;
}

/** One plain sentence (or three short ones) for each state: what is, what it means for the keys, what can be done. */
export function stateSentence(story: StateStory): string {
  const { lifecycleState: state, deletionDate, canSave = false } = story;
  const until = deletionDate ?? "a date that is still being read";
  const whose = story.isReplica === true ? "The source vault" : "It";
  switch (state) {
    case "CREATING":
      return "The vault is being created. Its keys can be made and used once it is active.";
    case "ACTIVE":
      return story.isReplica === true
        ? "The replica is active. It can be used for cryptography; it is managed through its source vault."
        : "The vault is active. Its keys can be used.";
    case "UPDATING":
      return "A change is being applied. The keys can be used meanwhile.";
    case "BACKUP_IN_PROGRESS":
      return "A backup is being written. The keys can be used; other changes wait until it is done.";
    case "RESTORING":
      return "The vault is being restored from a backup. Its keys can be used once it is active.";
    case "SCHEDULING_DELETION":
      return `Deletion is being scheduled for ${until}. Its keys cannot be used now. It can be cancelled in a moment.`;
    case "PENDING_DELETION":
      if (story.isOverdue === true)
        return `The deletion date, ${until}, has passed. The service deletes the vault at its next turn; do not count on saving it.`;
      return `Will be deleted for good on ${until}. Its keys cannot be used now. ${whose} can still be saved until then${canSave ? "." : `: ask ${savers}.`}`;
    case "CANCELLING_DELETION":
      return "The deletion is being cancelled. The vault and its keys come back when it is active again.";
    case "DELETING":
      return "The vault is being deleted. It can no longer be saved.";
    case "DELETED":
      return "The vault is deleted for good, and with it everything its keys protected is out of reach.";
    default:
      return `The service says “${stateFacts(state).label}”, a state this console does not know. Nothing is assumed about its keys.`;
  }
}

/** What a replica is, for people who meet the same OCID twice. */
export const replicaSentence =
  "A replica has the same OCID as its source, follows it in everything, and is deleted with it.";

export interface TicketFacts {
  readonly displayName: string;
  readonly id: string;
  readonly region: string;
  readonly tenancyName: string;
  readonly compartmentPath: string;
  readonly lifecycleState: string;
  readonly vaultType: string;
  readonly created: string;
  /** Times as people read them, with zone. */
  readonly deletionDate: string | null;
  readonly sentence: string;
  readonly readAt: string | null;
  readonly requestId: string | null;
}

/** Plain text for a ticket: one fact to a line, times with their zone, so that it says the same to every reader. */
export function ticketText(facts: TicketFacts): string {
  const lines: (readonly [string, string | null])[] = [
    ["Vault", oneLine(facts.displayName)],
    ["OCID", facts.id],
    ["Region", facts.region],
    ["Tenancy", oneLine(facts.tenancyName)],
    ["Compartment", oneLine(facts.compartmentPath)],
    ["Type", typeLabel(facts.vaultType)],
    ["State", `${stateFacts(facts.lifecycleState).label} (${facts.lifecycleState})`],
    ["Created", facts.created],
    ["Deletion date", facts.deletionDate],
    ["Read from the service", facts.readAt],
    ["Request id", facts.requestId],
    ["In words", facts.sentence],
  ];
  return lines.flatMap(([label, value]) => (value === null ? [] : [`${label}: ${value}`])).join("\n");
}

// Direction controls in a name could make the pasted lines read as something else.
const disguises = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

function oneLine(text: string): string {
  return text.replace(disguises, "\ufffd");
}
