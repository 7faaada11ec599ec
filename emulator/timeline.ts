/** A thing's whole known future as facts: which state it enters when. No timer ever runs; asking with a later time is enough. */

export interface Moment<State extends string> {
  readonly state: State;
  /** Epoch milliseconds of the world's clock. */
  readonly from: number;
}
export type Timeline<State extends string> = readonly [Moment<State>, ...Moment<State>[]];

/** The state at `now` (epoch ms). A state begins just after its `from`, so what an operation starts is seen in its own answer. */
export function stateAt<State extends string>(timeline: Timeline<State>, now: number): State {
  let current = timeline[0].state;
  for (const moment of timeline.slice(1)) {
    if (moment.from >= now) break;
    current = moment.state;
  }
  return current;
}

/** E4: the transitional state now, the settled one `settleMs` later. Kept as a due time, so a restart changes nothing. */
export function settling<State extends string>(
  during: State,
  after: State,
  now: number,
  settleMs: number,
): Timeline<State> {
  return [
    { state: during, from: now },
    { state: after, from: now + settleMs },
  ];
}

/** A state that stays. */
export function settled<State extends string>(state: State, since: number): Timeline<State> {
  return [{ state, from: since }];
}
