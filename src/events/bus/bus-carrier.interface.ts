/** Carries short strings between processes: each to all that are connected, including the sender. It may lose any of them. */
export interface BusCarrier {
  /** The name in logs. */
  readonly name: string;
  /** Maximum bytes of a string. */
  readonly maxBytes: number;
  /** Pause between two sends, in ms: what arrives meanwhile is sent together. */
  readonly paceMs: number;
  /** Connects and listens. Each step may take `limitMs`. `lost` may be called more than once, also before this rejects. */
  connect(events: CarrierEvents, limitMs: number): Promise<CarrierSession>;
}

export interface CarrierEvents {
  heard(text: string): void;
  /** The connection is no longer usable. */
  lost(reason: unknown): void;
}

export interface CarrierSession {
  /** Rejects when the strings may not have been sent, at the latest after the limit. */
  send(texts: readonly string[]): Promise<void>;
  /** Closes the connection gracefully. Must not reject. */
  close(): Promise<void>;
  /** Drops the connection without waiting for the other side. */
  cut(): void;
}
