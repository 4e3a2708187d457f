import { Injectable } from '@nestjs/common';
import { DrainService } from '../../execution/drain.service.js';
import { DrainState } from './drain-state.js';

/** The service is not ready from the moment that its runs are drained, by a signal or by an operator. */
@Injectable()
export class DrainFollower {
  constructor(runs: DrainService, state: DrainState) {
    runs.began.addEventListener('abort', () => state.begin(), { once: true });
  }
}
