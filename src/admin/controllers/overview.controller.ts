import { Get, Inject, Query, type Type } from '@nestjs/common';
import type {
  AdminAgent,
  AdminList,
  AdminOverview,
  AdminQuotas,
  AdminReplicaRow,
  AdminSession,
} from '../admin-api.types.js';
import { AdminParts } from '../admin-parts.js';
import { ADMIN_OPTIONS, type AdminSettings } from '../admin.options.js';
import { AdminController } from '../http/admin-controller.decorator.js';
import { Described } from '../http/described.decorator.js';
import { AgentDescriptions } from '../overview/agent-descriptions.js';
import { OverviewService } from '../overview/overview.service.js';
import { quotasOf } from '../overview/quotas.js';
import { NoQuery } from '../queries/queries.js';
import { QueryPipe } from '../queries/query.pipe.js';
import { ADMIN_CONTROLLERS } from './document.controller.js';
import { LabController } from './lab.controller.js';

const NONE = new QueryPipe(NoQuery);

/** The server as a whole. */
@AdminController()
export class OverviewController {
  constructor(
    private readonly parts: AdminParts,
    private readonly overviews: OverviewService,
    private readonly descriptions: AgentDescriptions,
    @Inject(ADMIN_OPTIONS) private readonly settings: Pick<AdminSettings, 'readOnly' | 'traceUrl'>,
    @Inject(ADMIN_CONTROLLERS) private readonly controllers: readonly Type[],
  ) {}

  @Get('session')
  @Described({ summary: 'What you may do', answer: 'AdminSession' })
  session(@Query(NONE) _query: object): AdminSession {
    const { routes, http } = this.parts;
    const { readOnly, traceUrl } = this.settings;
    return {
      readOnly,
      agentsPath: routes.base('json-rpc', true) ?? http.path,
      lab: this.controllers.includes(LabController),
      ...(traceUrl !== undefined && { traceUrl }),
    };
  }

  @Get('overview')
  @Described({ summary: 'Figures, replicas and health', answer: 'AdminOverview' })
  overview(@Query(NONE) _query: object): Promise<AdminOverview> {
    return this.overviews.read();
  }

  @Get('replicas')
  @Described({ summary: 'The processes that run tasks', answer: 'AdminReplicaList' })
  async replicas(@Query(NONE) _query: object): Promise<AdminList<AdminReplicaRow>> {
    return { rows: await this.parts.store.replicas() };
  }

  @Get('agents')
  @Described({ summary: 'The agents, with their cards', answer: 'AdminAgentList' })
  async agents(@Query(NONE) _query: object): Promise<AdminList<AdminAgent>> {
    return { rows: await this.descriptions.all() };
  }

  @Get('quotas')
  @Described({ summary: 'The limits that are in force', answer: 'AdminQuotas' })
  quotas(@Query(NONE) _query: object): AdminQuotas {
    return quotasOf(this.parts);
  }
}
