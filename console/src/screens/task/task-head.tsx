import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AdminTaskRow } from '../../../../src/admin/admin-api.types.js';
import { change } from '../../api/client.js';
import { taskQuery, useSession } from '../../api/queries.js';
import { Icon } from '../../components/icon.js';
import { Id } from '../../components/id.js';
import { StateBadge } from '../../components/state-badge.js';
import { Failure } from '../../components/states.js';
import { Link } from '../../routing/link.js';

interface TaskHeadProps {
  readonly task: AdminTaskRow;
  readonly live: boolean;
  readonly ended: boolean;
}

export function TaskHead({ task, live, ended }: TaskHeadProps) {
  return (
    <div className="head">
      <Link to={['tasks']}>Tasks</Link>
      <span className="dim">/</span>
      <h1 className="mono task-title">
        <Id id={task.id} full />
      </h1>
      <StateBadge state={task.state} />
      {!ended && <span className={`badge ${live ? 'active' : ''}`}>{live ? 'Live' : 'Connecting'}</span>}
      <span className="grow" />
      {!ended && <Cancel task={task} />}
    </div>
  );
}

function Cancel({ task }: { readonly task: AdminTaskRow }) {
  const session = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const cancel = useMutation({
    mutationFn: () => change('POST', `tasks/${encodeURIComponent(task.id)}/cancel`),
    onSettled: () => {
      setAsked(false);
      void client.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
    },
  });
  if (session.data?.readOnly !== false) return null;
  if (task.cancelRequestedAt) return <span className="badge waiting">Cancel requested</span>;
  return (
    <>
      {cancel.error && <Failure error={cancel.error} />}
      {asked ? (
        <>
          <span>Cancel this task for its client?</span>
          <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel it
          </Button>
          <Button variant="default" onClick={() => setAsked(false)}>
            Keep it
          </Button>
        </>
      ) : (
        <Button variant="default" leftSection={<Icon name="stop" size={14} />} onClick={() => setAsked(true)}>
          Cancel task
        </Button>
      )}
    </>
  );
}
