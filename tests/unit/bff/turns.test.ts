import { expect, test } from "vitest";
import { createTurns } from "#lib/bff/turns.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("little begins at once", async () => {
  const takeTurn = createTurns();
  const begun: string[] = [];
  for (const who of ["a", "b"]) {
    takeTurn(who, () => begun.push(who));
    expect(begun).toContain(who);
    await turn();
  }
});

test("who asks five hundred times at once is in nobody's way, and everything begins in the end", async () => {
  const takeTurn = createTurns();
  const begun: string[] = [];
  for (let each = 0; each < 500; each += 1) takeTurn("noisy", () => begun.push("noisy"));
  takeTurn("quiet", () => begun.push("quiet"));
  takeTurn("other", () => begun.push("other"));
  for (let each = 0; each < 3; each += 1) await turn();
  expect(begun.length).toBeLessThan(50);
  expect(begun).toContain("quiet");
  expect(begun).toContain("other");
  for (let each = 0; each < 600; each += 1) await turn();
  expect(begun).toHaveLength(502);
});

test("one's own begin in the order they came", async () => {
  const takeTurn = createTurns();
  const begun: number[] = [];
  for (let each = 0; each < 100; each += 1) takeTurn("one", () => begun.push(each));
  for (let each = 0; each < 200; each += 1) await turn();
  expect(begun).toEqual(Array.from({ length: 100 }, (_, each) => each));
});
