import { createReceiver } from './receiver.js';

const token = process.env['WEBHOOK_TOKEN'];
if (!token)
  throw new Error('Set WEBHOOK_TOKEN to a secret, and give the same as token of the push notification config.');

const app = await createReceiver(token);
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT'] ?? 4000), '127.0.0.1');
