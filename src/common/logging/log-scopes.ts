import { type LogFields, type ShownOwner, withLogFields } from './log-context.js';

/** Runs work so that the log lines of all that it calls say what it is for. Without `shown` it is off, and costs nothing. */
export class LogScopes {
  constructor(private readonly shown?: ShownOwner) {}

  get on(): boolean {
    return this.shown !== undefined;
  }

  within<T>(fields: LogFields, work: () => T): T {
    return this.shown === undefined ? work() : withLogFields(this.shown, fields, work);
  }
}
