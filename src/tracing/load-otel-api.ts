import { loadOptional } from '../common/load-optional.js';

/** The part of @opentelemetry/api that is used here. */
export type OtelApi = Pick<
  typeof import('@opentelemetry/api'),
  | 'context'
  | 'createTraceState'
  | 'isSpanContextValid'
  | 'propagation'
  | 'ROOT_CONTEXT'
  | 'SpanKind'
  | 'SpanStatusCode'
  | 'trace'
>;

/** Rejects with MissingPackageError. */
export const loadOtelApi = (): Promise<OtelApi> =>
  loadOptional('A2aTracingModule', ['@opentelemetry/api@1'], () => import('@opentelemetry/api'));
