import { type Report, show } from '../common/option-checks.js';

/** Stands for the id of a trace in the address of a tracing UI. The console replaces it, too. */
export const TRACE_ID_PLACE = '{traceId}';

/** What a `traceUrl` must be. */
export const TRACE_URL_RULE = `an http or https URL without credentials that contains ${TRACE_ID_PLACE}`;
export const TRACE_URL_EXAMPLE = `https://jaeger.example.com/trace/${TRACE_ID_PLACE}`;

export function isTraceUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !value.includes(TRACE_ID_PLACE)) return false;
  const address = value.replaceAll(TRACE_ID_PLACE, '0'.repeat(32));
  if (!URL.canParse(address)) return false;
  const { protocol, username, password } = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** `module`: whose option it is. */
export function checkTraceUrl(value: unknown, module: string, report: Report): void {
  if (value === undefined || isTraceUrl(value)) return;
  report(`${module}: traceUrl is ${show(value)}: use ${TRACE_URL_RULE}, such as '${TRACE_URL_EXAMPLE}'.`);
}
