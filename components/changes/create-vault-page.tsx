"use client";

import { type FormEvent, useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { FormSkeleton } from "#components/ui/page-skeleton.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Select } from "#components/ui/select.tsx";
import { givenWhy, noWhy, WhyFields } from "#components/ui/why-fields.tsx";
import { lastCompartment, rememberCompartment } from "#lib/browser/last-compartment.ts";
import { useNewVault } from "#lib/browser/new-vault.ts";
import { useKnownRole } from "#lib/browser/session.ts";
import { askService, whyHeaders } from "#lib/browser/vault.ts";
import type { CreateVaultDetails, Vault, VaultType } from "#lib/contract/models.ts";
import { judgeRole } from "#lib/vault/actions.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { type CompartmentChoice, CompartmentField } from "./compartment-field.tsx";
import { NewVaultOutcome, NewVaultTrouble } from "./new-vault-progress.tsx";
import { SlotsNotice, useRoom } from "./slots-notice.tsx";
import { TagEditor } from "./tag-editor.tsx";
import { countProblem, problemOf, type TagRow, tagsOfRows } from "./tag-rows.ts";

export interface TenancyChoice {
  readonly id: string;
  readonly name: string;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly compartments: readonly CompartmentChoice[];
}

const noTags = { freeformTags: {}, definedTags: {} };
const emptyExternal = {
  externalVaultEndpointUrl: "",
  privateEndpointId: "",
  idcsAccountNameUrl: "",
  clientAppId: "",
  clientAppSecret: "",
};

/** A new vault, followed until it is active. `tenancies` is null until the places are known. */
export function CreateVaultPage({ tenancies }: { tenancies: readonly TenancyChoice[] | null }) {
  const role = useKnownRole();
  const verdict = role === null ? null : judgeRole("createVault", role);
  return (
    <Page>
      <PageHeader
        crumbs={[{ label: "Vaults", href: "/vaults" }]}
        title="Create a vault"
        description="Its type cannot be changed later, and it stays in its region; name, tags and compartment can be changed."
      />
      {verdict === null || (verdict.isAllowed && tenancies === null) ? (
        <FormSkeleton />
      ) : verdict.isAllowed && tenancies !== null ? (
        <CreateForm tenancies={tenancies} />
      ) : (
        <Section title="Not you">
          <EmptyState
            title="You cannot create vaults"
            level={3}
            action={<ButtonLink href="/vaults">Back to the vaults</ButtonLink>}
          >
            {verdict.reason}
          </EmptyState>
        </Section>
      )}
    </Page>
  );
}

function CreateForm({ tenancies }: { tenancies: readonly TenancyChoice[] }) {
  const [tenancyId, setTenancyId] = useState("");
  const tenancy = tenancies.find((each) => each.id === tenancyId) ?? tenancies[0];
  const [region, setRegion] = useState("");
  const [chosenCompartment, setChosenCompartment] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [type, setType] = useState<VaultType>("DEFAULT");
  const [external, setExternal] = useState(emptyExternal);
  const [tags, setTags] = useState<TagRow[]>([]);
  const [isTried, setIsTried] = useState(false);
  const [why, setWhy] = useState(noWhy);
  const order = useNewVault();
  const { phase } = order;
  const last = lastCompartment(tenancy?.id ?? "");
  const isLastThere = tenancy?.compartments.some((each) => each.id === last) === true;
  const compartment = chosenCompartment ?? (isLastThere ? last : "");
  const chosenRegion = region === "" ? (tenancy?.homeRegion ?? "") : region;
  const problem = findProblem({ name, compartment, type, external, tags });
  const isUnderWay = phase.kind === "sending" || phase.kind === "waiting";
  const room = useRoom({ tenancy: tenancy?.id ?? "", region: chosenRegion, vaultType: type });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (problem !== null || !room.verdict.isAllowed || tenancy === undefined || isUnderWay) return;
    const body = detailsOf({ name, compartment, type, external, tags });
    const place = { tenancy: tenancy.id, region: chosenRegion };
    order.start({
      ...place,
      isSettled: (vault) => !stateFacts(vault.lifecycleState).isTransient,
      send: (token) =>
        askService<"createVault", Vault>("createVault", { opcRetryToken: token, body }, place, {
          headers: whyHeaders(givenWhy(why)),
        }),
    });
    rememberCompartment(tenancy.id, compartment);
  };

  if (phase.kind === "following" || phase.kind === "done" || phase.kind === "unconfirmed") {
    const another = () => {
      // The secret is for one vault: it does not wait in the form for the next one.
      setExternal(emptyExternal);
      setName("");
      setIsTried(false);
      order.reset();
    };
    return <NewVaultOutcome phase={phase} region={chosenRegion} made="Vault created" onAnother={another} />;
  }
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
        <Section title="Where">
          <div className="grid gap-4 sm:grid-cols-2">
            {tenancies.length > 1 ? (
              <Select
                label="Tenancy"
                value={tenancy?.id ?? ""}
                onChange={(id) => {
                  setTenancyId(id);
                  setRegion("");
                  setChosenCompartment(null);
                }}
                options={tenancies.map((each) => ({ value: each.id, label: each.name }))}
              />
            ) : null}
            <Select
              label="Region"
              value={chosenRegion}
              onChange={setRegion}
              options={(tenancy?.regions ?? []).map((each) => ({ value: each, label: each }))}
            />
            <CompartmentField
              label="Compartment"
              compartments={tenancy?.compartments ?? []}
              value={compartment}
              onChange={setChosenCompartment}
              error={isTried && compartment === "" ? "Choose the compartment." : undefined}
            />
          </div>
        </Section>
        <Section title="What">
          <div className="space-y-4">
            <TextField
              label="Display name"
              help="Need not be unique."
              required
              maxLength={255}
              value={name}
              onChange={(event) => setName(event.target.value)}
              error={isTried && name.trim() === "" ? "A vault needs a name." : null}
            />
            <RadioCards<VaultType>
              label="Type"
              columns={3}
              value={type}
              onChange={setType}
              options={[
                {
                  value: "DEFAULT",
                  title: "Virtual",
                  description:
                    "On shared HSM partitions. The vault itself costs nothing; HSM key versions beyond the free ones do. Cannot be backed up.",
                },
                {
                  value: "VIRTUAL_PRIVATE",
                  title: "Virtual private",
                  description:
                    "A partition of its own: billed by the hour for as long as it exists. Can be backed up. Needs a service limit above 0.",
                },
                {
                  value: "EXTERNAL",
                  title: "External",
                  description:
                    "Keys stay in a key manager outside of OCI. Billed by key version, beside what the key manager costs.",
                },
              ]}
            />
            {type === "EXTERNAL" ? <ExternalFields external={external} onChange={setExternal} /> : null}
          </div>
        </Section>
        <TagEditor rows={tags} onChange={setTags} isTried={isTried} />
      </div>
      <div className="min-w-0 lg:sticky lg:top-16 lg:col-span-2">
        <Section title="Decision">
          <div className="space-y-4">
            <WhyFields value={why} onChange={setWhy} />
            <NewVaultTrouble phase={phase} onResend={order.resend} />
            {isTried && problem !== null ? (
              <Callout tone="warn" role="status" title="Not yet">
                {problem}
              </Callout>
            ) : null}
            <SlotsNotice room={room} />
            <Button
              type="submit"
              variant="primary"
              size="lg"
              loading={isUnderWay}
              disabledReason={room.verdict.reason}
              className="w-full"
            >
              Create vault in {chosenRegion}
            </Button>
            <ButtonLink href="/vaults" className="w-full">
              No new vault
            </ButtonLink>
          </div>
        </Section>
      </div>
    </form>
  );
}

function ExternalFields({
  external,
  onChange,
}: {
  external: typeof emptyExternal;
  onChange: (next: typeof emptyExternal) => void;
}) {
  const field = (name: keyof typeof emptyExternal, label: string, help?: string) => (
    <TextField
      label={label}
      help={help}
      mono
      autoComplete="off"
      spellCheck={false}
      type={name === "clientAppSecret" ? "password" : "text"}
      value={external[name]}
      onChange={(event) => onChange({ ...external, [name]: event.target.value })}
    />
  );
  return (
    <div className="space-y-4">
      {field("externalVaultEndpointUrl", "URL of the external vault")}
      {field("privateEndpointId", "Private endpoint OCID")}
      {field("idcsAccountNameUrl", "Identity domain URL")}
      {field("clientAppId", "Client application id")}
      {field(
        "clientAppSecret",
        "Client application secret",
        "Sent to the service once; the console neither shows nor keeps it.",
      )}
    </div>
  );
}

interface FormValues {
  name: string;
  compartment: string;
  type: VaultType;
  external: typeof emptyExternal;
  tags: readonly TagRow[];
}

function findProblem({ name, compartment, type, external, tags }: FormValues): string | null {
  if (compartment === "") return "Choose the compartment.";
  if (name.trim() === "") return "Give the vault a name.";
  if (type === "EXTERNAL" && Object.values(external).some((value) => value.trim() === ""))
    return "An external vault needs all five fields of its key manager.";
  return countProblem(tags) ?? tags.map((row) => problemOf(row, tags)).find((each) => each !== null) ?? null;
}

function detailsOf({ name, compartment, type, external, tags }: FormValues): CreateVaultDetails {
  const { freeformTags, definedTags } = tagsOfRows(tags, noTags);
  const { externalVaultEndpointUrl, privateEndpointId, ...oauthMetadata } = external;
  return {
    compartmentId: compartment,
    displayName: name,
    vaultType: type,
    ...(Object.keys(freeformTags).length === 0 ? {} : { freeformTags }),
    ...(Object.keys(definedTags).length === 0 ? {} : { definedTags }),
    ...(type === "EXTERNAL"
      ? { externalKeyManagerMetadata: { externalVaultEndpointUrl, privateEndpointId, oauthMetadata } }
      : {}),
  };
}
