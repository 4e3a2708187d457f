import { Button, Chip, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useAgents } from '../../api/queries.js';
import { shortState, stateLabel, TASK_STATES } from '../../format/states.js';
import { usePatchQuery } from '../../routing/use-route.js';
import { FILTERS, type FilterName, statesIn, type TaskFilter } from './task-filter.js';

/** Time without typing after which a filter is applied, in ms. */
const SETTLED_MS = 300;

interface FiltersProps {
  readonly filter: TaskFilter;
}

export function Filters({ filter }: FiltersProps) {
  const patch = usePatchQuery();
  const agents = useAgents();
  const states = statesIn(filter.state);
  return (
    <div className="filters" role="search" aria-label="Filters of tasks">
      <NativeSelect
        label="Agent"
        value={filter.agent ?? ''}
        onChange={(event) => patch({ agent: event.currentTarget.value })}
        data={[
          { value: '', label: 'All' },
          ...agentIds(
            agents.data?.map(({ id }) => id),
            filter.agent,
          ),
        ]}
      />
      <TextFilter label="Owner" name="owner" filter={filter} width={130} />
      <TextFilter label="Tenant" name="tenant" filter={filter} width={110} />
      <TextFilter label="Context" name="contextId" filter={filter} width={130} />
      <TextFilter label="Reason contains" name="reason" filter={filter} width={160} />
      <TextFilter label="Created from" name="from" filter={filter} width={184} type="datetime-local" />
      <TextFilter label="Created before" name="to" filter={filter} width={184} type="datetime-local" />
      {filter.runOwner && <TextFilter label="Run by" name="runOwner" filter={filter} width={160} />}
      <div className="row wrap" style={{ paddingBottom: 3, gap: 6 }} role="group" aria-label="States">
        {TASK_STATES.map((state) => {
          const short = shortState(state);
          const on = states.includes(short);
          return (
            <Chip
              key={state}
              checked={on}
              onChange={() =>
                patch({ state: (on ? states.filter((each) => each !== short) : [...states, short]).join(',') })
              }
            >
              {stateLabel(state)}
            </Chip>
          );
        })}
        <Chip checked={filter.queued === '1'} onChange={(on) => patch({ queued: on ? '1' : undefined })}>
          Queued
        </Chip>
        {Object.keys(filter).length > 0 && (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => patch(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
          >
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

/** An agent that is no longer served may still have tasks. */
const agentIds = (served: readonly string[] = [], chosen: string | undefined): string[] =>
  chosen !== undefined && !served.includes(chosen) ? [...served, chosen] : [...served];

interface TextFilterProps {
  readonly label: string;
  readonly name: FilterName;
  readonly filter: TaskFilter;
  readonly width: number;
  readonly type?: string;
}

function TextFilter({ label, name, filter, width, type = 'text' }: TextFilterProps) {
  const patch = usePatchQuery();
  const given = filter[name] ?? '';
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => patch({ [name]: text }), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text, given, name, patch]);
  return (
    <TextInput
      label={label}
      type={type}
      value={text}
      w={width}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
