import type { Task } from '../../a2a/parts.js';
import { Id } from '../../components/id.js';
import { Panel } from '../../components/panel.js';
import { Parts } from '../../components/parts.js';
import { Empty } from '../../components/states.js';

/** What the task has made. */
export function Artifacts({ task }: { readonly task: Task }) {
  const artifacts = task.artifacts ?? [];
  if (artifacts.length === 0) return <Empty title="The task has no artifact." />;
  return (
    <div className="stack">
      {artifacts.map((artifact) => (
        <Panel
          key={artifact.artifactId}
          title={artifact.name ?? artifact.artifactId}
          aside={
            <span className="dim row">
              {artifact.parts.length === 1 ? '1 part' : `${artifact.parts.length.toLocaleString('en-US')} parts`} ·{' '}
              <Id id={artifact.artifactId} label="Copy the artifact id" />
            </span>
          }
        >
          {artifact.description && <p className="dim">{artifact.description}</p>}
          <Parts parts={artifact.parts} />
        </Panel>
      ))}
    </div>
  );
}
