/** Regions of the realm oc1 the emulator knows: the three it serves and some it does not, for refusals that ring true. */

export interface RegionFacts {
  readonly name: string;
  readonly key: string;
  /** How the region stands in OCIDs: old regions by their short key. */
  readonly ocidPart: string;
}

export const realmRegions: readonly RegionFacts[] = [
  { name: "us-ashburn-1", key: "IAD", ocidPart: "iad" },
  { name: "eu-frankfurt-1", key: "FRA", ocidPart: "eu-frankfurt-1" },
  { name: "uk-london-1", key: "LHR", ocidPart: "uk-london-1" },
  { name: "us-phoenix-1", key: "PHX", ocidPart: "phx" },
  { name: "ap-tokyo-1", key: "NRT", ocidPart: "ap-tokyo-1" },
  { name: "ap-sydney-1", key: "SYD", ocidPart: "ap-sydney-1" },
  { name: "ap-mumbai-1", key: "BOM", ocidPart: "ap-mumbai-1" },
  { name: "ca-toronto-1", key: "YYZ", ocidPart: "ca-toronto-1" },
  { name: "eu-amsterdam-1", key: "AMS", ocidPart: "eu-amsterdam-1" },
  { name: "sa-saopaulo-1", key: "GRU", ocidPart: "sa-saopaulo-1" },
];

/** Regions with a port of their own, home first. */
export const servedRegions: readonly string[] = ["us-ashburn-1", "eu-frankfurt-1", "uk-london-1"];

/** Facts of a region by identifier; undefined when it is not in the realm. */
export function findRegion(name: string): RegionFacts | undefined {
  return realmRegions.find((region) => region.name === name);
}
