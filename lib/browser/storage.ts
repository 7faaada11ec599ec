/** Object Storage as far as backups need it. */
import { queryOptions } from "@tanstack/react-query";
import type { BucketSummary, ListObjects, ObjectSummary } from "#lib/contract/models.ts";
import { askService } from "./vault.ts";

export interface BucketScope {
  readonly tenancy: string;
  readonly region: string;
  readonly compartmentId: string;
  /** Empty: the tenancy's own. */
  readonly namespace: string;
}

export interface Buckets {
  readonly namespace: string;
  readonly names: readonly string[];
}

/** The buckets of one compartment in one region, and the namespace they are in. */
export function bucketsQuery({ tenancy, region, compartmentId, namespace: wanted }: BucketScope) {
  return queryOptions({
    queryKey: ["listBuckets", { tenancy, region, compartmentId, wanted }] as const,
    queryFn: async ({ signal }): Promise<Buckets> => {
      const place = { tenancy, region };
      const namespace =
        wanted === "" ? (await askService<"getNamespace", string>("getNamespace", {}, place, { signal })).body : wanted;
      const names: string[] = [];
      let page: string | undefined;
      do {
        const answer = await askService<"listBuckets", BucketSummary[]>(
          "listBuckets",
          { namespaceName: namespace, compartmentId, ...(page === undefined ? {} : { page }) },
          place,
          { signal },
        );
        names.push(...answer.body.map((bucket) => bucket.name));
        page = answer.nextPage ?? undefined;
      } while (page !== undefined && names.length < 1000);
      return { namespace, names };
    },
    staleTime: 30_000,
    retry: false,
  });
}

/** Namespaces of several tenancies by OCID; one that cannot be read is left out. */
export function namespacesQuery(tenancies: readonly string[], region: string) {
  return queryOptions({
    queryKey: ["getNamespace", { tenancies, region }] as const,
    queryFn: async ({ signal }) => {
      const found = await Promise.allSettled(
        tenancies.map(async (tenancy) => {
          const answer = await askService<"getNamespace", string>("getNamespace", {}, { tenancy, region }, { signal });
          return [tenancy, answer.body] as const;
        }),
      );
      return Object.fromEntries(found.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
    },
    staleTime: 3_600_000,
  });
}

export interface ObjectScope {
  readonly tenancy: string;
  readonly region: string;
  readonly namespace: string;
  readonly bucket: string;
  readonly objectName: string;
}

/** One object as the bucket lists it; null when it is not there. */
export function backupObjectQuery({ tenancy, region, namespace, bucket, objectName }: ObjectScope) {
  return queryOptions({
    queryKey: ["listObjects", { tenancy, region, namespace, bucket, objectName }] as const,
    queryFn: async ({ signal }): Promise<ObjectSummary | null> => {
      const answer = await askService<"listObjects", ListObjects>(
        "listObjects",
        { namespaceName: namespace, bucketName: bucket, prefix: objectName, fields: "name,size,timeCreated,md5" },
        { tenancy, region },
        { signal },
      );
      return answer.body.objects.find((object) => object.name === objectName) ?? null;
    },
    retry: 2,
  });
}

const objectsShownMax = 100;

/** Objects of a bucket whose names begin with `prefix`, by name; `hasMore` when there are more than fit. */
export function objectsQuery(scope: Omit<ObjectScope, "objectName"> & { readonly prefix: string }) {
  const { tenancy, region, namespace, bucket, prefix } = scope;
  return queryOptions({
    queryKey: ["listObjects", { tenancy, region, namespace, bucket, prefix }] as const,
    queryFn: async ({ signal }) => {
      const answer = await askService<"listObjects", ListObjects>(
        "listObjects",
        {
          namespaceName: namespace,
          bucketName: bucket,
          fields: "name,size,timeCreated",
          limit: objectsShownMax,
          ...(prefix === "" ? {} : { prefix }),
        },
        { tenancy, region },
        { signal },
      );
      return { objects: answer.body.objects, hasMore: answer.body.nextStartWith != null };
    },
    staleTime: 10_000,
    retry: false,
  });
}

/** Where the browser downloads an object; the server streams it and checks its MD5. */
export function objectHref({ tenancy, region, namespace, bucket, objectName }: ObjectScope): string {
  const path = `/n/${encodeURIComponent(namespace)}/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(objectName)}`;
  return `/api/oci/${tenancy}/objectstorage/${region}${path}`;
}
