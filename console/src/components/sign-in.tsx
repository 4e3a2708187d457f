import { Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setToken, useToken } from '../api/credentials.js';
import { Icon } from './icon.js';

/** The API wants to know who asks. The token stays in this tab. */
export function SignIn({ message }: { readonly message: string }) {
  const given = useToken();
  const [token, change] = useState(given);
  const client = useQueryClient();
  return (
    <form
      className="empty"
      onSubmit={(event) => {
        event.preventDefault();
        setToken(token.trim());
        void client.invalidateQueries();
      }}
    >
      <Icon name="key" size={26} />
      <strong>{given ? 'This token may not read the console' : 'The console asks who you are'}</strong>
      <span>{message}</span>
      <span>Enter a bearer token of an administrator, or open the console on the machine that runs the service.</span>
      <div className="row">
        <PasswordInput
          aria-label="Bearer token"
          placeholder="Bearer token"
          autoComplete="off"
          value={token}
          onChange={(event) => change(event.currentTarget.value)}
          w={280}
        />
        <Button type="submit">Sign in</Button>
      </div>
    </form>
  );
}
