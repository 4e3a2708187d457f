import { type State, stateLabel, stateTone } from '../format/states.js';

export function StateBadge({ state }: { readonly state: State }) {
  return <span className={`badge ${stateTone(state)}`}>{stateLabel(state)}</span>;
}
