import { IsIn, IsOptional } from 'class-validator';
import type { JsonObject, Role } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { id, IsDtoList, IsId, IsJsonObject, IsListOf, IsRequired, text } from '../rules/index.js';
import { PartDto } from './part.dto.js';

const ROLES: Role[] = ['ROLE_USER', 'ROLE_AGENT'];

/** Spec 4.1.4. */
export class MessageDto {
  /** Made by the sender. */
  @IsRequired()
  @IsId()
  messageId: string;

  @IsOptional()
  @IsId()
  contextId?: string;

  @IsOptional()
  @IsId()
  taskId?: string;

  @IsRequired()
  @IsIn(ROLES, { message: 'must be ROLE_USER or ROLE_AGENT (user or agent in v0.3)' })
  role: Role;

  @IsRequired()
  @IsDtoList(() => PartDto, { min: 1, max: REQUEST_LIMITS.parts })
  parts: PartDto[];

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;

  /** URIs of extensions. */
  @IsOptional()
  @IsListOf(text({ min: 1, max: REQUEST_LIMITS.uriBytes }), { max: REQUEST_LIMITS.listItems })
  extensions?: string[];

  @IsOptional()
  @IsListOf(id, { max: REQUEST_LIMITS.listItems })
  referenceTaskIds?: string[];
}
