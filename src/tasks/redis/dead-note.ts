/** A dead letter as it is stored. */
export interface DeadNote {
  readonly config: string;
  readonly seq: number;
  readonly reason: string;
  /** ms since 1970. */
  readonly at: number;
  /** Attempts, and the log of the last of them as JSON. Only of the delivery that was tried. */
  readonly tries?: number;
  readonly log?: string;
}
