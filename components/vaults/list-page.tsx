"use client";

import { Plus, SearchX, Vault } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { DataTable, type DataTableHandle, type Sort } from "#components/ui/data-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { formatCount, formatNumber } from "#components/ui/format.ts";
import { FillPage, PageHeader, Toolbar } from "#components/ui/page.tsx";
import { patiently } from "#components/ui/patiently.ts";
import { SearchField } from "#components/ui/search-field.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useToast } from "#components/ui/toast.tsx";
import { ApiError, wordsOf } from "#lib/browser/api.ts";
import { useGuardRails, useRole } from "#lib/browser/session.ts";
import type { Inventory } from "#lib/contract/api.ts";
import { queryVaults, type VaultIndex, type VaultPlace, type VaultView } from "#lib/vault/list.ts";
import type { SortColumn } from "#lib/vault/order.ts";
import { chosenColumns, VaultCard, type VaultColumn, vaultColumns } from "./columns.tsx";
import { DataAge } from "./data-age.tsx";
import { FilterChips } from "./filter-chips.tsx";
import { failureWords, useReadingState, useVaultIndex } from "./inventory-state.ts";
import { ColumnMenu, CopyViewLink, ExportMenu } from "./list-tools.tsx";
import { type RowSurroundings, RowSurroundingsContext } from "./row-menu.tsx";
import { ScopePickers } from "./scope-pickers.tsx";
import { rememberTenancies } from "./tenancies-memory.ts";
import { vaultHref } from "./vault-href.ts";
import { useViewState, type ViewState } from "./view-state.ts";

const ErrorBlock = lazy(() =>
  patiently(() => import("#components/ui/error-block.tsx")).then((module) => ({ default: module.ErrorBlock })),
);

const rowId = (place: VaultPlace) => place.key;
const rowName = (place: VaultPlace) => `${place.row.displayName} in ${place.row.region}`;
const card = (place: VaultPlace) => <VaultCard place={place} />;

export interface ListPageProps extends Pick<RowSurroundings, "openDialog"> {
  /** What can be done to the rows that are chosen; `onKeep` leaves only these chosen. */
  renderBulk: (chosen: readonly VaultPlace[], onKeep: (keys: readonly string[]) => void) => ReactNode;
  /** Whether there were several tenancies at the last visit. */
  hadTenancies: boolean;
}

/** All vaults of all tenancies, regions and compartments: one search, filters with counts, one table. */
export function VaultListPage({ openDialog, renderBulk, hadTenancies }: ListPageProps) {
  const view = useViewState();
  const { inventory, index, error, refetch, isFetching } = useVaultIndex();
  const { column, direction } = view.sort;
  const shown = useMemo(
    () => (index === null ? null : queryVaults(index, view.filter, { column, direction })),
    [index, view.filter, column, direction],
  );
  const hasTenancies = useHasTenancies(index, hadTenancies);
  return (
    <FillPage className="gap-3 px-4 py-4 sm:px-6">
      <ListHeader inventory={inventory} index={index} shown={shown} view={view} hasFailed={error !== null} />
      {error !== null && inventory !== null ? <StaleNotice error={error} /> : null}
      <ListBody
        inventory={inventory}
        index={index}
        shown={shown}
        view={view}
        openDialog={openDialog}
        renderBulk={renderBulk}
        hasTenancies={hasTenancies}
        failure={inventory === null ? error : null}
        onRetry={() => void refetch()}
        isRetrying={isFetching}
      />
    </FillPage>
  );
}

interface ListParts {
  inventory: Inventory | null;
  index: VaultIndex | null;
  shown: VaultView | null;
  view: ViewState;
}

/** Grey bars say that something is coming, so there are none beside an error. */
function ListHeader({ inventory, index, shown, view, hasFailed }: ListParts & { hasFailed: boolean }) {
  return (
    <PageHeader
      className="max-sm:[&>div:first-child]:basis-40"
      title="Vaults"
      badges={
        <span role="status" className="nums text-sm text-muted">
          {index !== null && shown !== null ? (
            totals(index, shown)
          ) : hasFailed ? null : (
            <Skeleton className="my-0.75 w-16" />
          )}
        </span>
      }
      description={
        inventory === null ? (
          <div className="flex min-h-7 items-center text-xs text-muted max-sm:min-h-13 max-sm:items-start max-sm:pt-0.5">
            {hasFailed ? "Nothing read yet" : <Skeleton className="h-3 w-64" />}
          </div>
        ) : (
          <DataAge inventory={inventory} />
        )
      }
      actions={
        <>
          <CreateLink />
          <CopyViewLink view={view} />
          {inventory === null ? (
            <ExportMenu rows={[]} oldestReadAt={null} isComplete={false} />
          ) : (
            <ExportOfView inventory={inventory} rows={shown?.rows ?? []} />
          )}
        </>
      }
    />
  );
}

/** For everybody to see; the page says who may. */
function CreateLink() {
  return (
    <ButtonLink href="/vaults/create" icon={<Plus aria-hidden="true" />}>
      <span className="max-sm:sr-only">Create vault</span>
    </ButtonLink>
  );
}

function totals(index: VaultIndex, shown: VaultView): string {
  if (shown.rows.length === index.vaultCount) return formatCount(index.vaultCount, "vault");
  return `${formatNumber(shown.rows.length)} of ${formatCount(index.vaultCount, "vault")}`;
}

function ExportOfView({ inventory, rows }: { inventory: Inventory; rows: readonly VaultPlace[] }) {
  const { oldestReadAt, partsRead, partsTotal, failures } = useReadingState(inventory);
  const isComplete = partsRead === partsTotal && partsTotal > 0 && failures.length === 0;
  return <ExportMenu rows={rows} oldestReadAt={oldestReadAt} isComplete={isComplete} />;
}

function StaleNotice({ error }: { error: Error }) {
  const known = error instanceof ApiError ? error : null;
  // Without any answer the shell already says that the server cannot be reached.
  if (known?.status === 0 || known?.status === 401) return null;
  return (
    <Callout tone="warn" title="This list could not be renewed" role="status">
      {known?.message ?? "The answer could not be understood."} You see what was read before; the console asks again by
      itself.
    </Callout>
  );
}

interface ListBodyProps extends ListParts, Omit<ListPageProps, "hadTenancies"> {
  hasTenancies: boolean;
  failure: Error | null;
  onRetry: () => void;
  isRetrying: boolean;
}

function ListBody({
  inventory,
  index,
  shown,
  view,
  openDialog,
  renderBulk,
  hasTenancies,
  failure,
  onRetry,
  isRetrying,
}: ListBodyProps) {
  const table = useRef<DataTableHandle>(null);
  const surroundings = useSurroundings(index, openDialog);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // Chosen rows stay chosen while a filter hides them; a vault that is gone is not.
  const chosenPlaces = useMemo(
    () => (selected.size === 0 ? [] : (index?.places ?? []).filter(({ key }) => selected.has(key))),
    [index, selected],
  );
  const offered = useOfferedColumns(hasTenancies);
  const chosen = chosenColumns(offered, view.columns);
  const chosenIds = chosen.map((column) => column.id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids say everything; rows are memoised on the array
  const columns = useMemo(() => [...chosen, ...vaultColumns.filter((column) => column.id === "actions")], [chosenIds]);

  if (failure !== null) {
    return (
      <Suspense fallback={null}>
        <ErrorBlock
          look="page"
          {...wordsOf(failure, "The list of vaults could not be understood.")}
          onRetry={onRetry}
          retrying={isRetrying}
        />
      </Suspense>
    );
  }
  return (
    <RowSurroundingsContext value={surroundings}>
      <Toolbar
        label="Search and scope"
        end={<ColumnMenu offered={offered} shown={new Set(chosen.map((column) => column.id))} view={view} />}
      >
        <SearchField
          label="Search vaults"
          placeholder="Name, OCID or its end, endpoint, tag"
          value={view.filter.search}
          onChange={view.search}
          onArrowDown={() => table.current?.focusRows()}
          className="w-full sm:w-80"
        />
        <div className="scroll-thin flex gap-2 max-sm:-mx-4 max-sm:w-screen max-sm:overflow-x-auto max-sm:px-4 max-sm:pb-1 sm:contents">
          <ScopePickers hasTenancies={hasTenancies} index={index} facets={shown?.facets ?? null} view={view} />
        </div>
      </Toolbar>
      <FilterChips facets={shown?.facets ?? null} view={view} />
      {renderBulk(chosenPlaces, (keys) => setSelected(new Set(keys)))}
      <DataTable
        ref={table}
        selected={selected}
        onSelectedChange={setSelected}
        label="Vaults"
        className="flex-1"
        rows={shown?.rows ?? noRows}
        columns={columns}
        rowId={rowId}
        rowName={rowName}
        onOpen={(place) => surroundings.go(vaultHref(place.row))}
        sort={{ id: view.sort.column, descending: view.sort.direction === "desc" }}
        onSortChange={(sort: Sort) => view.sortBy(sort.id as SortColumn, sort.descending ? "desc" : "asc")}
        card={card}
        cardHeight={88}
        loading={index === null || (index.places.length === 0 && isStillReading(inventory))}
        empty={<NothingShown inventory={inventory} index={index} view={view} />}
        restoreKey="vaults"
        question={JSON.stringify([view.filter, view.sort])}
      />
    </RowSurroundingsContext>
  );
}

const noRows: readonly VaultPlace[] = [];

function useSurroundings(index: VaultIndex | null, openDialog: RowSurroundings["openDialog"]): RowSurroundings {
  const [entriesOf, setEntriesOf] = useState<RowSurroundings["entriesOf"]>(null);
  const role = useRole();
  const rails = useGuardRails();
  const toast = useToast();
  const router = useRouter();
  useEffect(() => {
    let isWanted = true;
    // The rules come with the operations and their schemas: nothing the first screen needs, so they are loaded after it.
    void patiently(() => import("./row-entries.tsx")).then(
      ({ rowEntries }) => isWanted && setEntriesOf(() => rowEntries),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return useMemo(
    () => ({
      entriesOf,
      role,
      rails,
      lineageOf: (id) => index?.tree.byId.get(id)?.lineage ?? null,
      toast,
      openDialog,
      go: (path) => router.push(path as Route),
    }),
    [entriesOf, role, rails, index, toast, openDialog, router],
  );
}

/** With one tenancy its column would say the same in every row. */
/** As it is once it is known, as it was before; kept for the next visit. */
function useHasTenancies(index: VaultIndex | null, hadTenancies: boolean): boolean {
  const tenancies = index?.tree.roots.length ?? 0;
  const hasTenancies = tenancies === 0 ? hadTenancies : tenancies > 1;
  useEffect(() => {
    if (tenancies > 0) rememberTenancies(hasTenancies);
  }, [tenancies, hasTenancies]);
  return hasTenancies;
}

function useOfferedColumns(hasTenancies: boolean): readonly VaultColumn[] {
  return useMemo(
    () => vaultColumns.filter((column) => column.id !== "actions" && (column.id !== "tenancy" || hasTenancies)),
    [hasTenancies],
  );
}

function isStillReading(inventory: Inventory | null): boolean {
  return inventory === null || inventory.tenancies.some((tenancy) => tenancy.isScanning);
}

function NothingShown({ inventory, index, view }: Pick<ListParts, "inventory" | "index" | "view">): ReactNode {
  if (index !== null && index.places.length > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="No vault matches"
        action={
          <Button variant="primary" onClick={view.clear}>
            Clear search and filters
          </Button>
        }
      >
        {formatCount(index.vaultCount, "vault")} {index.vaultCount === 1 ? "was" : "were"} read, and the search and
        filters leave none of them.
      </EmptyState>
    );
  }
  const failures = inventory?.tenancies.flatMap((tenancy) => tenancy.failures) ?? [];
  const first = failures[0];
  if (first !== undefined) {
    return (
      <Suspense fallback={null}>
        <ErrorBlock
          look="page"
          title="No vault could be read"
          why={failureWords(first)}
          whatToDo="The console asks again by itself. Whoever runs it should check its configuration and the service's status."
          code={first.code}
          requestId={first.requestId ?? undefined}
        />
      </Suspense>
    );
  }
  return (
    <EmptyState icon={<Vault />} title="There are no vaults yet">
      Every compartment in every region was read, and none holds a vault that the console's user may see.
    </EmptyState>
  );
}
