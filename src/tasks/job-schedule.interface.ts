/** Injects the `JobSchedule`. */
export const JOB_SCHEDULE = Symbol('JobSchedule');

/** Periodic work that one process per storage does each time: the first that claims it. */
export interface JobSchedule {
  /**
   * True: you do the job now, and no other caller gets true for the next `everyMs`, by the storage's clock. You release nothing:
   * if your process dies, one round is skipped. So the job must take less time than `everyMs`, or tolerate a second process doing
   * it at the same time.
   */
  claim(name: string, everyMs: number): Promise<boolean>;
}
