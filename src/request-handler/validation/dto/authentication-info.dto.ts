import { IsOptional } from 'class-validator';
import type { AuthenticationInfo } from '../../../protocol/model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsRequired, IsText } from '../rules/index.js';

/** How a webhook authenticates this server. Spec 4.3.2. */
export class AuthenticationInfoDto implements AuthenticationInfo {
  /** IANA name of an HTTP authentication scheme. */
  @IsRequired()
  @IsText({ min: 1, max: REQUEST_LIMITS.schemeBytes })
  scheme: string;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.secretBytes })
  credentials?: string;
}
