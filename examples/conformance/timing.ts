/** Times of the agent, in ms. */
export interface ConformanceTiming {
  /** A v1.0 task of `test-resubscribe-message-id…` works this long. */
  readonly longTask: number;
  /** A v0.3 task is submitted this long before it works: two reads of a new task, one over each binding, must agree. */
  readonly v03Start: number;
  /** Any v0.3 task works this long before it asks for input: shorter than the second after which a follow-up has to be in its history. */
  readonly v03Work: number;
  /** One of `test-resubscribe-message-id…` works this long: a second stream is opened meanwhile. */
  readonly v03Resubscribe: number;
}

/** The suites' default streaming timeout is 2 s, and streams are read for twice that. */
export const CONFORMANCE_TIMING: ConformanceTiming = {
  longTask: 4_000,
  v03Start: 500,
  v03Work: 200,
  v03Resubscribe: 2_500,
};
