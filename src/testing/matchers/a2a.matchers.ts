import type { Artifact } from '../../protocol/model/index.js';
import { textOf } from '../harness/agent-answer.js';
import { fullState, type StateName } from '../harness/event-facts.js';
import { fits, type MatcherResult, type Received, receivedIn, result, shown } from './received.js';

/**
 * Matchers for `expect.extend(a2aMatchers)` of jest and vitest. They take an answer of the harness, a task, or a response that has either.
 */
export const a2aMatchers = {
  toHaveTaskState(received: unknown, state: StateName): MatcherResult {
    const { task } = receivedIn(received, 'toHaveTaskState');
    const note = task?.status.message && ` ${JSON.stringify(textOf(task.status.message.parts))}`;
    const found = task ? `${task.status.state}${note ?? ''}` : 'no task';
    return result(task?.status.state === fullState(state), `to have the state ${fullState(state)}`, found);
  },

  toHaveArtifact(received: unknown, nameOrId: string): MatcherResult {
    const all = artifactsOf(receivedIn(received, 'toHaveArtifact'));
    return result(all.some(named(nameOrId)), `to have an artifact ${JSON.stringify(nameOrId)}`, brief(all));
  },

  toHaveArtifactText(received: unknown, text: string | RegExp, nameOrId?: string): MatcherResult {
    const all = artifactsOf(receivedIn(received, 'toHaveArtifactText'));
    const among = nameOrId === undefined ? all : all.filter(named(nameOrId));
    const which = nameOrId === undefined ? 'an artifact' : `an artifact ${JSON.stringify(nameOrId)}`;
    const pass = among.some(({ parts }) => fits(textOf(parts), text));
    return result(pass, `to have ${which} with the text ${shown(text)}`, brief(all));
  },

  toHaveStatusText(received: unknown, text: string | RegExp): MatcherResult {
    const { task } = receivedIn(received, 'toHaveStatusText');
    const found = task?.status.message && textOf(task.status.message.parts);
    const pass = found !== undefined && fits(found, text);
    return result(pass, `to have a status with the text ${shown(text)}`, found === undefined ? 'none' : shown(found));
  },

  toHaveReply(received: unknown, text: string | RegExp): MatcherResult {
    const { message } = receivedIn(received, 'toHaveReply');
    const found = message && textOf(message.parts);
    const pass = found !== undefined && fits(found, text);
    return result(
      pass,
      `to be a Message with the text ${shown(text)}`,
      found === undefined ? 'no Message' : shown(found),
    );
  },
};

const artifactsOf = ({ task }: Received): readonly Artifact[] => task?.artifacts ?? [];

const named =
  (nameOrId: string) =>
  ({ name, artifactId }: Artifact): boolean =>
    name === nameOrId || artifactId === nameOrId;

const brief = (artifacts: readonly Artifact[]): string =>
  artifacts.map(({ name, artifactId, parts }) => `${name ?? artifactId}: ${shown(textOf(parts))}`).join(', ') ||
  'no artifact';
