import { type ClassValue, clsx } from "clsx";

/** Families whose members all set one property: `h-8` and `h-10`, `shadow-low` and `shadow-none`. */
const families =
  /^(?:min-h|min-w|max-h|max-w|size|h|w|px|py|pt|pr|pb|pl|p|mx|my|mt|mr|mb|ml|m|gap-x|gap-y|gap|space-x|space-y|inset-x|inset-y|inset|top|right|bottom|left|z|bg|shadow|opacity|rounded-[tblrse]{1,2}|rounded|items|justify-self|justify|self|basis|order|leading|tracking|whitespace|overflow-x|overflow-y|overflow|cursor|select|grid-cols|col|row|transition|duration|align|list|pointer-events|translate-x|translate-y|translate|stroke|fill)(?=-)/;

/** One property with several spellings. */
const synonyms: readonly (readonly [property: string, classes: RegExp])[] = [
  ["display", /^(?:block|inline|inline-block|flex|inline-flex|grid|inline-grid|contents|hidden|table)$/],
  ["position", /^(?:static|relative|absolute|fixed|sticky)$/],
  ["font-size", /^text-(?:xs|sm|base|lg|xl|2xl)$/],
  ["text-align", /^text-(?:left|center|right|start|end)$/],
  ["text-wrap", /^text-(?:pretty|balance|wrap|nowrap)$/],
  ["color", /^text-[a-z]/],
  ["font-weight", /^font-(?:normal|medium|semibold|bold)$/],
  ["font-family", /^(?:font-(?:mono|sans)|code)$/],
  ["border-width", /^border(?:-\d+)?$/],
  ["border-style", /^border-(?:solid|dashed|none)$/],
  ["border-t", /^border-t(?:-\d+)?$/],
  ["border-r", /^border-r(?:-\d+)?$/],
  ["border-b", /^border-b(?:-\d+)?$/],
  ["border-l", /^border-l(?:-\d+)?$/],
  ["border-collapse", /^border-(?:separate|collapse)$/],
  ["border-spacing", /^border-spacing-/],
  ["border-color", /^border-[a-z]/],
  ["rounded", /^rounded$/],
  ["flex-direction", /^flex-(?:row|col)/],
  ["flex-wrap", /^flex-(?:wrap|nowrap)/],
  ["flex", /^flex-(?:\d|auto|none|initial)/],
  ["shrink", /^shrink(?:-\d+)?$/],
  ["grow", /^grow(?:-\d+)?$/],
];

/** A property that sets others too: `p-2` after `px-4` is the last word on both sides. */
const includes: Readonly<Record<string, readonly string[]>> = {
  p: ["px", "py", "pt", "pr", "pb", "pl"],
  px: ["pr", "pl"],
  py: ["pt", "pb"],
  m: ["mx", "my", "mt", "mr", "mb", "ml"],
  mx: ["mr", "ml"],
  my: ["mt", "mb"],
  size: ["h", "w"],
  gap: ["gap-x", "gap-y"],
  inset: ["inset-x", "inset-y", "top", "right", "bottom", "left"],
  "inset-x": ["right", "left"],
  "inset-y": ["top", "bottom"],
  "border-width": ["border-t", "border-r", "border-b", "border-l"],
  rounded: ["rounded-t", "rounded-b", "rounded-l", "rounded-r"],
  overflow: ["overflow-x", "overflow-y"],
};

interface Utility {
  /** "hover:" and the like; the same property under another variant is another thing. */
  readonly variants: string;
  /** What it sets, or the class itself when it stands alone. */
  readonly property: string;
}

const parsed = new Map<string, Utility>();

function parse(name: string): Utility {
  let utility = parsed.get(name);
  if (utility === undefined) {
    // An important class is never taken out: it is there to win.
    const isPlain = !name.endsWith("!");
    const split = name.lastIndexOf(":") + 1;
    const rest = name.slice(split).replace(/^-/, "");
    const synonym = synonyms.find(([, classes]) => classes.test(rest))?.[0];
    utility = {
      variants: name.slice(0, split),
      property: isPlain ? (synonym ?? families.exec(rest)?.[0] ?? rest) : name,
    };
    parsed.set(name, utility);
  }
  return utility;
}

/** What was joined before: rows that come into view while one scrolls ask for the same few hundred again and again. */
const joined = new Map<string, string>();
const joinedMax = 2_000;

/**
 * Joins class names; of two that set the same property the later one wins, so a caller's `className` is always heard. Own
 * code, knowing only the classes that are used here: the library for all of Tailwind costs every page 9 kB.
 */
export function cn(...classes: ClassValue[]): string {
  const given = clsx(classes);
  let result = joined.get(given);
  if (result === undefined) {
    result = join(given);
    if (joined.size >= joinedMax) joined.clear();
    joined.set(given, result);
  }
  return result;
}

function join(given: string): string {
  const set = new Set<string>();
  const kept: string[] = [];
  for (const name of given.split(" ").reverse()) {
    const { variants, property } = parse(name);
    if (name === "" || set.has(variants + property)) continue;
    for (const also of [property, ...(includes[property] ?? [])]) set.add(variants + also);
    kept.push(name);
  }
  return kept.reverse().join(" ");
}
