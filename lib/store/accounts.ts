/** People: who may use the console, vouched for by a password here, by an identity provider, or by the rehearsal. */
import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import type { Database, Tables } from "./database.ts";
import { endFeed } from "./feeds.ts";

export interface Account {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
  readonly password: string | null;
  readonly epoch: number;
  readonly disabledAt: number | null;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
}

/** An identity as somebody vouches for it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly role: string;
  /** Groups somebody else vouches for, as far as the policy speaks of them. */
  readonly groups?: readonly string[];
}

function fromRow(row: Selectable<Tables["accounts"]>): Account {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    name: row.name,
    role: row.role,
    groups: JSON.parse(row.idp_groups),
    password: row.password,
    epoch: Number(row.epoch),
    disabledAt: row.disabled_at === null ? null : Number(row.disabled_at),
    createdAt: Number(row.created_at),
    lastSignInAt: row.last_sign_in_at === null ? null : Number(row.last_sign_in_at),
  };
}

/** The account with this id, or null. */
export async function findAccount(db: Database, id: string): Promise<Account | null> {
  const row = await db.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** The account of an identity, or null. */
export async function findIdentity(db: Database, issuer: string, subject: string): Promise<Account | null> {
  const row = await db
    .selectFrom("accounts")
    .selectAll()
    .where("issuer", "=", issuer)
    .where("subject", "=", subject)
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Everybody of these issuers, by name. */
export async function listAccounts(db: Database, issuers: readonly string[]): Promise<Account[]> {
  const rows = await db.selectFrom("accounts").selectAll().where("issuer", "in", issuers).orderBy("name").execute();
  return rows.map(fromRow);
}

/** Adds an account; null when the identity exists already. */
export async function addAccount(
  db: Database,
  identity: Identity & { readonly password: string | null },
  now: number,
): Promise<Account | null> {
  const result = await db
    .insertInto("accounts")
    .values({
      id: randomUUID(),
      issuer: identity.issuer,
      subject: identity.subject,
      name: identity.name,
      role: identity.role,
      password: identity.password,
      idp_groups: groupsText(identity),
      epoch: 1,
      disabled_at: null,
      created_at: now,
      last_sign_in_at: null,
    })
    .onConflict((conflict) => conflict.columns(["issuer", "subject"]).doNothing())
    .executeTakeFirst();
  if (Number(result.numInsertedOrUpdatedRows) !== 1) return null;
  return findIdentity(db, identity.issuer, identity.subject);
}

/** The account of an identity somebody else vouches for, made or brought up to date. A changed role or group ends its sessions. */
export async function keepIdentity(db: Database, identity: Identity, now: number): Promise<Account> {
  await addAccount(db, { ...identity, password: null }, now);
  const { issuer, subject, name, role } = identity;
  const ours = db.updateTable("accounts").where("issuer", "=", issuer).where("subject", "=", subject);
  await ours.set({ name }).where("name", "!=", name).execute();
  await ours
    .set((from) => ({ role, epoch: from("epoch", "+", 1) }))
    .where("role", "!=", role)
    .execute();
  const groups = groupsText(identity);
  await ours
    .set((from) => ({ idp_groups: groups, epoch: from("epoch", "+", 1) }))
    .where("idp_groups", "!=", groups)
    .execute();
  const account = await findIdentity(db, issuer, subject);
  if (account === null) throw new Error("an account that was just written is not there");
  return account;
}

const groupsText = ({ groups = [] }: Identity): string => JSON.stringify([...groups].sort());

/** Notes a sign-in. */
export async function noteSignIn(db: Database, id: string, now: number): Promise<void> {
  await db.updateTable("accounts").set({ last_sign_in_at: now }).where("id", "=", id).execute();
}

/** Keeps a password; sessions and the calendar feed end when `endsSessions`, and stay when the same password was only hashed anew. */
export async function setPassword(
  db: Database,
  id: string,
  password: string | null,
  options: { endsSessions: boolean },
): Promise<void> {
  await db
    .updateTable("accounts")
    .set((from) => ({ password, ...(options.endsSessions ? { epoch: from("epoch", "+", 1) } : {}) }))
    .where("id", "=", id)
    .execute();
  if (options.endsSessions) await endFeed(db, id);
}

/** An admin who could sign in: not disabled, and with a password where the console keeps it. */
function workingAdmins(db: Database) {
  return db
    .selectFrom("accounts")
    .select("id")
    .where("role", "=", "admin")
    .where("disabled_at", "is", null)
    .where("issuer", "!=", "rehearsal")
    .where((from) => from.or([from("issuer", "!=", "local"), from("password", "is not", null)]));
}

/** Whether anybody could administer the console. `issuers`: those who may sign in now. */
export async function hasAdmin(db: Database, issuers: readonly string[]): Promise<boolean> {
  return (await workingAdmins(db).where("issuer", "in", issuers).limit(1).executeTakeFirst()) !== undefined;
}

/** What an admin may change about a person. Every one of them ends the person's sessions and calendar feed. */
export interface AccountChange {
  readonly role?: string;
  /** Null enables again. */
  readonly disabledAt?: number | null;
  /** Null: a new invitation decides. */
  readonly password?: null;
}

/**
 * Changes an account unless that would leave nobody to administer the console (`last-admin`). `issuers`: those who may
 * sign in now.
 */
export async function changeAccount(
  db: Database,
  id: string,
  change: AccountChange,
  issuers: readonly string[],
): Promise<"changed" | "last-admin"> {
  return db.transaction().execute(async (trx) => {
    // One change at a time: the rows of all admins are taken first, on either engine.
    await trx
      .updateTable("accounts")
      .set((from) => ({ epoch: from.ref("epoch") }))
      .where("role", "=", "admin")
      .execute();
    // A list of nothing is an error in PostgreSQL.
    const before = issuers.length === 0 ? [] : await workingAdmins(trx).where("issuer", "in", issuers).execute();
    const isOnly = before.length === 1 && before[0]?.id === id;
    const takesAway =
      (change.role !== undefined && change.role !== "admin") ||
      typeof change.disabledAt === "number" ||
      change.password === null;
    if (isOnly && takesAway) return "last-admin";
    await trx
      .updateTable("accounts")
      .set((from) => ({
        epoch: from("epoch", "+", 1),
        ...(change.role === undefined ? {} : { role: change.role }),
        ...(change.disabledAt === undefined ? {} : { disabled_at: change.disabledAt }),
        ...(change.password === undefined ? {} : { password: change.password }),
      }))
      .where("id", "=", id)
      .execute();
    await endFeed(trx, id);
    return "changed";
  });
}
