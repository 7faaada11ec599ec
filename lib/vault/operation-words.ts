/** What people call what they do. */
const verbs: Readonly<Record<string, string>> = {
  createVault: "Create vault",
  updateVault: "Edit vault",
  changeVaultCompartment: "Move vault",
  backupVault: "Back up vault",
  restoreVaultFromFile: "Restore vault from file",
  restoreVaultFromObjectStore: "Restore vault from object storage",
  createVaultReplica: "Create replica",
  deleteVaultReplica: "Delete replica",
  scheduleVaultDeletion: "Schedule deletion",
  cancelVaultDeletion: "Cancel deletion",
  putObject: "Put object",
  deleteObject: "Delete object",
  createPreauthenticatedRequest: "Create pre-authenticated request",
  signIn: "Sign in",
  makeFirstAdmin: "Set up first admin",
  acceptInvitation: "Accept invitation",
  changePassword: "Change password",
  addPerson: "Add person",
  invitePerson: "Invite person anew",
  changeRole: "Change role",
  disablePerson: "Disable person",
  enablePerson: "Enable person",
  endSessions: "End sessions",
  askApproval: "Ask for approval",
  approve: "Approve",
  denyApproval: "Deny approval",
  withdrawApproval: "Withdraw request for approval",
  reveal: "Reveal hidden fields",
  makeFeed: "Make calendar link",
  endFeed: "End calendar link",
};

/** What was asked for, as a person would say it. */
export function operationLabel(operation: string): string {
  return verbs[operation] ?? operation;
}

/** Every operation with its words, in the order of the table. */
export const operationLabels: readonly (readonly [operation: string, label: string])[] = Object.entries(verbs);
