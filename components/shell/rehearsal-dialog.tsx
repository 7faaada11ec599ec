"use client";

import { Button } from "#components/ui/button.tsx";
import { CopyText } from "#components/ui/copy-text.tsx";
import { Dialog } from "#components/ui/dialog.tsx";

/** How to make it real: what a person who only ever saw the rehearsal has to do. */
export function RehearsalDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Connect a real tenancy"
      description="The console then talks to Oracle instead of the rehearsal. Nothing else changes."
      footer={<Button onClick={() => onOpenChange(false)}>Close</Button>}
    >
      <ol className="list-decimal space-y-3 pl-5 text-sm text-pretty marker:text-faint">
        <li>
          On the machine that runs this console, have an OCI configuration file with an API key (the one the OCI CLI
          uses will do). The key must be readable by you alone.
        </li>
        <li>
          Name it in the console's settings, in the file <span className="code">.env</span> or in the environment:
          <div className="mt-1 rounded-md border border-line bg-sunken px-2 py-1.5">
            <CopyText text="OCI_CONFIG_FILE=~/.oci/config" what="setting" full />
          </div>
        </li>
        <li>
          Stop the console and start it again. It prints a one-time token; sign in with that.
          <div className="mt-1 rounded-md border border-line bg-sunken px-2 py-1.5">
            <CopyText text="npm start" what="command" full />
          </div>
        </li>
      </ol>
      <p className="mt-3 text-xs text-pretty text-muted">
        The key stays on that machine: the server signs every call, the browser never sees a credential. All settings,
        with their defaults, are in <span className="code">.env.example</span>.
      </p>
    </Dialog>
  );
}
