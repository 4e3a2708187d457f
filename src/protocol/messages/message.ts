import type { JsonObject } from '../model/json.js';
import { REQUEST_LIMITS } from '../validation/limits.js';
import { Field } from './field.decorator.js';
import { listOf, messageOf, struct } from './kind.js';
import { id, optionalId, role, text, uris } from './kinds.js';
import { type Part, PartFields } from './part.js';

/** Who wrote a message. */
export type Role = 'ROLE_USER' | 'ROLE_AGENT';

/** Spec 4.1.4. */
export class Message {
  /** Made by the sender. */
  @Field(1, id, 'required')
  messageId: string;

  @Field(2, optionalId)
  contextId?: string;

  @Field(3, optionalId)
  taskId?: string;

  @Field(4, role, 'required')
  role: Role;

  @Field(5, listOf(messageOf(PartFields), { min: 1, max: REQUEST_LIMITS.parts }), 'required')
  parts: Part[];

  @Field(6, struct)
  metadata?: JsonObject;

  /** URIs of extensions. */
  @Field(7, uris)
  extensions?: string[];

  @Field(8, listOf(id, { max: REQUEST_LIMITS.listItems }))
  referenceTaskIds?: string[];
}

/** Spec 4.1.7. Parts may be empty: a chunk that only closes its artifact has none. */
export class Artifact {
  /** Unique within its task. */
  @Field(1, id, 'required')
  artifactId: string;

  @Field(2, text)
  name?: string;

  @Field(3, text)
  description?: string;

  @Field(4, listOf(messageOf(PartFields), { max: REQUEST_LIMITS.parts }), 'required')
  parts: Part[];

  @Field(5, struct)
  metadata?: JsonObject;

  @Field(6, uris)
  extensions?: string[];
}
