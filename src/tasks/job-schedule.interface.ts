export const JOB_SCHEDULE = Symbol('JobSchedule');

/** Work that is done once in a while by one of all processes on a storage, whichever comes first. */
export interface JobSchedule {
  /**
   * True: the caller is to do the job now, and nobody is told so for the next `everyMs`, by the storage's clock. There is
   * nothing to give back: a process that dies has left out one round. So what it does must take less time than that, or
   * bear another doing the same.
   */
  claim(name: string, everyMs: number): Promise<boolean>;
}
