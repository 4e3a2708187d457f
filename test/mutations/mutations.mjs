// What breaks the invariants of the service, one small fault at a time, and which tests must notice.
//
// `replace` is found exactly once in `file`; `by` stands there instead. `tests` are tried one after the other until one fails:
// a path, or a path and a part of the test's name; with `all` each of them must fail. Those in test/faults/ run against a build with the fault in it.

const killedOwner = { path: 'test/faults/killed-owner' };
const zombieOwner = { path: 'test/faults/zombie-owner' };
const cutOffReplica = { path: 'test/faults/cut-off-replica' };
/** Contract suites of all storages. */
const everyStorage = (name) =>
  [
    'src/tasks/memory/memory-stores.spec',
    'src/tasks/sql/postgres/contracts.spec',
    'src/tasks/sql/contracts.spec',
    'src/tasks/redis/contracts.spec',
  ].map((path) => ({ path, name }));
const contract = (name) => ({ path: 'src/tasks/sql/postgres/contracts.spec', name });

const APPEND = 'src/tasks/sql/postgres/append.statement.ts';
const GUARD = 'and t.fence = run.fence and t.last_seq = run.lo - 1 and t.state not in ${TERMINAL_SQL}';
const TURN_WRITER = 'src/execution/runs/turn.writer.ts';
const CURSOR = 'src/events/task-cursor.ts';
const SNAPSHOTS = 'src/tasks/snapshot-writer.ts';
const RUN_RULES = 'src/tasks/core/run-rules.ts';
const DELIVERY_RULES = 'src/tasks/core/delivery-rules.ts';

export const INVARIANTS = {
  1: 'one writer',
  2: 'stored, then seen',
  3: 'snapshot plus tail',
  4: 'terminal is final',
  5: 'cost per event is constant',
  6: 'everything is bounded',
  7: 'no task is forgotten',
  8: 'owner and tenant are in every query',
};

export const MUTATIONS = [
  {
    invariant: 1,
    fault: 'a process whose lease is over goes on, and its appends are not asked for their right to write',
    edits: [
      { file: APPEND, replace: GUARD, by: 'and t.state not in ${TERMINAL_SQL}' },
      {
        file: 'src/execution/ownership/replica.service.ts',
        replace: "registry.stop('lost-ownership');",
        by: 'void registry;',
      },
    ],
    // The key of the events refuses most of what a former owner writes, so the zombie alone may not show it.
    tests: [contract('refuses a fence'), zombieOwner],
  },
  {
    invariant: 1,
    fault: 'a takeover leaves the former owner its right to write',
    edits: [
      {
        file: RUN_RULES,
        replace: 'runOwner: replicaId, fence: row.fence + START_INCREMENTS.fence,',
        by: 'runOwner: replicaId, fence: row.fence,',
      },
    ],
    tests: [contract('takeover'), zombieOwner],
  },
  {
    invariant: 1,
    fault: 'a reader that leaves cancels the run',
    edits: [
      {
        file: 'src/request-handler/send-streaming-message.operation.ts',
        replace: '    const reader = { context: caller',
        by: "    options.signal?.addEventListener('abort', () => this.launcher.registry.get(taskId)?.cancel());\n    const reader = { context: caller",
      },
    ],
    tests: [{ path: 'test/one-writer', name: 'although its reader left' }],
  },
  {
    invariant: 2,
    fault: 'events are shown before they are committed',
    edits: [
      {
        file: TURN_WRITER,
        replace: '/** Rows and bytes of one append',
        by: "import { CommittedEvent } from '../../tasks/committed-event.js';\n/** Rows and bytes of one append",
      },
      {
        file: TURN_WRITER,
        replace: '    const { manager } = this;\n    const append',
        by: '    const { manager } = this;\n    this.ports.publisher.publish(manager.run, events.map((event, index) => CommittedEvent.of(manager.run, manager.lastSeq + 1 + index, event)));\n    const append',
      },
      { file: TURN_WRITER, replace: '        this.ports.publisher.publish(manager.run, result.events);\n', by: '' },
    ],
    tests: [cutOffReplica],
  },
  {
    invariant: 2,
    fault: 'a commit does not wait for the disk',
    edits: [
      {
        file: 'src/tasks/sql/postgres/writer-connection.ts',
        replace: "const PLANS = { enable_seqscan: 'off',",
        by: "const PLANS = { synchronous_commit: 'off', enable_seqscan: 'off',",
      },
    ],
    tests: [{ path: 'test/faults/postgres-restart', name: 'immediate' }],
  },
  {
    invariant: 3,
    fault: 'a reader takes what it was shown already for new when it goes from the log to the tail',
    edits: [
      { file: CURSOR, replace: 'if (seq <= this.#position) continue;', by: '' },
      { file: CURSOR, replace: 'if (seq !== this.#position + 1) {', by: 'if (seq > this.#position + 1) {' },
    ],
    tests: [killedOwner],
  },
  {
    invariant: 3,
    fault: 'a reader does not notice that events are missing before the next one of its tap',
    edits: [{ file: CURSOR, replace: 'if (seq !== this.#position + 1) {', by: 'if (seq < this.#position + 1) {' }],
    tests: [{ path: 'src/events/task-cursor.model.spec' }],
  },
  {
    invariant: 3,
    fault: 'a reader that comes back is given its last event again',
    edits: [{ file: CURSOR, replace: 'this.#position = afterSeq;', by: 'this.#position = Math.max(0, afterSeq - 1);' }],
    tests: [killedOwner],
  },
  {
    invariant: 4,
    fault: 'the append does not ask whether the task has ended',
    edits: [{ file: APPEND, replace: GUARD, by: 'and t.fence = run.fence and t.last_seq = run.lo - 1' }],
    tests: [contract('lets nothing follow')],
  },
  {
    invariant: 4,
    fault: 'the append does not ask for the fence',
    edits: [{ file: APPEND, replace: GUARD, by: 'and t.last_seq = run.lo - 1 and t.state not in ${TERMINAL_SQL}' }],
    tests: [contract('refuses a fence')],
  },
  {
    invariant: 5,
    fault: 'the whole task is written again whenever an event has come',
    edits: [
      { file: SNAPSHOTS, replace: 'const SMALL_EVENTS = 64;', by: 'const SMALL_EVENTS = 0;' },
      { file: SNAPSHOTS, replace: 'const SMALL_BYTES = 64 * 1024;', by: 'const SMALL_BYTES = 0;' },
      {
        file: SNAPSHOTS,
        replace: 'const next = Math.max(SMALL_BYTES, reach.size ?? 0);',
        by: 'const next = SMALL_BYTES;',
      },
      {
        file: SNAPSHOTS,
        replace: 'growth.next = Math.max(SMALL_BYTES, written ?? Infinity);',
        by: 'growth.next = written === undefined ? Infinity : SMALL_BYTES;',
      },
    ],
    tests: [{ path: 'test/linear-cost' }],
  },
  {
    invariant: 5,
    fault: 'the body of an event is made anew for each reader',
    edits: [
      {
        file: 'src/tasks/committed-event.ts',
        replace: 'let body = bodies.get(key);',
        by: 'let body: Buffer | undefined;',
      },
    ],
    tests: [{ path: 'src/transports/rest/rest.stream.spec', name: 'makes the body of an event once' }],
  },
  {
    invariant: 6,
    fault: 'what a reader has not taken yet is kept in memory without a limit',
    edits: [
      {
        file: 'src/events/task-cursors.ts',
        replace: '{ maxItems: 1024, maxBytes: 512 << 10,',
        by: '{ maxItems: Infinity, maxBytes: Infinity,',
      },
    ],
    tests: [{ path: 'test/faults/unread-stream' }],
  },
  {
    invariant: 6,
    fault: 'a buffer counts its items and not its bytes',
    edits: [
      {
        file: 'src/events/bounded-buffer.ts',
        replace: '(length >= this.#maxItems || this.#bytes + size > this.#maxBytes)',
        by: 'length >= this.#maxItems && this.#maxBytes > 0',
      },
    ],
    tests: [{ path: 'src/events/event-queue.spec' }, { path: 'src/events/bounded-buffer.spec' }],
  },
  {
    invariant: 7,
    fault: 'a turn whose answer was lost counts twice',
    edits: [
      {
        file: RUN_RULES,
        replace: 'if (row.turn === from + 1) return refuse(true);',
        by: 'if (row.turn === from + 1) return accept({ turn: from + 2, ...FIRST_ATTEMPT }, () => true);',
      },
    ],
    tests: everyStorage('takes the next turn once'),
    all: true,
  },
  {
    invariant: 7,
    fault: 'a failed delivery that is told twice is logged as two attempts',
    edits: [{ file: DELIVERY_RULES, replace: 'row.attempts === attempts &&', by: 'attempts >= 0 &&' }],
    tests: everyStorage('have a log of their last ten attempts'),
    all: true,
  },
  {
    invariant: 7,
    fault: 'retention deletes tasks whose webhooks are still owed something',
    edits: [
      {
        file: 'src/tasks/core/retention-filter.ts',
        replace: "deletable: { ended: true, not: ['held', 'owesDeliveries'] }",
        by: "deletable: { ended: true, not: ['held'] }",
      },
    ],
    tests: everyStorage('waits for deliveries that are owed'),
    all: true,
  },
  {
    invariant: 7,
    fault: 'nobody looks for tasks that were left',
    edits: [
      {
        file: 'src/execution/recovery/recovery.service.ts',
        replace: '() => this.#all(count)',
        by: '() => (this.#loop.stopped ? this.#all(count) : Promise.resolve())',
      },
    ],
    tests: [killedOwner],
  },
  {
    invariant: 7,
    fault: 'a process counts as alive however long it is silent',
    edits: [
      {
        file: 'src/execution/recovery/lease-expiry.monitor.ts',
        replace: 'now - renewed >= leaseMs &&',
        by: 'now - renewed >= leaseMs * 1_000 &&',
      },
    ],
    tests: [killedOwner],
  },
  {
    invariant: 8,
    fault: 'a task is found without its owner',
    edits: [
      {
        file: 'src/tasks/sql/core/keys.ts',
        replace: 'string => lookupKey(owner, tenant, agent);',
        by: 'string => lookupKey(owner.slice(0, 0), tenant, agent);',
      },
    ],
    tests: [contract('scope')],
  },
  {
    invariant: 8,
    fault: 'a log is read without its owner and tenant',
    edits: [
      {
        file: 'src/tasks/sql/postgres/event-pages.ts',
        replace: 't.task_id = w.task_id and t.scope = w.scope',
        by: 't.task_id = w.task_id',
      },
    ],
    tests: [contract('scope')],
  },
];
