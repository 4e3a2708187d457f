// One of two replicas, without HTTP: one appends events to tasks at a steady rate, the other reads them. The parent puts
// together when each event was committed and when it was read, on the clock that all processes of the machine share.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { built } from '../support/paths.mjs';

const load = (file) => import(built(file));
const { openPostgresStores } = await load('src/tasks/sql/postgres/open-stores.js');
const { PostgresDatabase } = await load('src/tasks/sql/postgres/postgres.database.js');
const { inProcessBus } = await load('src/events/bus/in-process.bus.js');
const { notifyBus } = await load('src/events/bus/notify.bus.js');
const { redisBus } = await load('src/events/bus/redis.bus.js');
const { InMemoryQueueManager } = await load('src/events/in-memory-queue-manager.js');
const { DefaultTaskCursors } = await load('src/events/task-cursors.js');
const { pendingEvent } = await load('src/tasks/pending-event.js');
const { newId } = await load('src/protocol/ids.js');

const PAYLOAD = 'x'.repeat(150);
const TICK_MS = 1;
const caller = { owner: newId(), tenant: '', agent: 'bench', protocolVersion: '1.0', requestedExtensions: [] };
const now = () => Number(process.hrtime.bigint()) / 1e6;

const { databaseUrl, bus: busSettings } = JSON.parse(process.argv[2]);
const stores = await openPostgresStores(databaseUrl);
const buses = {
  postgres: () => notifyBus(PostgresDatabase.of(stores.dataSource).pool.options),
  redis: () => redisBus(busSettings),
  'in-process': () => inProcessBus(),
};
const bus = await buses[busSettings.type]().open();
bus.onModuleInit?.();

/** What this replica writes, and what it has read. */
let runs = [];
const reads = [];

const commands = {
  /** Makes tasks; answers their ids and whose they are. */
  async create({ tasks }) {
    runs = await Promise.all(Array.from({ length: tasks }, createTask));
    return { owner: caller.owner, taskIds: runs.map(({ run }) => run.taskId) };
  },

  /** Appends `rate` events a second, one task after the other; answers when each was committed. */
  async write({ rate, seconds }) {
    const committed = [];
    const total = rate * seconds;
    const begin = now();
    const pending = new Set();
    for (let count = 0; count < total; await sleep(TICK_MS)) {
      const due = Math.min(total, Math.floor(((now() - begin) / 1000) * rate));
      for (; count < due; count++) {
        const done = append(runs[count % runs.length], committed).finally(() => pending.delete(done));
        pending.add(done);
      }
    }
    await Promise.all(pending);
    return { committed };
  },

  /** Reads the tasks; answers when all are followed. */
  async follow({ owner, taskIds }) {
    const cursors = new DefaultTaskCursors(stores.tasks, new InMemoryQueueManager(), bus, { pollMs: 1_000 });
    const opened = taskIds.map((taskId) => {
      const reader = cursors.open({ context: { ...caller, owner }, taskId, endsAt: () => false });
      return reader.next().then(() => void readAll(taskId, reader));
    });
    await Promise.all(opened);
    return {};
  },

  /** Answers when each event was read, once there are so many. */
  async seen({ count }) {
    while (reads.length < count) await sleep(10);
    return { seen: reads };
  },
};

async function createTask() {
  const [taskId, contextId] = [newId(), newId()];
  const status = { state: 'TASK_STATE_WORKING', timestamp: new Date().toISOString() };
  const event = pendingEvent({ task: { id: taskId, contextId, status } });
  const task = { taskId, contextId, event, runOwner: 'bench', messageId: newId(), digest: 'bench' };
  return { run: (await stores.tasks.create(caller, task)).run, seq: 1, last: Promise.resolve() };
}

/** The events of a task one after the other, as one run writes them. */
function append(writer, committed) {
  const { run } = writer;
  const firstSeq = ++writer.seq;
  const artifact = { artifactId: 'a', parts: [{ text: PAYLOAD }] };
  const { taskId, contextId } = run;
  const event = pendingEvent({ artifactUpdate: { taskId, contextId, artifact, append: true } });
  writer.last = writer.last.then(async () => {
    const result = await stores.tasks.append({ run, firstSeq, events: [event] });
    if (!result.ok) throw new Error(`append refused: ${result.reason}`);
    committed.push([taskId, firstSeq, now()]);
    bus.wake([{ taskId, seq: firstSeq }]);
  });
  return writer.last;
}

async function readAll(taskId, reader) {
  for await (const batch of reader) {
    const at = now();
    for (const { seq } of batch) reads.push([taskId, seq, at]);
  }
}

process.on('message', async ({ command, ...input }) => process.send(await commands[command](input)));
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
