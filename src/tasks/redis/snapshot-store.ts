import type { SnapshotStore, SnapshotReach } from '../snapshot-writer.js';
import type { TaskSnapshot } from '../task-record.js';
import type { RedisConnection } from './redis-connection.js';
import { REACH, WRITE_SNAPSHOT } from './scripts/read.scripts.js';
import type { TaskReader } from './task-reader.js';

type ReachReply = [lastSeq: string, bytes: string, seq: string, snapshotBytes: string, size: string];

/** Snapshots are stored next to their tasks. Their artifacts have a key of their own, so readers that need none do not read them. */
export class RedisSnapshotStore implements SnapshotStore {
  constructor(
    private readonly connection: RedisConnection,
    private readonly reader: TaskReader,
  ) {}

  async reach(taskId: string): Promise<SnapshotReach | undefined> {
    const reply = await this.connection.run<ReachReply | null>(REACH, taskId);
    if (!reply) return undefined;
    const [lastSeq, bytes, snapshotSeq, snapshotBytes, size] = reply;
    return {
      lastSeq: Number(lastSeq),
      bytes: Number(bytes),
      snapshotSeq: numberOf(snapshotSeq),
      snapshotBytes: numberOf(snapshotBytes),
      size: numberOf(size),
    };
  }

  read(taskId: string): Promise<TaskSnapshot | undefined> {
    return this.reader.getUnscoped(taskId);
  }

  async write({ head, seq, task }: TaskSnapshot, doc: string): Promise<void> {
    const { artifacts, ...rest } = task;
    const texts = [JSON.stringify(rest), artifacts ? JSON.stringify(artifacts) : ''];
    await this.connection.run(WRITE_SNAPSHOT, head.taskId, seq, head.bytes, Buffer.byteLength(doc), ...texts);
  }
}

const numberOf = (text: string): number | undefined => (text === '' ? undefined : Number(text));
