"use client";

const politeRegion = { element: null as HTMLElement | null };

/** Says a short sentence to screen readers without showing it: "Copied". */
export function announce(sentence: string): void {
  let region = politeRegion.element;
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "sr-only";
    region.setAttribute("role", "status");
    document.body.append(region);
    politeRegion.element = region;
  }
  // The same sentence twice in a row is only announced when the text changes in between.
  const spoken = region;
  spoken.textContent = "";
  setTimeout(() => {
    spoken.textContent = sentence;
  }, 50);
}
