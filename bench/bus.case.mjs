import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { benchFile } from './support/paths.mjs';
import { median, quantile, rounded, spread } from './support/statistics.mjs';

const GOALS = { 'LISTEN/NOTIFY': 5, Redis: 2 };

/**
 * The time from the moment that one replica knows of its commit to the moment that a reader on another replica has the event,
 * with each bus and with none. Without a bus it is found by polling.
 */
export async function busCase({ options, databases, say }) {
  const { tasks, rates, seconds, rounds } = options.bus;
  const redis = process.env.A2A_BENCH_REDIS_URL;
  const buses = [
    { name: 'LISTEN/NOTIFY', settings: { type: 'postgres' } },
    ...(redis ? [{ name: 'Redis', settings: { type: 'redis', url: redis } }] : []),
    { name: 'no bus (poll of 1 s)', settings: { type: 'in-process' } },
  ];
  if (!redis) say('bus: Redis is left out; A2A_BENCH_REDIS_URL names one');

  async function measure(settings, rate) {
    const input = JSON.stringify({ databaseUrl: databases.ours, bus: settings });
    const [writer, reader] = [startReplica(input), startReplica(input)];
    try {
      await Promise.all([writer.started, reader.started]);
      await reader.ask('follow', await writer.ask('create', { tasks }));
      const { committed } = await writer.ask('write', { rate, seconds });
      const { seen } = await reader.ask('seen', { count: committed.length });
      return delays(committed, seen);
    } finally {
      for (const { child } of [writer, reader]) child.kill('SIGKILL');
    }
  }

  const details = [];
  const figures = [];
  for (const rate of rates) {
    // In turns, so that what else the machine does falls on all of them.
    const results = buses.map(({ name }) => ({ name, rate, p50: [], p99: [] }));
    for (let round = 0; round < rounds; round++) {
      for (const [index, { settings }] of buses.entries()) {
        const ms = await measure(settings, rate);
        results[index].p50.push(quantile(ms, 0.5));
        results[index].p99.push(quantile(ms, 0.99));
      }
    }
    for (const { name, p50, p99 } of results) {
      const what = `event on another replica, ${rate} a second, ${name}: ms from its commit`;
      figures.push({ name: `${what}, p50`, value: spread(p50), goal: GOALS[name], better: 'less' });
      figures.push({ name: `${what}, p99`, value: spread(p99), better: 'less' });
      details.push({ name, rate, p50: p50.map((ms) => rounded(ms)), p99: p99.map((ms) => rounded(ms)) });
      say(`bus: ${name}, ${rate}/s: p50 ${rounded(median(p50))} ms, p99 ${rounded(median(p99))} ms`);
    }
  }
  return { figures, details };
}

function startReplica(input) {
  const child = fork(benchFile('servers/bus.replica.mjs'), [input], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const gone = once(child, 'exit').then(([code]) => Promise.reject(new Error(`a replica ended with ${code}`)));
  // At the end it is killed, and nobody waits for an answer.
  gone.catch(() => undefined);
  const answer = async () => {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    return message;
  };
  return {
    child,
    started: answer(),
    ask(command, more) {
      child.send({ command, ...more });
      return answer();
    },
  };
}

/** Of each event, in ms. Throws when one was not seen exactly once and in its order. */
function delays(committed, seen) {
  const at = new Map();
  const last = new Map();
  for (const [taskId, seq, time] of seen) {
    if (seq !== (last.get(taskId) ?? 1) + 1)
      throw new Error(`task ${taskId}: ${seq} was read after ${last.get(taskId)}`);
    last.set(taskId, seq);
    at.set(`${taskId} ${seq}`, time);
  }
  if (at.size !== committed.length) throw new Error(`${committed.length} were committed, ${at.size} were read`);
  return committed.map(([taskId, seq, time]) => Math.max(0, at.get(`${taskId} ${seq}`) - time));
}
