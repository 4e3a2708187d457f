import { describe } from '@jest/globals';
import { openForSuite, type OpenFunction } from './open-suite.js';
import { counting } from './push-config-store/counting.js';
import { handlers } from './push-config-store/handlers.js';
import { listing } from './push-config-store/listing.js';
import { disabling, removing } from './push-config-store/removing.js';
import { scoping } from './push-config-store/scoping.js';
import { storing } from './push-config-store/storing.js';
import { withMessages } from './push-config-store/with-messages.js';

/** What every PushNotificationConfigStore must do. */
export function pushConfigStoreContract(name: string, open: OpenFunction): void {
  describe(`PushNotificationConfigStore (${name})`, () => {
    const subject = openForSuite(open);
    storing(subject);
    scoping(subject);
    counting(subject);
    listing(subject);
    removing(subject);
    disabling(subject);
    withMessages(subject);
    handlers(subject);
  });
}
