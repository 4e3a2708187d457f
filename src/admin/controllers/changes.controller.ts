import { type MessageEvent, Req, Sse, UseGuards } from '@nestjs/common';
import { EMPTY, type Observable } from 'rxjs';
import { OpeningGuard } from '../../transports/event-source/opening.guard.js';
import { PACED } from '../../transports/event-source/paced-events.js';
import type { PlatformRequest } from '../../transports/http/platform.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { OpenedChanges } from '../streams/opened-changes.js';

/** What happens now. */
@AdminController()
export class ChangesController {
  @Sse('changes', PACED)
  @UseGuards(OpenedChanges)
  @Described({
    summary: 'Tasks that changed, as this replica learns of it. Changes may be missing: read lists again',
    answer: 'AdminChange',
    stream: true,
  })
  changes(@Req() request: PlatformRequest): Observable<MessageEvent> {
    return OpeningGuard.of(request) ?? EMPTY;
  }
}
