import type { JsonObject, JsonValue } from './json.js';

interface PartFields {
  metadata?: JsonObject;
  filename?: string;
  /** IANA media type of the content. */
  mediaType?: string;
}

export type TextPart = PartFields & { text: string };
/** `raw` is base64, standard alphabet, padded. */
export type RawPart = PartFields & { raw: string };
export type UrlPart = PartFields & { url: string };
/** `data: null` is a present data part. */
export type DataPart = PartFields & { data: JsonValue };

/** One piece of content: exactly one of `text`, `raw`, `url`, `data`, told apart by presence. Spec 4.1.6. */
export type Part = TextPart | RawPart | UrlPart | DataPart;

export type Role = 'ROLE_USER' | 'ROLE_AGENT';

/** Spec 4.1.4. */
export interface Message {
  messageId: string;
  contextId?: string;
  taskId?: string;
  role: Role;
  parts: Part[];
  metadata?: JsonObject;
  extensions?: string[];
  referenceTaskIds?: string[];
}

/** Spec 4.1.7. `artifactId` is unique within its task. */
export interface Artifact {
  artifactId: string;
  name?: string;
  description?: string;
  parts: Part[];
  metadata?: JsonObject;
  extensions?: string[];
}
