/** Who asks for much at once waits for their own, not everybody: requests are begun in turns between sessions (promise P39). */

/** Requests begun before sockets are looked at again: a millisecond's worth. */
const perTurn = 2;

/** Begins `start` now, or when it is the turn of `who`; `who` is any text that tells askers apart. */
export type TakeTurn = (who: string, start: () => void) => void;

/** While little is asked everything begins at once. */
export function createTurns(): TakeTurn {
  const waiting = new Map<string, (() => void)[]>();
  let begun = 0;

  function begin(start: () => void): void {
    if (begun === 0) setImmediate(next);
    begun += 1;
    start();
  }

  function next(): void {
    begun = 0;
    while (begun < perTurn) {
      const [first] = waiting;
      if (first === undefined) return;
      const [who, starts] = first;
      // To the back, for the others' sake.
      waiting.delete(who);
      const start = starts.shift();
      if (starts.length > 0) waiting.set(who, starts);
      if (start !== undefined) begin(start);
    }
  }

  return (who, start) => {
    if (waiting.size === 0 && begun < perTurn) return begin(start);
    const mine = waiting.get(who);
    if (mine === undefined) waiting.set(who, [start]);
    else mine.push(start);
  };
}
