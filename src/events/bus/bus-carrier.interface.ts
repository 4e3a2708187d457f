/** Carries short texts between processes: each to all that are connected, the sender among them. It may lose any. */
export interface BusCarrier {
  /** As the log calls it. */
  readonly name: string;
  /** Most bytes of a text. */
  readonly maxBytes: number;
  /** Pause between two sends, in ms: what comes meanwhile goes together. */
  readonly paceMs: number;
  /** Connects and listens; each step may take `limitMs`. `lost` may be called more than once, also before it rejects. */
  connect(events: CarrierEvents, limitMs: number): Promise<CarrierSession>;
}

export interface CarrierEvents {
  heard(text: string): void;
  /** The connection is no longer good. */
  lost(reason: unknown): void;
}

export interface CarrierSession {
  /** Rejects when the texts may not have been carried, at the latest after the limit. */
  send(texts: readonly string[]): Promise<void>;
  /** Ends the connection in order; must not reject. */
  close(): Promise<void>;
  /** Drops the connection without waiting for the other side. */
  cut(): void;
}
