import { context, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import * as prom from 'prom-client';
import { pathToFileURL } from 'node:url';
import { built } from './support/paths.mjs';
import { rounded, spread } from './support/statistics.mjs';

const METRICS_GOAL_MICROS = 5;
const TRACES_GOAL_MICROS = 40;
/** What nobody asked for must not be noticed. */
const OFF_GOAL_MICROS = 0.5;

const HEADERS = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const FACTS = { binding: 'jsonrpc', version: '1.0', agent: 'bench' };
const OPERATION = { name: 'SendMessage', version: '1.0' };
const RUN = { taskId: '01a22838-dbf2-7ab8-859f-d2ef4a60e0b1', contextId: 'c' };

/** What a request that starts a run adds to the work of the process when it is measured, traced, and neither. */
export async function observabilityCase({ options, say }) {
  const { calls, rounds } = options.observability;
  const load = (file) => import(pathToFileURL(built(`src/${file}.js`)).href);
  const [{ CallObserver }, { TurnObserver }, { appendMetrics }, { PromMetrics }, { OtelTracing }, { NO_METRICS }] =
    await Promise.all(
      [
        'transports/call.observer',
        'execution/runs/turn.observer',
        'tasks/append-metrics',
        'metrics/prom.metrics',
        'tracing/otel.tracing',
        'common/metrics/metrics.interface',
      ].map(load),
    );
  // Spans are made and recorded, and exported to nowhere: what a collector costs is its own.
  const provider = new NodeTracerProvider({ spanProcessors: [{ onStart() {}, onEnd() {}, ...ENDS }] });
  provider.register();
  const metrics = new PromMetrics(prom, new prom.Registry());
  const tracing = new OtelTracing(await import('@opentelemetry/api'));
  const requestOf = (observer, { metrics: measured, tracing: traced }) => {
    const attempted = measured && appendMetrics(measured);
    return async () => {
      const call = observer.begin(FACTS, HEADERS);
      call.called(OPERATION);
      await call.within(async () => undefined);
      const turn = new TurnObserver(AGENT, MANAGER, FIELDS(call.carrier), measured ?? NO_METRICS, traced);
      await turn.span.within(async () => undefined);
      attempted?.(3, 0.002, true);
      turn.stored();
      turn.end(ENDED);
      call.end(true);
    };
  };
  const kinds = [
    ['neither', requestOf(new CallObserver(), {}), OFF_GOAL_MICROS],
    ['metrics', requestOf(new CallObserver(metrics), { metrics }), METRICS_GOAL_MICROS],
    ['traces', requestOf(new CallObserver(undefined, tracing), { tracing }), TRACES_GOAL_MICROS],
  ];
  const micros = kinds.map(() => []);
  // The first round is warmed up by. All kinds have their turn in each round: the machine is as fast for one as for the others.
  for (let round = 0; round <= rounds; round++) {
    const bare = await microsOf(bareRequest, calls);
    for (const [index, [, request]] of kinds.entries()) {
      const more = (await microsOf(request, calls)) - bare;
      if (round > 0) micros[index].push(more);
    }
  }
  const figures = kinds.map(([what, , goal], index) => {
    const value = spread(micros[index]);
    say(`observability: ${what}: ${rounded(value.median)} µs of processor time a request`);
    return { name: `µs of processor time that ${what} adds to a request`, value, goal, better: 'less' };
  });
  await provider.shutdown();
  trace.disable();
  context.disable();
  return { figures, details: {} };
}

/** Processor time of each of `calls` requests, one after the other. */
async function microsOf(request, calls) {
  const begun = process.cpuUsage();
  for (let i = 0; i < calls; i++) await request();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / calls;
}

/** What a request without any of it does here: it awaits, and the caller of the turn is made. */
async function bareRequest() {
  await (async () => undefined)();
  await (async () => FIELDS())();
}

const FIELDS = (trace) => ({
  turn: 1,
  attempt: 1,
  caller: { protocolVersion: '1.0', requestedExtensions: [], ...(trace && { trace }) },
  acceptedAt: Date.now(),
});

const ENDS = { forceFlush: async () => undefined, shutdown: async () => undefined };
const MANAGER = { run: RUN, state: 'TASK_STATE_COMPLETED' };
const AGENT = { id: 'bench' };
const ENDED = { left: undefined, lost: false };
