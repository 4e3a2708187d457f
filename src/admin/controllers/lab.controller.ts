import { HttpCode, Post, Res } from '@nestjs/common';
import { nodeResponse, type PlatformResponse } from '../../transports/http/platform.js';
import { AdminAudit } from '../access/admin-audit.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';

/** What may be tried in the lab only: no other server has these routes. */
@AdminController()
export class LabController {
  constructor(private readonly audit: AdminAudit) {}

  @Post('kill')
  @HttpCode(202)
  @Described({
    summary: 'Kills the process that answers, as `kill -9` does: its runs are lost, and others take them over',
    answer: 'AdminKill',
    action: 'kill-replica',
  })
  kill(@Res({ passthrough: true }) response: PlatformResponse): { killed: true } {
    nodeResponse(response).once('close', () => void this.#end());
    return { killed: true };
  }

  /** What an operator did must be on record first. */
  async #end(): Promise<void> {
    await this.audit.end();
    process.kill(process.pid, 'SIGKILL');
  }
}
