import { it } from '@jest/globals';
import { redisStorage } from '../../src/storage/redis.storage.js';
import { lostAnswers } from '../support/faults/lost-answers.suite.js';
import { RedisLoss } from '../support/faults/redis.loss.js';
import { hasRedisServer, RedisProcess, withoutRedisServer } from '../support/redis.process.js';

let server: RedisProcess;

if (hasRedisServer()) {
  lostAnswers('Redis', {
    loss: new RedisLoss(),
    open: async () => {
      server = await RedisProcess.start();
      return () => redisStorage({ url: server.url });
    },
    close: () => server.remove(),
    essential: {
      create: /a2aCreate/,
      append: /a2aAppend/,
      'put into the inbox': /a2aPutMessage/,
      'claim of a turn': /a2aApplyPatch .*turn attempt crashes failures fence/,
      'next turn': /a2aApplyPatch turn attempt crashes failures$/,
      'start of queued tasks': /a2aApplyPatch .*attempt fence/,
      'hand-back': /a2aApplyPatch .*fence failures/,
      takeover: /a2aApplyPatch .*attempt crashes fence/,
      'seizing of a task': /a2aApplyPatch - fence/,
      'delivery that is taken': /a2aTake/,
      'delivery that was made': /a2aPatchDelivery delete/,
      'delivery that is tried again': /a2aPatchDelivery tries log due/,
      'delivery that is given up': /a2aPatchDelivery .*fate/,
      'disabling of a webhook': /a2aPatchConfigs disabled/,
      deletion: /a2aDeleteEnded/,
      'job schedule': /a2aClaimJob/,
    },
  });
} else {
  it('is not tested without a redis-server', () => withoutRedisServer('Answers of Redis that are lost'));
}
