import type { SendMessageConfiguration } from '../../protocol/model/index.js';
import { pushConfigToV03 } from '../../protocol/v0-3/index.js';

/**
 * The configuration of a send in v0.3. JSON-RPC and HTTP+JSON differ in the name of the webhook. v0.3 does not define a send without
 * `blocking`, so it is always set.
 */
export function configurationToV03(
  {
    acceptedOutputModes,
    historyLength,
    returnImmediately = false,
    taskPushNotificationConfig,
  }: SendMessageConfiguration,
  pushName: 'pushNotificationConfig' | 'pushNotification',
): object {
  return {
    ...(acceptedOutputModes && { acceptedOutputModes }),
    ...(historyLength !== undefined && { historyLength }),
    ...(taskPushNotificationConfig && { [pushName]: pushConfigToV03(taskPushNotificationConfig) }),
    blocking: !returnImmediately,
  };
}
