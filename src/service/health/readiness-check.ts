/** Something the service cannot work without. */
export interface ReadinessCheck {
  /** As `/health/ready` shows it: `database`. */
  readonly name: string;
  /** Rejects while it does not work. */
  check(): Promise<unknown>;
}

/** Injection token of `readonly ReadinessCheck[]`. */
export const READINESS_CHECKS = Symbol('ReadinessChecks');
