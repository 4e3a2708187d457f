import { Button, Slider } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';

interface AsOfProps {
  /** Event number of the first that is stored. */
  readonly first: number;
  readonly last: number;
  /** undefined: as the task is. */
  readonly value: number | undefined;
  readonly onChange: (seq: number | undefined) => void;
}

/** The task as it was after an event. At the end of the slider it is as it is, and stays so. */
export function AsOf({ first, last, value, onChange }: AsOfProps) {
  const [shown, setShown] = useState(value ?? last);
  useEffect(() => setShown(value ?? last), [value, last]);
  const change = useDebouncedCallback((seq: number) => onChange(seq >= last ? undefined : seq), 120);
  if (last <= first) return null;
  const set = (seq: number): void => {
    const next = Math.min(last, Math.max(first, seq));
    setShown(next);
    change(next);
  };
  return (
    <div className="as-of row">
      <span className="num as-of-label">
        As of event <strong>{shown.toLocaleString('en-US')}</strong>{' '}
        <span className="dim">of {last.toLocaleString('en-US')}</span>
      </span>
      <Button variant="default" size="compact-xs" aria-label="One event earlier" onClick={() => set(shown - 1)}>
        ‹
      </Button>
      <Slider
        className="grow"
        size="sm"
        min={first}
        max={last}
        value={shown}
        onChange={set}
        label={null}
        thumbLabel="The task as of this event"
      />
      <Button variant="default" size="compact-xs" aria-label="One event later" onClick={() => set(shown + 1)}>
        ›
      </Button>
      <Button
        variant={value === undefined ? 'light' : 'filled'}
        size="compact-xs"
        disabled={value === undefined}
        onClick={() => set(last)}
      >
        Now
      </Button>
    </div>
  );
}
