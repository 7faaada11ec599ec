"use client";

import { useState } from "react";
import { Section } from "#components/ui/card.tsx";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { ChangePage, type ChangeProps } from "./change-page.tsx";
import { type CompartmentChoice, CompartmentField } from "./compartment-field.tsx";

/** Moving a vault to another compartment of its tenancy. */
export function MovePage({ compartments, ...change }: ChangeProps & { compartments: readonly CompartmentChoice[] }) {
  const vault = change.looked.body;
  const [target, setTarget] = useState("");
  const pathOf = (id: string) => compartments.find((each) => each.id === id)?.path ?? id;
  const others = compartments.filter((each) => each.id !== vault.compartmentId);
  return (
    <ChangePage
      {...change}
      action="changeVaultCompartment"
      title={
        <>
          Move “<bdi>{vault.displayName}</bdi>” to another compartment?
        </>
      }
      description={
        <>
          In {change.place.region}; it is in <bdi>{pathOf(vault.compartmentId)}</bdi> now.
        </>
      }
      fields={
        <Section title="Where to">
          <CompartmentField label="Target compartment" compartments={others} value={target} onChange={setTarget} />
        </Section>
      }
      effects={[
        "The policies of the target compartment apply at once: who could manage the vault through the old one may no longer, and others may.",
        "Quotas of the target compartment count the vault from then on.",
        "Its OCID, endpoints and keys stay, and programs go on using them. Keys stay in their own compartments.",
        "It can be moved back.",
      ]}
      submitLabel={target === "" ? "Move vault" : `Move vault to ${pathOf(target)}`}
      keepLabel="Keep it where it is"
      problem={target === "" ? "Choose the compartment it goes to." : null}
      intentOn={(looked) => ({
        operation: "changeVaultCompartment",
        place: change.place,
        etag: looked.etag,
        body: { compartmentId: target },
        isApplied: (now) => now.compartmentId === target,
        isSettled: (now) => now.compartmentId === target && !stateFacts(now.lifecycleState).isTransient,
      })}
    />
  );
}
