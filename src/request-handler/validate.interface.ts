/** A wire's request turned into a canonical object, not yet validated. */
export interface Decoded {
  readonly value: unknown;
  /** Turns a canonical path (`message.parts[0].url`) into the client's (`message.parts[0].file.uri`). */
  readonly path: (canonical: string) => string;
}

export type RequestName = 'SendMessage' | 'GetTask' | 'ListTasks' | 'CancelTask' | 'SubscribeToTask';
