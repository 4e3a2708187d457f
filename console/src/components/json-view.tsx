import { useState } from 'react';
import { Copy } from './copy.js';

const SHOWN_CHARACTERS = 2_000;
const SHOWN_MEMBERS = 100;

interface JsonViewProps {
  readonly value: unknown;
  /** Levels that are open at first. */
  readonly open?: number;
  /** For screen readers, where there are several. */
  readonly label?: string;
}

/** A JSON value as a tree that opens and closes. Long texts and lists are shown in part until somebody asks for the rest. */
export function JsonView({ value, open = 3, label = 'JSON' }: JsonViewProps) {
  return (
    <div className="json" tabIndex={0} role="region" aria-label={label}>
      <div style={{ float: 'right' }}>
        <Copy text={JSON.stringify(value, null, 2) ?? ''} label="Copy the JSON" />
      </div>
      <Value value={value} open={open} />
    </div>
  );
}

interface ValueProps {
  readonly name?: string | undefined;
  readonly value: unknown;
  readonly open: number;
}

function Value({ name, value, open }: ValueProps) {
  if (typeof value === 'object' && value !== null) return <Members name={name} value={value} open={open} />;
  return (
    <div>
      <Name name={name} />
      {typeof value === 'string' ? <Text text={value} /> : <span className="n">{String(value)}</span>}
    </div>
  );
}

const Name = ({ name }: { readonly name: string | undefined }) =>
  name === undefined ? null : (
    <>
      <span className="k">{name}</span>
      <span className="dim">: </span>
    </>
  );

function Members({
  name,
  value,
  open,
}: {
  readonly name: string | undefined;
  readonly value: object;
  readonly open: number;
}) {
  const [shown, setShown] = useState(open > 0);
  const [limit, setLimit] = useState(SHOWN_MEMBERS);
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  const [begin, end] = isList ? ['[', ']'] : ['{', '}'];
  const what = `${members.length} ${isList ? 'item' : 'member'}${members.length === 1 ? '' : 's'}`;
  if (members.length === 0) {
    return (
      <div>
        <Name name={name} />
        <span className="dim">{begin + end}</span>
      </div>
    );
  }
  return (
    <div>
      <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {shown ? '▾ ' : '▸ '}
        <Name name={name} />
        {shown ? begin : `${begin} ${what} ${end}`}
      </button>
      {shown && (
        <>
          <div className="in">
            {members.slice(0, limit).map(([key, member]) => (
              <Value key={key} name={isList ? undefined : key} value={member} open={open - 1} />
            ))}
            {members.length > limit && (
              <button type="button" onClick={() => setLimit(limit * 10)}>
                … {members.length - limit} more
              </button>
            )}
          </div>
          <span className="dim">{end}</span>
        </>
      )}
    </div>
  );
}

function Text({ text }: { readonly text: string }) {
  const [all, setAll] = useState(false);
  const cut = !all && text.length > SHOWN_CHARACTERS;
  return (
    <span className="s">
      {JSON.stringify(cut ? text.slice(0, SHOWN_CHARACTERS) : text)}
      {cut && (
        <button type="button" onClick={() => setAll(true)}>
          {' '}
          … {(text.length - SHOWN_CHARACTERS).toLocaleString('en-US')} more characters
        </button>
      )}
    </span>
  );
}
