"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Section } from "#components/ui/card.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, TextField } from "#components/ui/field.tsx";
import { formatBytes, formatSpan } from "#components/ui/format.ts";
import { Page, PageHeader } from "#components/ui/page.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { Select } from "#components/ui/select.tsx";
import { useNewVault } from "#lib/browser/new-vault.ts";
import { useRole } from "#lib/browser/session.ts";
import { bucketsQuery } from "#lib/browser/storage.ts";
import { hashFile, uploadBackup } from "#lib/browser/upload.ts";
import { askService } from "#lib/browser/vault.ts";
import type { BackupLocation, Vault } from "#lib/contract/models.ts";
import { judgeRole } from "#lib/vault/actions.ts";
import { stateFacts } from "#lib/vault/lifecycle.ts";
import type { TenancyChoice } from "./create-vault-page.tsx";
import { NewVaultOutcome, NewVaultTrouble } from "./new-vault-progress.tsx";

type Source = "file" | "BUCKET" | "PRE_AUTHENTICATED_REQUEST_URI";

/** Bringing a vault back from a backup: a file, an object, or a pre-authenticated URL. */
export function RestorePage({ tenancies }: { tenancies: readonly TenancyChoice[] }) {
  const verdict = judgeRole("restoreVaultFromFile", useRole());
  return (
    <Page>
      <PageHeader
        crumbs={[{ label: "Vaults", href: "/vaults" }]}
        title="Restore a vault"
        description="From a backup, into the tenancy and compartment it came from. In its own region it keeps its OCID; in another one it gets a new one."
      />
      {verdict.isAllowed ? (
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

interface Progress {
  readonly what: "Computing the MD5" | "Uploading";
  readonly done: number;
  readonly total: number;
  readonly sinceMs: number;
}

function RestoreForm({ tenancies }: { tenancies: readonly TenancyChoice[] }) {
  const [tenancyId, setTenancyId] = useState("");
  const tenancy = tenancies.find((each) => each.id === tenancyId) ?? tenancies[0];
  const [region, setRegion] = useState("");
  const [compartment, setCompartment] = useState("");
  const [source, setSource] = useState<Source>("file");
  const [file, setFile] = useState<File | null>(null);
  const [bucket, setBucket] = useState("");
  const [objectName, setObjectName] = useState("");
  const [uri, setUri] = useState("");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [md5, setMd5] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const giveUp = useRef<AbortController | null>(null);
  const order = useNewVault();
  const { phase } = order;
  const chosenRegion = region === "" ? (tenancy?.homeRegion ?? "") : region;
  const scope = { tenancy: tenancy?.id ?? "", region: chosenRegion, compartmentId: compartment };
  const buckets = useQuery({ ...bucketsQuery(scope), enabled: source === "BUCKET" && compartment !== "" });
  useEffect(() => () => giveUp.current?.abort(), []);

  const problem =
    compartment === ""
      ? "Choose the compartment the backup came from."
      : source === "file" && file === null
        ? "Choose the backup file."
        : source === "file" && file?.size === 0
          ? "The file is empty."
          : source === "BUCKET" && (bucket === "" || objectName.trim() === "")
            ? "Name the bucket and the object."
            : source === "PRE_AUTHENTICATED_REQUEST_URI" && !/^https?:\/\/\S+$/.test(uri.trim())
              ? "Paste the whole pre-authenticated URL."
              : null;
  const isUnderWay = progress !== null || phase.kind === "sending" || phase.kind === "waiting";
  const isSettled = (vault: Vault) => !stateFacts(vault.lifecycleState).isTransient;

  const restoreFile = async (chosen: File) => {
    const control = new AbortController();
    giveUp.current = control;
    setTrouble(null);
    try {
      const total = chosen.size;
      setProgress({ what: "Computing the MD5", done: 0, total, sinceMs: performance.now() });
      const digest = await hashFile(
        chosen,
        (done) => setProgress((now) => (now === null ? now : { ...now, done })),
        control.signal,
      );
      setMd5(digest);
      order.start({
        ...scope,
        isSettled,
        send: async (token) => {
          setProgress({ what: "Uploading", done: 0, total, sinceMs: performance.now() });
          try {
            return await uploadBackup(
              { ...scope, file: chosen, md5: digest, token },
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
  const cancel = () => {
    giveUp.current?.abort();
    order.reset();
    setProgress(null);
    setTrouble("The upload was cancelled. Nothing of the file is kept; the service restored nothing.");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== null || isUnderWay) return;
    if (source === "file" && file !== null) return void restoreFile(file);
    const backupLocation: BackupLocation =
      source === "BUCKET"
        ? { destination: "BUCKET", namespace: buckets.data?.namespace ?? "", bucketName: bucket, objectName }
        : { destination: "PRE_AUTHENTICATED_REQUEST_URI", uri: uri.trim() };
    order.start({
      ...scope,
      isSettled,
      send: (token) =>
        askService<"restoreVaultFromObjectStore", Vault>(
          "restoreVaultFromObjectStore",
          { compartmentId: compartment, opcRetryToken: token, body: { backupLocation } },
          scope,
        ),
    });
  };

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
            <Select
              label="Compartment"
              help="The one the vault was backed up in."
              value={compartment}
              onChange={setCompartment}
              options={[
                { value: "", label: "Choose a compartment" },
                ...(tenancy?.compartments ?? []).map((each) => ({ value: each.id, label: each.path })),
              ]}
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
              <Field
                label="Backup file"
                help={
                  file === null
                    ? "As it was downloaded; it is not opened here."
                    : `${formatBytes(file.size)}, nothing is sent yet`
                }
              >
                {(ids) => (
                  <input
                    {...ids}
                    type="file"
                    disabled={isUnderWay}
                    onChange={(event) => {
                      setFile(event.target.files?.[0] ?? null);
                      setMd5(null);
                      order.reset();
                    }}
                    className="block w-full min-w-0 text-sm file:mr-3 file:rounded-md file:border file:border-edge file:bg-surface file:px-3 file:py-1.5 file:text-sm file:text-ink"
                  />
                )}
              </Field>
            ) : source === "BUCKET" ? (
              <>
                <Select
                  label="Bucket"
                  help={
                    compartment === ""
                      ? "Choose the compartment first."
                      : buckets.isPending
                        ? "Reading the buckets…"
                        : (buckets.error?.message ?? undefined)
                  }
                  value={bucket}
                  onChange={setBucket}
                  options={[
                    { value: "", label: "Choose a bucket" },
                    ...(buckets.data?.names ?? []).map((name) => ({ value: name, label: name })),
                  ]}
                />
                <TextField
                  label="Object name"
                  mono
                  maxLength={1024}
                  value={objectName}
                  onChange={(event) => setObjectName(event.target.value)}
                />
              </>
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
            {progress === null ? null : <FileProgress progress={progress} onCancel={cancel} />}
            {md5 === null ? null : (
              <p className="text-xs text-muted">
                Content-MD5 <CopyText text={md5} what="Content-MD5" full />
              </p>
            )}
            {trouble === null ? null : (
              <Callout tone="warn" role="status" title="Not restored">
                {trouble}
              </Callout>
            )}
            <NewVaultTrouble phase={phase} onResend={order.resend} />
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
              disabledReason={problem ?? undefined}
              className="w-full"
            >
              Restore vault in {chosenRegion}
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

/** How far, how fast, how long still; and the way out. */
function FileProgress({ progress, onCancel }: { progress: Progress; onCancel: () => void }) {
  const { what, done, total, sinceMs } = progress;
  const [now, setNow] = useState(sinceMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const perMs = now > sinceMs ? done / (now - sinceMs) : 0;
  const leftMs = perMs > 0 ? (total - done) / perMs : null;
  return (
    <div className="space-y-2">
      <div className="flex justify-between gap-3 text-sm">
        <span className="font-medium">{what}</span>
        <span className="nums text-muted">{Math.round((done / Math.max(1, total)) * 100)} %</span>
      </div>
      <progress aria-label={what} max={total} value={done} className="h-2 w-full accent-accent" />
      <p className="nums text-xs text-muted">
        {formatBytes(done)} of {formatBytes(total)}
        {perMs > 0 ? ` · ${formatBytes(perMs * 1000)} a second` : ""}
        {leftMs !== null && leftMs > 1000 ? ` · ${formatSpan(leftMs, 1)} left` : ""}
      </p>
      <Button size="sm" onClick={onCancel}>
        Cancel the upload
      </Button>
    </div>
  );
}
