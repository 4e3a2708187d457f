import { IsOptional } from 'class-validator';
import type { AuthenticationInfo } from '../../model/index.js';
import { REQUEST_LIMITS } from '../limits.js';
import { IsListOf, IsRequired, IsText, text } from '../rules/index.js';

/** How a webhook authenticates this server. Spec 4.3.2. */
export class AuthenticationInfoDto implements AuthenticationInfo {
  /** IANA name of an HTTP authentication scheme. */
  @IsRequired()
  @IsText({ min: 1, max: REQUEST_LIMITS.schemeBytes })
  scheme: string;

  @IsOptional()
  @IsText({ max: REQUEST_LIMITS.secretBytes })
  credentials?: string;

  /** Of v0.3 clients only. */
  @IsOptional()
  @IsListOf(text({ min: 1, max: REQUEST_LIMITS.schemeBytes }), { max: REQUEST_LIMITS.listItems })
  schemes?: string[];
}
