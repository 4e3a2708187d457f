import { Copy } from './copy.js';

/** Ids are uuids, or text of up to 512 bytes from clients: the end of a uuid v7 tells more than its begin. */
export const shortId = (id: string): string => (id.length <= 18 ? id : `${id.slice(0, 8)}…${id.slice(-6)}`);

export function Id({
  id,
  full = false,
  label,
  href,
}: {
  readonly id: string;
  readonly full?: boolean;
  readonly label?: string;
  /** An address elsewhere that shows what has the id. */
  readonly href?: string | undefined;
}) {
  const text = full ? id : shortId(id);
  return (
    <span className="row" style={{ gap: 4, display: 'inline-flex', maxWidth: '100%' }}>
      {href === undefined ? (
        <span className="mono cut" title={id}>
          {text}
        </span>
      ) : (
        <a className="link mono cut" title={id} href={href} target="_blank" rel="noreferrer noopener">
          {text}
        </a>
      )}
      <Copy text={id} label={label ?? 'Copy the id'} />
    </span>
  );
}
