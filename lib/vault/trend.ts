/** How a count went: from where to where, over how long, and how it would look as a line. Pure. */

export interface TrendPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  readonly change: number;
  readonly spanMs: number;
  /** Coordinates of a line in a box of `width` × `height`, the start at the left, larger values higher. */
  readonly line: string;
}

/** Null with fewer than two points in time. Points are oldest first. */
export function trendOf(points: readonly TrendPoint[], width: number, height: number): Trend | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return null;
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spanMs = last.at - first.at;
  const line = points
    .map(({ at, value }) => {
      const x = ((at - first.at) / spanMs) * width;
      // A count that never changed is a line in the middle.
      const y = high === low ? height / 2 : height - ((value - low) / (high - low)) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
  return { change: last.value - first.value, spanMs, line };
}
