import { describe, expect, it } from "vitest";
import { cn } from "#components/ui/cn.ts";

describe("class names of which the later wins", () => {
  it.each([
    ["h-8 px-3", "h-7", "px-3 h-7"],
    ["text-sm text-muted", "text-ink", "text-sm text-ink"],
    ["text-sm text-muted", "text-lg", "text-muted text-lg"],
    ["text-accent hover:underline", "text-ink truncate", "hover:underline text-ink truncate"],
    ["border border-line rounded-lg", "border-danger-line rounded-md", "border border-danger-line rounded-md"],
    ["border-b-2 border-transparent", "border-accent", "border-b-2 border-accent"],
    ["inline-flex", "hidden", "hidden"],
    ["hover:bg-hover bg-surface", "bg-selected", "hover:bg-hover bg-selected"],
    ["hover:bg-hover", "hover:bg-selected", "hover:bg-selected"],
    ["min-w-0 w-full", "w-80", "min-w-0 w-80"],
    ["font-medium", "font-mono font-normal", "font-mono font-normal"],
    ["[&_svg]:size-4", "[&_svg]:size-3", "[&_svg]:size-3"],
    ["flex flex-col", "flex-1 flex-row", "flex flex-1 flex-row"],
    ["shadow-low", "shadow-none", "shadow-none"],
    ["size-2!", "size-3", "size-2! size-3"],
    ["px-3 pt-1", "p-0", "p-0"],
    ["p-4", "px-2", "p-4 px-2"],
    ["mt-2", "-mt-1", "-mt-1"],
    ["border-t border-b", "border-0", "border-0"],
    ["border-b border-line", "border-r", "border-b border-line border-r"],
    ["border-separate", "border-line", "border-separate border-line"],
    ["rounded-lg", "rounded-t-xl", "rounded-lg rounded-t-xl"],
    ["left-1 right-2", "inset-x-0", "inset-x-0"],
    ["h-4 w-6", "size-5", "size-5"],
    ["sm:px-3", "p-0", "sm:px-3 p-0"],
  ])("%s + %s", (base, more, expected) => {
    expect(cn(base, more)).toBe(expected);
  });

  it("leaves out what is not", () => {
    expect(cn("a", false, undefined, null, "", ["b", { c: true, d: false }])).toBe("a b c");
    expect(cn()).toBe("");
  });
});
