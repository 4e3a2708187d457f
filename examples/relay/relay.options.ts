export const RELAY_OPTIONS = Symbol('RelayOptions');

export interface RelayOptions {
  /**
   * Base address of an OpenAI-compatible API, such as `http://127.0.0.1:11434/v1`; `/chat/completions` is added. Credentials
   * in it (`https://user:password@…`) are sent as Basic authentication.
   */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token; goes before credentials in the address. */
  apiKey?: string;
  /** The first message of each conversation. Default: none. */
  systemPrompt?: string;
  /** How long the API may be silent, in ms, before and during its answer. Default 120,000; `fetch` itself waits 300,000 at most. */
  idleTimeoutMs?: number;
  /** Characters of the conversation; the oldest messages are left out. A longer last message is refused. Default 400,000. */
  maxPromptCharacters?: number;
}

export type ResolvedRelayOptions = RelayOptions & Required<Pick<RelayOptions, 'idleTimeoutMs' | 'maxPromptCharacters'>>;

export const resolveRelayOptions = (options: RelayOptions): ResolvedRelayOptions => ({
  ...options,
  idleTimeoutMs: options.idleTimeoutMs ?? 120_000,
  maxPromptCharacters: options.maxPromptCharacters ?? 400_000,
});
