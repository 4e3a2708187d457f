import { describe, expect, it } from '@jest/globals';
import { agentRun } from '../testing/agent-run.js';

const [FIRST, SECOND] = ['\uD83D', '\uDE00'];

describe('a character that is cut in two by the chunks of an artifact', () => {
  it('is joined: the first half waits for the second', async () => {
    const { updater, sink } = agentRun();
    await updater.addArtifact(`a${FIRST}`, { artifactId: 'x' });
    await updater.appendArtifact('x', `${SECOND}b`);
    expect(sink.brief).toEqual(['a', '+😀b']);
  });

  it('is joined when a chunk is nothing but half of it', async () => {
    const { updater, sink } = agentRun();
    await updater.addArtifact('a', { artifactId: 'x' });
    for (const half of [FIRST, SECOND]) await updater.appendArtifact('x', half ?? '');
    expect(sink.brief).toEqual(['a', '+😀']);
  });

  it('is joined by artifact, whatever comes between', async () => {
    const { updater, sink } = agentRun();
    await updater.addArtifact(`a${FIRST}`, { artifactId: 'x' });
    await updater.addArtifact(`b${FIRST}`, { artifactId: 'y' });
    await updater.appendArtifact('x', `${SECOND}`);
    await updater.appendArtifact('y', `${SECOND}`);
    expect(sink.brief).toEqual(['a', 'b', '+😀', '+😀']);
  });

  it('becomes U+FFFD when the other half does not come', async () => {
    const { updater, sink } = agentRun();
    await updater.addArtifact(`a${FIRST}`, { artifactId: 'x' });
    await updater.appendArtifact('x', 'b');
    await updater.appendArtifact('x', `c${FIRST}`);
    await updater.complete();
    expect(sink.brief).toEqual(['a', '+\uFFFDb', '+c', '+\uFFFD', 'COMPLETED']);
  });

  it('becomes U+FFFD when the agent returns in its middle', async () => {
    const { updater, sink } = agentRun();
    await updater.addArtifact(`a${FIRST}`, { artifactId: 'x' });
    await updater.flush();
    expect(sink.brief).toEqual(['a', '+\uFFFD']);
  });

  it('is refused within a text', async () => {
    const { updater, sink } = agentRun();
    await expect(updater.addArtifact(`a${FIRST}b`)).rejects.toThrow('artifactUpdate.artifact.parts[0].text');
    expect(sink.events).toEqual([]);
  });
});
