import { Link } from '../routing/link.js';
import { shortId } from './id.js';

/** The short id of a task, as a link to its screen. `tab`: which of its tabs opens. Default: the first. */
export function TaskLink({ id, tab }: { readonly id: string; readonly tab?: string }) {
  return (
    <Link to={['tasks', id]} {...(tab !== undefined && { query: { tab } })} className="link mono" title={id}>
      {shortId(id)}
    </Link>
  );
}
