import { IsOptional } from 'class-validator';
import type { JsonObject } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsDto, IsJsonObject, IsRequired, IsText } from '../rules/index.js';
import { MessageDto } from './message.dto.js';
import { SendMessageConfigurationDto } from './send-message-configuration.dto.js';

/** SendMessage and SendStreamingMessage. Spec 3.1.1. */
export class SendMessageRequestDto {
  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.idBytes })
  tenant?: string;

  @IsRequired()
  @IsDto(() => MessageDto)
  message: MessageDto;

  @IsOptional()
  @IsDto(() => SendMessageConfigurationDto)
  configuration?: SendMessageConfigurationDto;

  @IsOptional()
  @IsJsonObject()
  metadata?: JsonObject;
}
