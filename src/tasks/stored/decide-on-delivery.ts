import { steadyNow } from '../../common/steady-now.js';
import { OLDEST_AT_ONCE } from '../core/delivery-rows.interface.js';
import type { DecideDelivery, DeliveryPatch } from '../core/delivery-rules.js';
import type { EventKind } from '../pending-event.js';
import type { StoredDelivery, StoredWebhook } from './stored-webhook.js';

/** The delivery with this id, if it is owed to the webhook or was given up. */
const deliveryIn = ({ owed, dead }: StoredWebhook, deliveryId: string): StoredDelivery | undefined =>
  owed.find(({ id }) => id === deliveryId) ?? dead.find(({ entry }) => entry.id === deliveryId)?.entry;

/** The webhook to which a delivery is owed, or to which it was when it was given up. */
export const webhookOf = <W extends StoredWebhook>(webhooks: readonly W[], deliveryId: string): W | undefined =>
  webhooks.find((webhook) => deliveryIn(webhook, deliveryId));

/** Applies what is decided, as `DeliveryRows.change` asks for one delivery. `deleted`: the delivery, if it is gone. */
export function decideOnDelivery<T>(
  webhook: StoredWebhook | undefined,
  id: string,
  decide: DecideDelivery<T>,
): { readonly result: T; readonly patch?: DeliveryPatch; readonly deleted?: StoredDelivery } {
  const entry = webhook && deliveryIn(webhook, id);
  if (!entry) return decide(undefined);
  const { owed, givenUp } = webhook;
  const { attempts, attemptLog, seq } = entry;
  const isDead = !owed.includes(entry);
  const isOldest = (owed[0]?.seq ?? Infinity) >= seq;
  const { patch, result } = decide({ attempts, attemptLog, isDead, isOldest, givenUp });
  if (!patch) return { result };
  applyPatch(webhook, entry, patch);
  return { result, patch, ...(patch.deleted && { deleted: entry }) };
}

function applyPatch(webhook: StoredWebhook, entry: StoredDelivery, patch: DeliveryPatch): void {
  const { deleted, dead, dueInMs, givenUp = webhook.givenUp, enabled, ...counted } = patch;
  const { owed } = webhook;
  Object.assign(entry, counted);
  if (deleted || dead !== undefined) remove(webhook, entry);
  if (typeof dead === 'string') webhook.dead.push({ entry, reason: dead, at: steadyNow() });
  if (dead === null) {
    const place = owed.findIndex(({ seq }) => seq > entry.seq);
    owed.splice(place < 0 ? owed.length : place, 0, entry);
  }
  webhook.givenUp = givenUp;
  if (enabled) Object.assign(webhook, { active: true, disabledAt: undefined });
  if (dueInMs !== undefined) showOldest(webhook, dueInMs);
}

function remove({ owed, dead }: StoredWebhook, entry: StoredDelivery): void {
  const index = owed.indexOf(entry);
  if (index < 0)
    dead.splice(
      dead.findIndex((letter) => letter.entry === entry),
      1,
    );
  else owed.splice(index, 1);
}

/** As `DeliveryRows.deleteOldest`. Returns the deliveries that are gone. */
export function deleteOldest(
  webhook: StoredWebhook,
  deliveryId: string,
  count: (kinds: readonly EventKind[]) => number,
): StoredDelivery[] {
  const { owed } = webhook;
  if (!owed.some(({ id }) => id === deliveryId)) return [];
  const skipped = owed.splice(0, count(owed.slice(0, OLDEST_AT_ONCE).map(({ event }) => event.kind)));
  showOldest(webhook, 0);
  return skipped;
}

function showOldest({ owed: [first] }: StoredWebhook, inMs: number): void {
  if (first) first.dueAt = steadyNow() + inMs;
}
