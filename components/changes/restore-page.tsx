"use client";

import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { AskedOutcome, AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { FormSkeleton } from "#components/ui/page-skeleton.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Select } from "#components/ui/select.tsx";
import { givenWhy, noWhy, WhyFields } from "#components/ui/why-fields.tsx";
import { askHeader, askReasonMin, useIsAskedFor } from "#lib/browser/approvals.ts";
import { useNewVault } from "#lib/browser/new-vault.ts";
import { sessionQuery, useKnownRole } from "#lib/browser/session.ts";
import { askForFile, createPause, type FileDigests, hashFile, type Pause, uploadBackup } from "#lib/browser/upload.ts";
import { askService, whyHeaders } from "#lib/browser/vault.ts";
import type { BackupLocation, Vault } from "#lib/contract/models.ts";
import { judgeRole } from "#lib/vault/actions.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import { noBucket } from "./bucket-fields.tsx";
import { CompartmentField } from "./compartment-field.tsx";
import type { TenancyChoice } from "./create-vault-page.tsx";
import { NewVaultOutcome, NewVaultTrouble } from "./new-vault-progress.tsx";
import { FileChoice, FileProgress, type FileWork, fileProblem } from "./restore-file.tsx";
import { type ObjectChoice, ObjectSource } from "./restore-object.tsx";
import { SlotsNotice, useRoom } from "./slots-notice.tsx";

const noObject: ObjectChoice = { ...noBucket, objectName: "" };

type Source = "file" | "BUCKET" | "PRE_AUTHENTICATED_REQUEST_URI";

/** Bringing a vault back from a backup: a file, an object, or a pre-authenticated URL. `tenancies` is null until the places are known. */
export function RestorePage({ tenancies }: { tenancies: readonly TenancyChoice[] | null }) {
  const role = useKnownRole();
  const verdict = role === null ? null : judgeRole("restoreVaultFromFile", role);
  return (
    <Page>
      <PageHeader
        title="Restore a vault"
        description="From a backup, into the tenancy and compartment it came from. In its own region it keeps its OCID; in another one it gets a new one."
      />
      {verdict === null || (verdict.isAllowed && tenancies === null) ? (
        <FormSkeleton />
      ) : verdict.isAllowed && tenancies !== null ? (
        <RestoreForm tenancies={tenancies} />
      ) : (
        <Section title="Not you">
          <EmptyState
            title="You cannot restore vaults"
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

/** The request somebody has agreed to, from the link on its page; null when there is none. */
function useAgreed() {
  const search = useSearchParams();
  const approval = search.get("approval");
  return approval === null ? null : { approval, region: search.get("region") ?? undefined };
}

function RestoreForm({ tenancies }: { tenancies: readonly TenancyChoice[] }) {
  const [tenancyId, setTenancyId] = useState("");
  const wanted = useSearchParams().get("tenancy");
  const tenancy = tenancies.find((each) => each.id === (tenancyId === "" ? wanted : tenancyId)) ?? tenancies[0];
  const [region, setRegion] = useState("");
  const [compartment, setCompartment] = useState(useSearchParams().get("compartment") ?? "");
  const [source, setSource] = useState<Source>("file");
  const [file, setFile] = useState<File | null>(null);
  const [object, setObject] = useState<ObjectChoice>(noObject);
  const [uri, setUri] = useState("");
  const [progress, setProgress] = useState<FileWork | null>(null);
  const [digests, setDigests] = useState<FileDigests | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const giveUp = useRef<AbortController | null>(null);
  const pause = useRef<Pause | null>(null);
  const bytesMax = useQuery(sessionQuery).data?.uploadBytesMax ?? null;
  const order = useNewVault();
  const { phase } = order;
  const agreed = useAgreed();
  // What was agreed to is the file of this person; everything else is asked for.
  const isAsked = useIsAskedFor("restoreVaultFromFile") && !(agreed !== null && source === "file");
  const [why, setWhy] = useState(noWhy);
  const chosenRegion = region === "" ? (agreed?.region ?? tenancy?.homeRegion ?? "") : region;
  const scope = { tenancy: tenancy?.id ?? "", region: chosenRegion, compartmentId: compartment };
  // Only virtual private vaults can be backed up.
  const room = useRoom({ tenancy: scope.tenancy, region: chosenRegion, vaultType: "VIRTUAL_PRIVATE" });
  useEffect(() => () => giveUp.current?.abort(), []);

  const problem =
    compartment === ""
      ? "Choose the compartment the backup came from."
      : source === "file" && file === null
        ? "Choose the backup file."
        : source === "file" && fileProblem(file, bytesMax) !== null
          ? "Choose a file this console takes."
          : source === "BUCKET" && (object.bucket === "" || object.objectName.trim() === "")
            ? "Name the bucket and the object."
            : source === "PRE_AUTHENTICATED_REQUEST_URI" && !/^https?:\/\/\S+$/.test(uri.trim())
              ? "Paste the whole pre-authenticated URL."
              : isAsked && why.reason.trim().length < askReasonMin
                ? `Say why, in ${askReasonMin} characters or more.`
                : null;
  const headers: Record<string, string> = { ...whyHeaders(givenWhy(why)), ...(isAsked ? askHeader : {}) };
  const isUnderWay = progress !== null || phase.kind === "sending" || phase.kind === "waiting";
  const isSettled = (vault: Vault) => !stateFacts(vault.lifecycleState).isTransient;

  const restoreFile = async (chosen: File) => {
    const control = new AbortController();
    giveUp.current = control;
    const paused = createPause();
    pause.current = paused;
    setTrouble(null);
    try {
      const total = chosen.size;
      setProgress({ what: "Computing MD5 and SHA-256", done: 0, total, sinceMs: performance.now(), pausedMs: null });
      const computed = await hashFile(chosen, (done) => setProgress((now) => (now === null ? now : { ...now, done })), {
        signal: control.signal,
        pause: paused,
      });
      setDigests(computed);
      if (isAsked) {
        setProgress(null);
        order.start({
          ...scope,
          isSettled,
          send: () => askForFile({ ...scope, file: chosen, ...computed }, headers, control.signal),
        });
        return;
      }
      order.start({
        ...scope,
        isSettled,
        send: async (token) => {
          setProgress({ what: "Uploading", done: 0, total, sinceMs: performance.now(), pausedMs: null });
          try {
            return await uploadBackup(
              { ...scope, file: chosen, md5: computed.md5, token, approval: agreed?.approval ?? null, headers },
              (done) => setProgress((now) => (now === null ? now : { ...now, done })),
              control.signal,
            );
          } finally {
            setProgress(null);
          }
        },
      });
    } catch (error) {
      setProgress(null);
      if (!control.signal.aborted) setTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  const holdOn = (isPaused: boolean) => {
    pause.current?.set(isPaused);
    const atMs = performance.now();
    setProgress((now) => {
      if (now === null || (now.pausedMs !== null) === isPaused) return now;
      // The pause does not count for the rate.
      return now.pausedMs === null
        ? { ...now, pausedMs: atMs }
        : { ...now, pausedMs: null, sinceMs: now.sinceMs + atMs - now.pausedMs };
    });
  };
  const cancel = () => {
    const isAllSent = progress?.what === "Uploading" && progress.done >= progress.total;
    giveUp.current?.abort();
    order.reset();
    setProgress(null);
    setTrouble(
      isAllSent
        ? "Cancelled after the whole file was sent: the service may have restored the vault. Look for it before sending the file again."
        : "Cancelled before the whole file was sent. Nothing was restored and nothing of the file is kept.",
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== null || isUnderWay) return;
    if (source === "file" && file !== null) return void restoreFile(file);
    const backupLocation: BackupLocation =
      source === "BUCKET"
        ? {
            destination: "BUCKET",
            namespace: object.namespace,
            bucketName: object.bucket,
            objectName: object.objectName.trim(),
          }
        : { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: uri.trim() };
    order.start({
      ...scope,
      isSettled,
      send: (token) =>
        askService<"restoreVaultFromObjectStore", Vault>(
          "restoreVaultFromObjectStore",
          { compartmentId: compartment, opcRetryToken: token, body: { backupLocation } },
          scope,
          { headers },
        ),
    });
  };

  if (phase.kind === "asked") {
    return (
      <Section title="Outcome">
        <div className="space-y-4">
          <AskedOutcome {...phase.asked} />
          {source === "file" ? (
            <p className="text-sm text-pretty text-muted">
              Keep the file: once somebody has agreed, you choose it again from the request, and it is sent.
            </p>
          ) : null}
          <ButtonLink href="/vaults">All vaults</ButtonLink>
        </div>
      </Section>
    );
  }

  if (phase.kind === "following" || phase.kind === "done" || phase.kind === "unconfirmed") {
    return <NewVaultOutcome phase={phase} region={chosenRegion} made="Vault restored" onAnother={order.reset} />;
  }
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 items-start gap-4 lg:grid-cols-5">
      <div className="flex min-w-0 flex-col gap-4 lg:col-span-3">
        <Section title="Where to">
          <div className="grid gap-4 sm:grid-cols-2">
            {tenancies.length > 1 ? (
              <Select
                label="Tenancy"
                value={tenancy?.id ?? ""}
                onChange={(id) => {
                  setTenancyId(id);
                  setRegion("");
                  setCompartment("");
                  setObject(noObject);
                }}
                options={tenancies.map((each) => ({ value: each.id, label: each.name }))}
              />
            ) : null}
            <Select
              label="Region"
              value={chosenRegion}
              onChange={(next) => {
                setRegion(next);
                setObject(noObject);
              }}
              options={(tenancy?.regions ?? []).map((each) => ({ value: each, label: each }))}
            />
            <CompartmentField
              label="Compartment"
              help="The one the vault was backed up in."
              compartments={tenancy?.compartments ?? []}
              value={compartment}
              onChange={setCompartment}
            />
          </div>
        </Section>
        <Section title="From what">
          <div className="space-y-4">
            <RadioCards<Source>
              label="Backup"
              columns={3}
              value={source}
              onChange={setSource}
              options={[
                { value: "file", title: "A file", description: "From this computer" },
                { value: "BUCKET", title: "An object", description: `In a bucket of ${chosenRegion}` },
                {
                  value: "PRE_AUTHENTICATED_REQUEST_URI",
                  title: "A pre-authenticated URL",
                  description: "One that may read",
                },
              ]}
            />
            {source === "file" ? (
              <FileChoice
                file={file}
                bytesMax={bytesMax}
                isLocked={isUnderWay}
                onChoose={(chosen) => {
                  setFile(chosen);
                  setDigests(null);
                  setTrouble(null);
                  order.reset();
                }}
              />
            ) : source === "BUCKET" ? (
              <ObjectSource
                tenancy={scope.tenancy}
                region={chosenRegion}
                vaultCompartment={compartment}
                compartments={tenancy?.compartments ?? []}
                choice={object}
                onChange={setObject}
              />
            ) : (
              <TextField
                label="Pre-authenticated URL"
                help="A secret; it is not kept in the receipt."
                mono
                autoComplete="off"
                spellCheck={false}
                value={uri}
                onChange={(event) => setUri(event.target.value)}
              />
            )}
          </div>
        </Section>
      </div>
      <div className="min-w-0 lg:sticky lg:top-16 lg:col-span-2">
        <Section title="Decision">
          <div className="space-y-4">
            <SlotsNotice room={room} />
            {progress === null ? null : <FileProgress work={progress} onPause={holdOn} onCancel={cancel} />}
            {digests === null ? null : (
              <dl className="space-y-1 text-xs text-muted">
                <div>
                  <dt className="inline">Content-MD5 </dt>
                  <dd className="inline">
                    <CopyText text={digests.md5} what="Content-MD5" full />
                  </dd>
                </div>
                <div>
                  <dt className="inline">SHA-256, base64 </dt>
                  <dd className="inline">
                    <CopyText text={digests.sha256} what="SHA-256" full />
                  </dd>
                </div>
              </dl>
            )}
            {trouble === null ? null : (
              <Callout tone="warn" role="status" title="Not restored">
                {trouble}
              </Callout>
            )}
            <WhyFields value={why} onChange={setWhy} isAsked={isAsked} />
            {isAsked ? <AskNotice /> : null}
            {agreed !== null && source === "file" ? (
              <Callout tone="ok" title="A second person has agreed">
                Choose the file you asked for; any other is refused.
              </Callout>
            ) : null}
            <NewVaultTrouble phase={phase} onResend={order.resend} region={chosenRegion} />
            {problem === null ? null : (
              <p role="status" className="text-sm text-muted">
                {problem}
              </p>
            )}
            <Button
              type="submit"
              variant="primary"
              size="lg"
              loading={isUnderWay}
              disabledReason={problem ?? room.verdict.reason}
              className="w-full"
            >
              {isAsked ? `Ask for approval: restore vault in ${chosenRegion}` : `Restore vault in ${chosenRegion}`}
            </Button>
            <ButtonLink href="/vaults" className="w-full">
              Restore nothing
            </ButtonLink>
          </div>
        </Section>
      </div>
    </form>
  );
}
