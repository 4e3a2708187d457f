/** Sizes that a request may not exceed; strings are measured in UTF-8 bytes. What has no entry is bounded by the body limit. */
export const REQUEST_LIMITS = {
  /** Ids and tenants. */
  idBytes: 512,
  /** Parts of one message. */
  parts: 1000,
  /** Items of `extensions`, `referenceTaskIds`, `acceptedOutputModes`. */
  listItems: 100,
  /** An extension's URI, a webhook's URL. */
  uriBytes: 2048,
  mediaTypeBytes: 255,
  filenameBytes: 1024,
  pageTokenBytes: 4096,
  /** `token` and `credentials` of a webhook. */
  secretBytes: 4096,
  /** Name of an authentication scheme. */
  schemeBytes: 128,
  /** The largest int32: what `historyLength` is on the wire. */
  historyLength: 2_147_483_647,
  pageSize: 100,
} as const;

export const DEFAULT_MAX_DEPTH = 64;
export const DEFAULT_MAX_VIOLATIONS = 20;

/** Limits that a caller of `validateRequest` may set. */
export interface ValidationOptions {
  /** Levels of objects and arrays in the canonical request, itself included. Default 64. */
  maxDepth?: number;
  /** Violations that are reported; checking stops there. At least 1. Default 20. */
  maxViolations?: number;
}
