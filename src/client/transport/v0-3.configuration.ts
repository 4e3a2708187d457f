import type { SendMessageConfiguration } from '../../protocol/model/index.js';
import { pushConfigToV03 } from '../../protocol/v0-3/index.js';

/**
 * What a send wants, in v0.3; JSON-RPC and HTTP+JSON differ in the name of the webhook. v0.3 leaves open what a send without
 * `blocking` means, so it is always said.
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
