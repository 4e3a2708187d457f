import { IsBoolean, IsOptional } from 'class-validator';
import type { JsonObject } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsDto, IsDtoList, IsId, IsJsonObject, IsListOf, IsRequired, IsText, text } from '../rules/index.js';
import { MessageDto } from './message.dto.js';
import { PartDto } from './part.dto.js';

/** Spec 4.1.7. Parts may be empty: a chunk that only closes its artifact has none. */
export class ArtifactDto {
  @IsRequired()
  @IsId()
  artifactId: string;

  @IsOptional()
  @IsText()
  name?: string;

  @IsOptional()
  @IsText()
  description?: string;

  @IsRequired()
  @IsDtoList(() => PartDto, { max: REQUEST_LIMITS.parts })
  parts: PartDto[];

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;

  @IsOptional()
  @IsListOf(text({ min: 1, max: REQUEST_LIMITS.uriBytes }), { max: REQUEST_LIMITS.listItems })
  extensions?: string[];
}

/** What a status holds besides its state and time, which are checked where they are filled in. Spec 4.1.2. */
export class TaskStatusDto {
  @IsOptional()
  @IsDto(() => MessageDto)
  message?: MessageDto;
}

/** Spec 4.2.1. */
export class StatusUpdateDto {
  @IsRequired()
  @IsDto(() => TaskStatusDto)
  status: TaskStatusDto;

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;
}

/** Spec 4.2.2. */
export class ArtifactUpdateDto {
  @IsRequired()
  @IsDto(() => ArtifactDto)
  artifact: ArtifactDto;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  append?: boolean;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  lastChunk?: boolean;

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;
}

/** Spec 4.1.1, as far as an agent's Task is taken. */
export class TaskDto {
  @IsRequired()
  @IsDto(() => TaskStatusDto)
  status: TaskStatusDto;

  @IsOptional()
  @IsDtoList(() => ArtifactDto, { max: REQUEST_LIMITS.parts })
  artifacts?: ArtifactDto[];

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;
}
