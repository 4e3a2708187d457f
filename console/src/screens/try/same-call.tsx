import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Message } from '../../a2a/parts.js';
import { type Language, LANGUAGES, snippet } from '../../a2a/snippets.js';
import { Copy } from '../../components/copy.js';
import { Panel } from '../../components/panel.js';

interface SameCallProps {
  readonly url: string;
  /** undefined: the draft is no message yet. */
  readonly message: () => Message | undefined;
  readonly outputModes: readonly string[];
}

/** What the form would send, for a terminal or a program. */
export function SameCall({ url, message, outputModes }: SameCallProps) {
  const [language, setLanguage] = useState<Language>('curl');
  const draft = message();
  // The id of the message is new at each drawing; what is copied should not flicker.
  const text = useMemo(
    () => (draft && draft.parts.length > 0 ? snippet(language, url, draft, outputModes) : undefined),
    [language, url, JSON.stringify(draft?.parts), draft?.taskId, draft?.contextId, outputModes],
  );
  return (
    <Panel
      title="The same call"
      aside={
        <>
          <SegmentedControl
            aria-label="Language"
            value={language}
            onChange={(value) => setLanguage(value as Language)}
            data={[...LANGUAGES]}
          />
          {text && <Copy text={text} label={`Copy as ${language}`} />}
        </>
      }
    >
      {text ? (
        <pre className="code" tabIndex={0} role="region" aria-label={`The call in ${language}`}>
          {text}
        </pre>
      ) : (
        <p className="dim">Write a message first.</p>
      )}
    </Panel>
  );
}
