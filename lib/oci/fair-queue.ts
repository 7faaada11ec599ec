/**
 * People's calls that wait for a place, and whose turn it is: that of the session that was served longest ago, so that one
 * person's many calls take turns with another's one instead of standing in front of it.
 */

/** A call that waits. Sessions that want the same answer wait together, and whoever comes to it later is added. */
export interface Waiting {
  readonly whose: ReadonlySet<string>;
}

export interface FairQueue<W extends Waiting> {
  readonly size: number;
  /** Whose turn it is; undefined when nobody waits. */
  next(): W | undefined;
  add(waiter: W): void;
  /** Takes out a call that waits no longer; false when it did not. */
  delete(waiter: W): boolean;
  /** Takes out a call whose turn has come. */
  serve(waiter: W): void;
  /** The latest call of the session with most of them, when the newcomer has fewer; undefined when the newcomer has no better claim. */
  crowdedOut(newcomer: W): W | undefined;
}

export function createFairQueue<W extends Waiting>(): FairQueue<W> {
  /** By the turn at which each came. */
  const waiters = new Map<W, number>();
  /** The turn at which each session was last served, for as long as anybody waits. */
  const served = new Map<string, number>();
  let turn = 0;

  /** A session that was not served yet counts as served when it came: it waits one round, however many come after it. */
  function standing(waiter: W, came: number): number {
    let earliest = waiter.whose.size === 0 ? came : Number.POSITIVE_INFINITY;
    for (const each of waiter.whose) earliest = Math.min(earliest, served.get(each) ?? came);
    return earliest;
  }

  function next(): W | undefined {
    let first: W | undefined;
    let best = Number.POSITIVE_INFINITY;
    for (const [waiter, came] of waiters) {
      const at = standing(waiter, came);
      if (at >= best) continue;
      first = waiter;
      best = at;
    }
    return first;
  }

  function remove(waiter: W): boolean {
    const wasThere = waiters.delete(waiter);
    if (waiters.size === 0) served.clear();
    return wasThere;
  }

  function serve(waiter: W): void {
    turn += 1;
    for (const each of waiter.whose) served.set(each, turn);
    remove(waiter);
  }

  function crowdedOut(newcomer: W): W | undefined {
    const counts = new Map<string, { calls: number; latest: W }>();
    for (const waiter of waiters.keys()) {
      for (const each of waiter.whose) counts.set(each, { calls: (counts.get(each)?.calls ?? 0) + 1, latest: waiter });
    }
    const own = Math.max(0, ...[...newcomer.whose].map((each) => counts.get(each)?.calls ?? 0));
    const most = [...counts.values()].reduce((a, b) => (b.calls > a.calls ? b : a), { calls: 0, latest: newcomer });
    // One more than its share is nobody's fault; what several wait for is not given up for one.
    return most.calls > own + 1 && most.latest.whose.size === 1 ? most.latest : undefined;
  }

  return {
    get size() {
      return waiters.size;
    },
    next,
    add: (waiter) => void waiters.set(waiter, turn),
    delete: remove,
    serve,
    crowdedOut,
  };
}
