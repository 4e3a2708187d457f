import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './paths.mjs';

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 20_000;
const KEPT_OUTPUT = 64_000;
const running = new Set();

/**
 * Starts a server as a process of its own, on a free port, and waits until it says `Listening on <url>`.
 * What the machine's environment says about either side is left out: each has its defaults and `env`.
 */
export async function startServer(name, args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', NODE_ENV: 'production', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const exited = once(child, 'exit').then(() => running.delete(child));
  let output = '';
  const url = await new Promise((resolve, reject) => {
    const read = (text) => {
      output = (output + text).slice(-KEPT_OUTPUT);
      const found = /Listening on (http:\/\/\S+)/.exec(output);
      if (found) resolve(found[1].replace('[::1]', '127.0.0.1'));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    exited.then(() => reject(new Error(`${name} ended instead of listening:\n${output}`)));
    sleep(START_LIMIT_MS, undefined, { ref: false }).then(() =>
      reject(new Error(`${name} does not listen:\n${output}`)),
    );
  });
  return {
    name,
    url,
    agentUrl: `${url}/agents/lab`,
    pid: child.pid,
    /** What it wrote last, for messages about failures. */
    output: () => output,
    /** As a crash would. */
    kill: () => child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      const late = await Promise.race([exited, sleep(STOP_LIMIT_MS, 'late', { ref: false })]);
      if (late === 'late') child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Starts all, gives them to `use` and stops them, however that ends. */
export async function withServers(starts, use) {
  const servers = [];
  try {
    for (const start of starts) servers.push(await start());
    return await use(...servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
