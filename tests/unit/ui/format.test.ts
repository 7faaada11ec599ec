import { expect, test } from "vitest";
import { truncateOcids } from "#components/ui/format.ts";

test("OCIDs in the service's words are cut as everywhere else, and nothing else is", () => {
  const ocid = `ocid1.vault.oc1.iad.${"a".repeat(40)}.${"b".repeat(54)}cdefgh`;
  expect(truncateOcids(`The vault ${ocid} is not ACTIVE: ask 0123456789abcdef0123456789abcdef.`)).toBe(
    "The vault ocid1.vault.oc1.ia…cdefgh is not ACTIVE: ask 0123456789abcdef0123456789abcdef.",
  );
  expect(truncateOcids(`${ocid}, ${ocid}.`)).toBe("ocid1.vault.oc1.ia…cdefgh, ocid1.vault.oc1.ia…cdefgh.");
  expect(truncateOcids("Nothing of the kind.")).toBe("Nothing of the kind.");
});
