export const RELAY_OPTIONS = Symbol('RelayOptions');

export interface RelayOptions {
  /** Of an OpenAI-compatible API; `/chat/completions` is added. Credentials in it are sent as Basic authentication. */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token. */
  apiKey?: string;
  systemPrompt?: string;
  /** How long the API may be silent, in ms. Default 120,000. */
  idleTimeoutMs?: number;
  /** Of the conversation: the oldest messages are left out. Default 400,000. */
  maxPromptCharacters?: number;
}
