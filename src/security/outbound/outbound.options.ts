export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a name; rejects when it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface OutboundOptions {
  /**
   * What may be called although it is not public: host names (`receiver.internal`, `*.corp.example` for all below it),
   * addresses and CIDRs (`10.1.0.0/16`). A name on the list may have any address. Default: nothing.
   */
  readonly allow?: readonly string[];
  /** Refuses http: urls. Default false. */
  readonly requireHttps?: boolean;
  /**
   * Default: names on the allow-list by the system's resolver (`dns.lookup`), all others by the name servers alone, where a slow
   * one holds nobody up. A name that only this machine knows must be on the list.
   */
  readonly resolve?: ResolveHost;
}

export interface OutboundRequest {
  /** Default GET. */
  readonly method?: string;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** From the call to the last byte of the answer, names and connection included. Default 10 s. */
  readonly timeoutMs?: number;
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** What is longer, late, or breaks off after its headers is given as far as it came instead of being an error. Default false. */
  readonly truncate?: boolean;
  readonly signal?: AbortSignal;
}

/** An answer of whatever status: redirects are answers too, and never followed. */
export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export const OUTBOUND_TIMEOUT_MS = 10_000;
export const OUTBOUND_MAX_RESPONSE_BYTES = 1024 * 1024;
