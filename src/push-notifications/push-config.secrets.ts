import { SecretBox } from '../security/keys/secret-box.js';
import type { PushConfig } from '../tasks/push-config-store.interface.js';
import type { PushNotification, PushNotificationSender, PushOutcome } from './push-notification-sender.interface.js';
import type { PushNotificationsOptions } from './push-notifications.options.js';

/** Encrypts the secrets of webhooks before they are stored, if there are keys. */
export class PushConfigSecrets {
  readonly #box: SecretBox | undefined;

  constructor({ encryptionKeys }: Pick<PushNotificationsOptions, 'encryptionKeys'>) {
    this.#box = encryptionKeys && new SecretBox(encryptionKeys, 'pushNotifications.encryptionKeys');
  }

  /** As it is stored. */
  seal(config: PushConfig, taskId: string): PushConfig {
    const box = this.#box;
    return box ? mapSecrets(config, (secret, name) => box.seal(secret, [taskId, config.id, name])) : config;
  }

  /** As its client gave it. Throws Error if a key is missing. */
  open(config: PushConfig, taskId: string): PushConfig {
    const box = this.#box;
    return box ? mapSecrets(config, (secret, name) => box.open(secret, [taskId, config.id, name])) : config;
  }
}

/** The config without its secrets, as it is shown after it was stored. */
export const withoutSecrets = (config: PushConfig): PushConfig => mapSecrets(config, () => undefined);

function mapSecrets(config: PushConfig, map: (secret: string, name: string) => string | undefined): PushConfig {
  const { token, authentication, ...rest } = config;
  const { credentials, ...scheme } = authentication ?? { scheme: '' };
  const mapped = {
    token: token === undefined ? undefined : map(token, 'token'),
    credentials: credentials === undefined ? undefined : map(credentials, 'credentials'),
  };
  return {
    ...rest,
    ...(mapped.token !== undefined && { token: mapped.token }),
    ...(authentication && {
      authentication: { ...scheme, ...(mapped.credentials !== undefined && { credentials: mapped.credentials }) },
    }),
  };
}

/** Decrypts the secrets of a config just before it is used. */
export class OpeningSender implements PushNotificationSender {
  constructor(
    private readonly sender: PushNotificationSender,
    private readonly secrets: PushConfigSecrets,
  ) {}

  send(notification: PushNotification, signal: AbortSignal): Promise<PushOutcome> {
    const { event, config } = notification;
    return this.sender.send({ ...notification, config: this.secrets.open(config, event.taskId) }, signal);
  }
}
