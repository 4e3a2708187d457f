export const RELAY_OPTIONS = Symbol('RelayOptions');

export interface RelayOptions {
  /** Of an OpenAI-compatible API, without credentials; `/chat/completions` is added. */
  baseUrl: string;
  model: string;
  /** Sent as a bearer token. */
  apiKey?: string;
  /** Of the conversation: the oldest messages are left out. Default 400,000. */
  maxPromptCharacters?: number;
}
