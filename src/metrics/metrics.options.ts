import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';
import { isObject } from '../common/is-object.js';
import { checkBoolean, checkKeys } from '../common/option-checks.js';

export const METRICS_OPTIONS = Symbol('A2aMetricsOptions');

/** Whether a request may read the metrics. */
export type MetricsAuthorization = (request: IncomingMessage) => boolean | Promise<boolean>;

/** Options of `A2aMetricsModule.forRoot`: `authorize`, `register`, or both. */
export interface A2aMetricsOptions {
  /**
   * Serves the metrics at `path`, to the requests for which this returns true; others get 401. It is called with Node's request. Default:
   * nothing is served.
   */
  readonly authorize?: MetricsAuthorization;
  /** Where `authorize` serves them. Default '/metrics'. */
  readonly path?: string;
  /** A registry of prom-client that the application serves by itself. Default: one of this module's own. */
  readonly register?: Registry;
  /**
   * Also the metrics of the process that prom-client collects: memory, processor time, event loop delay. Default: true, and false with
   * `register`, where the application may collect them already.
   */
  readonly processMetrics?: boolean;
}

/** With the defaults. */
export interface MetricsSettings {
  readonly authorize: MetricsAuthorization | undefined;
  readonly path: string;
  readonly register: Registry | undefined;
  readonly processMetrics: boolean;
}

const KEYS = ['authorize', 'path', 'register', 'processMetrics'];

/** Fills in the defaults. Throws TypeError naming the option that is wrong. */
export function metricsSettings(options: A2aMetricsOptions): MetricsSettings {
  const refuse = (problem: string): never => {
    throw new TypeError(`A2aMetricsModule: ${problem}`);
  };
  const given: A2aMetricsOptions = isObject(options) ? options : {};
  checkKeys(given, KEYS, 'A2aMetricsModule', (problem) => {
    throw new TypeError(problem);
  });
  const { authorize, path = '/metrics', register, processMetrics = register === undefined } = given;
  if (authorize === undefined && register === undefined) {
    refuse(
      'give authorize, a function that says which requests may read the metrics, or register, a registry of prom-client that you serve.',
    );
  }
  if (authorize !== undefined && typeof authorize !== 'function') refuse('authorize must be a function.');
  if (typeof path !== 'string' || !/^\/[\w./-]*$/.test(path)) refuse("path must be a path such as '/metrics'.");
  if (given.path !== undefined && authorize === undefined) refuse('path makes no sense without authorize.');
  if (register !== undefined && typeof (register as Partial<Registry> | null)?.registerMetric !== 'function')
    refuse('register must be a Registry of prom-client.');
  checkBoolean(processMetrics, 'processMetrics', refuse);
  return { authorize, path, register, processMetrics };
}
