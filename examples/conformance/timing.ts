/** Times of the agent, in ms. */
export interface ConformanceTiming {
  /** A v1.0 task of `test-resubscribe-message-id…` works this long. */
  readonly longTask: number;
  /** Any v0.3 task works this long before it asks for input: shorter than the second after which a follow-up has to be in its history. */
  readonly v03Work: number;
  /** One of `test-resubscribe-message-id…` works this long: a second stream is opened meanwhile. */
  readonly v03Resubscribe: number;
}

/** The suites' default streaming timeout is 2 s, and streams are read for twice that. */
export const CONFORMANCE_TIMING: ConformanceTiming = { longTask: 4_000, v03Work: 700, v03Resubscribe: 3_000 };
