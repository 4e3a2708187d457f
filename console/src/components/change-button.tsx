import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { change } from '../api/client.js';

interface ChangeButtonProps {
  readonly label: string;
  /** What the second click says. Absent: one click does it. */
  readonly confirm?: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
}

/** A button that changes something, asks before if it says so, and tells what went wrong. */
export function ChangeButton({ label, confirm, method, path }: ChangeButtonProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const run = useMutation({
    mutationFn: () => change(method, path),
    onSettled: () => {
      setAsked(false);
      for (const key of ['webhooks', 'deliveries', 'overview', 'replicas'])
        void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <span className="row" style={{ justifyContent: 'flex-end' }}>
      {run.error && (
        <span role="alert" style={{ color: 'var(--bad)' }}>
          {run.error.message}
        </span>
      )}
      {asked && (
        <Button variant="subtle" size="compact-xs" color="gray" onClick={() => setAsked(false)}>
          Keep
        </Button>
      )}
      <Button
        variant={asked ? 'filled' : 'default'}
        {...(asked ? { color: 'red' } : {})}
        size="compact-xs"
        loading={run.isPending}
        onClick={() => (confirm !== undefined && !asked ? setAsked(true) : run.mutate())}
      >
        {asked ? confirm : label}
      </Button>
    </span>
  );
}
