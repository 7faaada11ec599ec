import { openCompartment } from "../access.ts";
import type { Rule } from "../call.ts";
import { freeChance, vaultOcid } from "../ocids.ts";
import type { VaultRecord } from "../records.ts";
import { settling } from "../timeline.ts";
import { answerVault } from "../vault-change.ts";
import { requireVaultSlot } from "../vault-limits.ts";

/** Answers CREATING. The model has already required the external metadata for EXTERNAL vaults and refused it elsewhere. */
export const createVault: Rule<"createVault"> = (call) => {
  const { world, principal, region, now } = call;
  const details = call.params.body;
  openCompartment(world, principal, details.compartmentId);
  requireVaultSlot(world, { tenancyId: principal.tenancyId, region, vaultType: details.vaultType }, now);
  const manager = details.externalKeyManagerMetadata;
  const vault: VaultRecord = {
    id: vaultOcid(freeChance, region),
    tenancyId: principal.tenancyId,
    region,
    compartmentId: details.compartmentId,
    displayName: details.displayName,
    vaultType: details.vaultType,
    timeCreated: now,
    freeformTags: details.freeformTags ?? {},
    definedTags: details.definedTags ?? {},
    external:
      manager === undefined
        ? null
        : {
            externalVaultEndpointUrl: manager.externalVaultEndpointUrl,
            privateEndpointId: manager.privateEndpointId,
            vendor: null,
            idcsAccountNameUrl: manager.oauthMetadata.idcsAccountNameUrl,
            clientAppId: manager.oauthMetadata.clientAppId,
          },
    wrappingkeyId: "",
    restoredFromVaultId: null,
    isVaultReplicable: true,
    timeline: settling("CREATING", "ACTIVE", now, world.settings.settleMs),
    timeOfDeletion: null,
    replica: null,
    revision: 0,
  };
  return answerVault(call, vault);
};
