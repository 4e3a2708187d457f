// A process that appends to a task in files as fast as it can, for a test that kills it. Arguments: the build, the directory.
// Writes the id of the task, then the seq of each event that was acknowledged, one a line.
import { randomUUID } from 'node:crypto';

const [build, directory] = process.argv.slice(2);
const { fileStorage } = await import(`${build}/examples/file-storage/file.storage.js`);

const say = (line) => process.stdout.write(`${line}\n`);
const { tasks } = await fileStorage({ directory }).open({ logger: console });
const context = { owner: 'alice', tenant: '', agent: 'lab', protocolVersion: '1.0', requestedExtensions: [] };
const taskId = randomUUID();
const status = { state: 'TASK_STATE_WORKING', timestamp: new Date().toISOString() };
const created = JSON.stringify({ status, history: [] });
const event = { kind: 'task', data: created, bytes: created.length, state: status.state, statusAt: status.timestamp };
const ids = { taskId, contextId: 'c', messageId: 'm', digest: 'd' };
const { run } = await tasks.create(context, { ...ids, event, runOwner: 'r' });
say(taskId);
for (let seq = 2; ; seq++) {
  const data = JSON.stringify({ artifact: { artifactId: 'a', parts: [{ text: `${seq} ` }] }, append: true });
  const { ok } = await tasks.append({ run, firstSeq: seq, events: [{ kind: 'artifact', data, bytes: data.length }] });
  if (!ok) throw new Error('The append was refused.');
  say(seq);
}
