import type { AuthenticationInfo } from '../protocol/model/index.js';
import type { CallContext } from '../security/call-context.js';
import { HANDLER_PREFIX } from './handler-config.js';
import type { PushConfig } from './push-config-store.interface.js';

/** Columns of a2a_push_config, aliased `c`. */
export const CONFIG_COLUMNS = 'c.config_id, c.wire_version, c.url, c.token, c.authentication';

/** Of a2a_push_config: a caller has registered it. */
export const OF_CALLER = `substr(config_id, 1, ${HANDLER_PREFIX.length}) <> '${HANDLER_PREFIX}'`;

export interface PushConfigRow {
  config_id: string;
  wire_version: string;
  url: string;
  token: string | null;
  authentication: string | null;
}

export const toPushConfig = (row: PushConfigRow): PushConfig => ({
  id: row.config_id,
  url: row.url,
  ...(row.token !== null && { token: row.token }),
  ...(row.authentication !== null && { authentication: JSON.parse(row.authentication) as AuthenticationInfo }),
  wireVersion: row.wire_version as CallContext['protocolVersion'],
});

/** Parameters in the order of CONFIG_COLUMNS. */
export const configValues = ({ id, wireVersion, url, token, authentication }: PushConfig): (string | undefined)[] => [
  id,
  wireVersion,
  url,
  token,
  authentication && JSON.stringify(authentication),
];
