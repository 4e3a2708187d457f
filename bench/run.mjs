// Measures this package next to `@a2a-js/sdk` on this machine. docs/benchmarks.md says what each figure means.
import os from 'node:os';
import process from 'node:process';
import { authCase } from './auth.case.mjs';
import { bodiesCase } from './bodies.case.mjs';
import { busCase } from './bus.case.mjs';
import { callRatesCase } from './call-rates.case.mjs';
import { echoCase } from './echo.case.mjs';
import { fanoutCase } from './fanout.case.mjs';
import { idleCase } from './idle.case.mjs';
import { importCase } from './import.case.mjs';
import { journeyCase } from './journey.case.mjs';
import { listCase } from './list.case.mjs';
import { observabilityCase } from './observability.case.mjs';
import { sendsCase } from './sends.case.mjs';
import { streamCase } from './stream.case.mjs';
import { streamsCase } from './streams.case.mjs';
import { contenders } from './support/contenders.mjs';
import { withDatabases } from './support/databases.mjs';
import { readOptions } from './support/options.mjs';
import { save, table } from './support/report.mjs';
import { takeoverCase } from './takeover.case.mjs';
import { unreadCase } from './unread.case.mjs';
import { walCase } from './wal.case.mjs';
import { webhooksCase } from './webhooks.case.mjs';

const cases = {
  echo: echoCase,
  stream: streamCase,
  wal: walCase,
  unread: unreadCase,
  bus: busCase,
  streams: streamsCase,
  fanout: fanoutCase,
  idle: idleCase,
  list: listCase,
  takeover: takeoverCase,
  sends: sendsCase,
  bodies: bodiesCase,
  webhooks: webhooksCase,
  import: importCase,
  journey: journeyCase,
  auth: authCase,
  observability: observabilityCase,
  'call-rates': callRatesCase,
};
const options = readOptions(process.argv.slice(2));

/** An interrupted run ends the servers that it has started. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

await withDatabases(async (databases) => {
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    cpu: os.cpus()[0].model,
    database: databases.server,
  };
  const loadBefore = os.loadavg();
  console.log(JSON.stringify(machine));
  const figures = [];
  const details = {};
  for (const name of options.only) {
    const context = { options, databases, servers: contenders(databases), say: (text) => console.log(text) };
    const result = await cases[name](context);
    figures.push(...result.figures);
    details[name] = result.details;
  }
  const load = { before: loadBefore, after: os.loadavg() };
  const report = { at: new Date().toISOString(), machine, load, options, figures, details };
  const file = options.smoke ? 'Nothing is kept of a trial.' : await save(report);
  const loads = `load of the machine ${loadBefore[0].toFixed(1)} before, ${load.after[0].toFixed(1)} after`;
  console.log(`\n${table(figures)}\n\n${loads}\n${file}`);
});
