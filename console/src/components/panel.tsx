import type { ReactNode } from 'react';

interface PanelProps {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  /** Tables touch the border. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Panel({ title, aside, flush = false, children }: PanelProps) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header>
          <h2 className="grow cut">{title}</h2>
          {aside}
        </header>
      )}
      {flush ? children : <div className="body">{children}</div>}
    </section>
  );
}
