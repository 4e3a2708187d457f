// A process that owns an embedded Postgres, for tests that kill it. Argument: JSON {module, options, polite}.
// Writes one JSON object a line: {log}, {ready: {url, cluster}}, {error}. SIGINT and SIGTERM stop it, unless it is not polite.
import { setInterval } from 'node:timers';

const { module, options, polite } = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const note = (log) => say({ log });

const { EmbeddedPostgres } = await import(module);
try {
  const postgres = await EmbeddedPostgres.start({ ...options, log: { log: note, warn: note, error: note } });
  const stop = () => postgres.stop().then(() => process.exit(0));
  if (polite) for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  say({ ready: { url: postgres.url, cluster: postgres.cluster } });
  setInterval(() => {}, 60_000);
} catch (error) {
  say({ error: error.message });
  process.exitCode = 1;
}
