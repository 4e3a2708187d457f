import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { hrefOf, type QueryPatch } from './route.js';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: readonly string[];
  readonly query?: QueryPatch;
  readonly children: ReactNode;
}

export function Link({ to, query, children, className, ...rest }: LinkProps) {
  return (
    <a href={hrefOf(to, query)} className={className ?? 'link'} {...rest}>
      {children}
    </a>
  );
}
