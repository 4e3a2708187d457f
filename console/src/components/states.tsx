import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.js';
import { Icon } from './icon.js';
import { SignIn } from './sign-in.js';

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}

export const Loading = () => (
  <div className="empty" role="status" aria-label="Loading">
    <Loader size="sm" aria-hidden />
  </div>
);

interface FailureProps {
  readonly error: unknown;
  readonly retry?: () => void;
}

export function Failure({ error, retry }: FailureProps) {
  if (error instanceof ApiError && error.isUnauthorized) return <SignIn message={error.message} />;
  return (
    <div className="notice bad" role="alert">
      <Icon name="warning" />
      <span className="grow prewrap">{error instanceof Error ? error.message : String(error)}</span>
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

interface LoadedProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
  readonly children: (data: Data) => ReactNode;
}

/** The data of a query, or why there is none. An error after the first answer stands above the last data. */
export function Loaded<Data>({ query, children }: LoadedProps<Data>) {
  const failure = query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : null;
  if (query.data === undefined) return failure ?? <Loading />;
  return (
    <>
      {failure}
      {children(query.data)}
    </>
  );
}
