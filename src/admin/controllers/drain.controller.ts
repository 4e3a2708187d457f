import { HttpCode, Post } from '@nestjs/common';
import { SafeLogger } from '../../common/safe-logger.js';
import { AdminParts } from '../admin-parts.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';

/** The end of this process's work. */
@AdminController()
export class DrainController {
  readonly #log = new SafeLogger('Admin');

  constructor(private readonly parts: AdminParts) {}

  @Post('drain')
  @HttpCode(202)
  @Described({
    summary:
      'Makes the replica that answers accept no more work and hand its runs over. It cannot be undone: restart the process',
    answer: 'AdminDrain',
    action: 'drain-replica',
  })
  drain(): { draining: true } {
    // The answer does not wait: runs have their time to finish.
    this.parts.drain.drain().catch((error: unknown) => this.#log.error('The drain failed.', error));
    return { draining: true };
  }
}
