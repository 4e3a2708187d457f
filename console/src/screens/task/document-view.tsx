import type { ReactNode } from 'react';
import type { Task } from '../../a2a/parts.js';
import { useDocument } from '../../api/queries.js';
import { JsonView } from '../../components/json-view.js';
import { Loaded } from '../../components/states.js';

interface DocumentViewProps {
  readonly id: string;
  readonly asOf: number | undefined;
  readonly lastSeq: number;
  readonly raw?: boolean;
  readonly children?: (task: Task) => ReactNode;
}

/** The task with its content, as of an event. */
export function DocumentView({ id, asOf, lastSeq, raw = false, children }: DocumentViewProps) {
  const query = useDocument(id, asOf, lastSeq);
  return (
    <div className="doc">
      <Loaded query={query}>
        {(task) =>
          raw ? (
            <div className="panel">
              <div className="body">
                <JsonView value={task} open={4} />
              </div>
            </div>
          ) : (
            children?.(task)
          )
        }
      </Loaded>
    </div>
  );
}
