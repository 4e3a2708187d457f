import { Button, FileButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { attach, type AttachedFile, MAX_FILE_BYTES } from '../../a2a/compose.js';
import { Icon } from '../../components/icon.js';
import { bytes } from '../../format/quantities.js';

interface FilesProps {
  readonly files: readonly AttachedFile[];
  readonly inputModes: readonly string[];
  readonly onChange: (files: readonly AttachedFile[]) => void;
  readonly onProblem: (problem: string | undefined) => void;
  readonly children: ReactNode;
}

/** Files that go with the message, inside of it. */
export function Files({ files, inputModes, onChange, onProblem, children }: FilesProps) {
  const add = async (added: readonly File[]): Promise<void> => {
    const total = [...files, ...added].reduce((sum, { size }) => sum + size, 0);
    if (total > MAX_FILE_BYTES)
      return onProblem(`The files have ${bytes(total)}; a message carries up to ${bytes(MAX_FILE_BYTES)}.`);
    onProblem(undefined);
    onChange([...files, ...(await Promise.all(added.map(attach)))]);
  };
  return (
    <div className="stack">
      <div className="row wrap">
        <FileButton onChange={(added) => void add(added)} multiple inputProps={{ 'aria-label': 'Files to attach' }}>
          {(props) => (
            <Button variant="default" size="compact-sm" leftSection={<Icon name="attach" size={14} />} {...props}>
              Attach files
            </Button>
          )}
        </FileButton>
        {children}
        <span className="dim cut">takes {inputModes.join(', ')}</span>
      </div>
      {files.length > 0 && (
        <ul className="plain-list">
          {files.map((file, index) => (
            <li key={index} className="row">
              <Icon name="file" />
              <span className="cut">{file.name}</span>
              <span className="dim">
                {file.mediaType} · {bytes(file.size)}
              </span>
              <button
                type="button"
                className="copy"
                aria-label={`Remove ${file.name}`}
                onClick={() => onChange(files.filter((_, each) => each !== index))}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
