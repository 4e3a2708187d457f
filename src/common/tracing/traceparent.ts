/** What a `traceparent` says: ids in lower-case hexadecimal digits. */
export interface TraceParent {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
  /** Bit 0: sampled. */
  readonly flags: number;
}

/** W3C Trace Context, 3.2. Later versions may have more fields. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-|$)/;

/** undefined: it is none. */
export function parseTraceparent(value: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags = ''] = typeof value === 'string' ? (TRACEPARENT.exec(value) ?? []) : [];
  return traceId === undefined || spanId === undefined
    ? undefined
    : { traceId, spanId, flags: Number.parseInt(flags, 16) };
}
