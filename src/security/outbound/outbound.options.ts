/** An IP address of a name. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The IP addresses of a name; rejects if it has none. */
export type ResolveHost = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** Whether `http:` URLs are refused: `unless-allowed` accepts them for hosts on the allow-list. */
export type RequireHttps = boolean | 'unless-allowed';

/** Which hosts may be called. */
export interface OutboundOptions {
  /**
   * Hosts that may be called although they are not public: host names (`receiver.internal`, `*.corp.example` for all below it),
   * IP addresses and CIDRs (`10.1.0.0/16`). A name on the list may have any IP address. Default: none.
   */
  readonly allow?: readonly string[];
  /** Refuses `http:` URLs; `unless-allowed`: except those whose host is on the allow-list. Default false. */
  readonly requireHttps?: RequireHttps;
  /**
   * Default: the system's resolver (`dns.lookup`) for names on the allow-list, the name servers for all others, so that a slow
   * one blocks no one else. A name that only this machine knows must be on the list.
   */
  readonly resolve?: ResolveHost;
}

/** A request to another server, with its limits. */
export interface OutboundRequest {
  /** Default GET. */
  readonly method?: string;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Time from the call to the last byte of the response, including name resolution and connection. Default 10 s. */
  readonly timeoutMs?: number;
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number;
  /**
   * A response that is too long, too late or ends early after its headers is returned as far as it was received, instead of an
   * error. Default false.
   */
  readonly truncate?: boolean;
  readonly signal?: AbortSignal;
}

/** A response of any status. Redirects are responses too, and are never followed. */
export interface OutboundResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export const OUTBOUND_TIMEOUT_MS = 10_000;
export const OUTBOUND_MAX_RESPONSE_BYTES = 1024 * 1024;
