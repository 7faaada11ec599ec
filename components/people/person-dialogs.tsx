"use client";

import { useState } from "react";
import { AskedOutcome, AskNotice } from "#components/ui/asked-outcome.tsx";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog, Dialog } from "#components/ui/dialog.tsx";
import { ErrorBlock } from "#components/ui/error-block.tsx";
import { Textarea, TextField } from "#components/ui/field.tsx";
import { RadioCards } from "#components/ui/radio-cards.tsx";
import { wordsOf } from "#lib/browser/api.ts";
import { askReasonMin, useFourEyes } from "#lib/browser/approvals.ts";
import { type PersonChange, useAskForRole, useChangePeople } from "#lib/browser/people.ts";
import { type ConsoleRole, consoleRoles, type PeopleAnswer, type Person } from "#lib/contract/api.ts";
import { isGrant, roleNames } from "#lib/vault/actions.ts";

const roleSentences: Record<ConsoleRole, string> = {
  helpdesk: "Sees every vault and explains it; changes nothing.",
  operator: "Does what can be undone: names, tags, backups, cancelling a deletion.",
  admin: "Does everything, and decides who may use the console.",
  auditor: "Reads everything, receipts included; changes nothing.",
};

function RoleChoice({ value, onChange }: { value: ConsoleRole; onChange: (role: ConsoleRole) => void }) {
  return (
    <RadioCards
      label="Role"
      options={consoleRoles.map((role) => ({ value: role, title: roleNames[role], description: roleSentences[role] }))}
      value={value}
      onChange={onChange}
    />
  );
}

function Failure({ error }: { error: Error | null }) {
  if (!error) return null;
  return <ErrorBlock {...wordsOf(error, "The change could not be made.")} />;
}

interface DialogParts {
  onClose: () => void;
  onDone: (answer: PeopleAnswer) => void;
}

/** Adds somebody, who then gets a link to choose a password. */
export function AddPersonDialog({ open, onClose, onDone }: DialogParts & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title="Add person"
      description="You get a link to give to the person, who chooses a password with it."
    >
      {open ? <AddPersonForm onClose={onClose} onDone={onDone} /> : null}
    </Dialog>
  );
}

function AddPersonForm({ onClose, onDone }: DialogParts) {
  const change = useChangePeople();
  const [name, setName] = useState("");
  const [role, setRole] = useState<ConsoleRole>("helpdesk");
  const [isTried, setIsTried] = useState(false);
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (name.trim().length > 1) change.mutate({ change: "add", body: { name, role } }, { onSuccess: onDone });
      }}
    >
      <TextField
        label="Name"
        help="The person signs in with it, and receipts carry it."
        autoComplete="off"
        value={name}
        error={isTried && name.trim().length < 2 ? "Type the person's name." : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <RoleChoice value={role} onChange={setRole} />
      <Failure error={change.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={change.isPending}>
          Add person
        </Button>
      </div>
    </form>
  );
}

interface Asked {
  readonly person: Person;
  readonly change: PersonChange["change"];
}

type Question = { title: string; body: string; confirm: string; keep: string; isDanger: boolean };

const questions: Record<"disable" | "enable" | "invite" | "end-sessions", (name: string) => Question> = {
  disable: (name) => ({
    title: `Disable ${name}?`,
    body: "All sessions end at once, and signing in is refused until the person is enabled again.",
    confirm: "Disable person",
    keep: "Keep enabled",
    isDanger: true,
  }),
  enable: (name) => ({
    title: `Enable ${name}?`,
    body: "The person can sign in again.",
    confirm: "Enable person",
    keep: "Keep disabled",
    isDanger: false,
  }),
  invite: (name) => ({
    title: `Invite ${name} anew?`,
    body: "The present password stops working at once, all sessions end, and you get a link for choosing a new one.",
    confirm: "Make a new invitation",
    keep: "Keep the password",
    isDanger: true,
  }),
  "end-sessions": (name) => ({
    title: `End all sessions of ${name}?`,
    body: "The person is signed out everywhere at once and can sign in again.",
    confirm: "End sessions",
    keep: "Leave them",
    isDanger: false,
  }),
};

/** The question before a change to a person. */
export function ChangeDialog({ asked, onClose, onDone }: DialogParts & { asked: Asked | null }) {
  const change = useChangePeople();
  const [shown, setShown] = useState(asked);
  if (asked && asked !== shown) {
    setShown(asked);
    change.reset();
  }
  if (shown === null) return null;
  if (shown.change === "role") {
    return <RoleDialog person={shown.person} open={asked !== null} onClose={onClose} onDone={onDone} />;
  }
  if (shown.change === "add") return null;
  const name = shown.change;
  const question = questions[name](shown.person.name);
  return (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={question.title}
      confirmLabel={question.confirm}
      keepLabel={question.keep}
      tone={question.isDanger ? "danger" : "primary"}
      busy={change.isPending}
      error={change.error ? <Failure error={change.error} /> : undefined}
      onConfirm={() => change.mutate({ change: name, body: { id: shown.person.id } }, { onSuccess: onDone })}
    >
      {question.body}
    </ConfirmDialog>
  );
}

function RoleDialog({ person, open, onClose, onDone }: DialogParts & { person: Person; open: boolean }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={`Change the role of ${person.name}`}
      description="All sessions of the person end; the new role counts from the next sign-in."
    >
      {open ? <RoleForm person={person} onClose={onClose} onDone={onDone} /> : null}
    </Dialog>
  );
}

function RoleForm({ person, onClose, onDone }: DialogParts & { person: Person }) {
  const change = useChangePeople();
  const ask = useAskForRole();
  const isOn = useFourEyes()?.isOn === true;
  const [role, setRole] = useState(person.role);
  const isAsked = isOn && isGrant(person.role, role);
  const [reason, setReason] = useState("");
  const problem =
    role === person.role
      ? "Choose another role."
      : isAsked && reason.trim().length < askReasonMin
        ? `Say why, in ${askReasonMin} characters or more.`
        : undefined;
  if (ask.data !== undefined) {
    return (
      <div className="space-y-4">
        <AskedOutcome {...ask.data} />
        <div className="flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    );
  }
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem !== undefined) return;
        if (isAsked) ask.mutate({ id: person.id, role, reason: reason.trim() });
        else change.mutate({ change: "role", body: { id: person.id, role } }, { onSuccess: onDone });
      }}
    >
      <RoleChoice value={role} onChange={setRole} />
      {isAsked ? (
        <>
          <Textarea
            label="Why?"
            help="The second person decides by it."
            required
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <AskNotice />
        </>
      ) : null}
      <Failure error={change.error ?? ask.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Keep {roleNames[person.role].toLowerCase()}</Button>
        <Button type="submit" variant="primary" loading={change.isPending || ask.isPending} disabledReason={problem}>
          {isAsked ? "Ask for approval" : "Change role"}
        </Button>
      </div>
    </form>
  );
}
