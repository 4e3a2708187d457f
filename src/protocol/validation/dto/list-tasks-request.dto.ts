import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { ListTasksRequest, TaskState } from '../../model/index.js';
import { TASK_STATES } from '../../state/task-state.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsId, IsIntegerIn, IsText, IsTimestamp } from '../rules/index.js';

/** On the wire this is a request for any status. */
export const ANY_STATUS = 'TASK_STATE_UNSPECIFIED';

/** Spec 3.1.4. */
export class ListTasksRequestDto implements ListTasksRequest {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsOptional()
  @IsId()
  contextId?: string;

  @IsOptional()
  @IsIn([...TASK_STATES, ANY_STATUS], { message: 'must be the name of a task state, like TASK_STATE_WORKING' })
  status?: TaskState;

  /** Default 50. */
  @IsOptional()
  @IsIntegerIn(1, REQUEST_LIMITS.pageSize)
  pageSize?: number;

  /** `nextPageToken` of the page before. */
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.pageTokenBytes })
  pageToken?: string;

  @IsOptional()
  @IsIntegerIn(0, REQUEST_LIMITS.historyLength)
  historyLength?: number;

  /** RFC 3339; tasks whose status is of that time or later. */
  @IsOptional()
  @IsTimestamp()
  statusTimestampAfter?: string;

  /** Default false. */
  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  includeArtifacts?: boolean;
}
