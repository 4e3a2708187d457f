import { Button, Chip, NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { CallView } from '../../a2a/conversation-call.js';
import { type Draft, messageOf, newId } from '../../a2a/compose.js';
import type { Message } from '../../a2a/parts.js';
import { belowRoot } from '../../api/addresses.js';
import type { CardAgent } from '../../api/queries.js';
import { Icon } from '../../components/icon.js';
import { Panel } from '../../components/panel.js';
import { isTerminal, type State } from '../../format/states.js';
import { Files } from './files.js';
import { SameCall } from './same-call.js';

interface ComposerProps {
  readonly agent: CardAgent;
  readonly agents: readonly CardAgent[];
  readonly initialText: string;
  readonly view: CallView;
  readonly onAgent: (id: string) => void;
  readonly onSend: (message: Message, outputModes: readonly string[]) => void;
  readonly onNew: () => void;
}

/** A message from what the card of the agent says it takes. */
export function Composer({ agent, agents, initialText, view, onAgent, onSend, onNew }: ComposerProps) {
  const card = agent.cards['1.0'];
  const examples = card.skills.flatMap(({ examples = [] }) => examples);
  const [draft, setDraft] = useState<Draft>({ text: initialText || (examples[0] ?? ''), files: [], data: '' });
  const [withData, setWithData] = useState(false);
  const [outputModes, setOutputModes] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  const [sent, setSent] = useState<Message>();

  const state = view.task?.status.state as State | undefined;
  const waits = state !== undefined && !isTerminal(state);
  const isAnswer = waits && view.phase !== 'streaming';
  const follows = view.task ? { contextId: view.task.contextId, ...(waits ? { taskId: view.task.id } : {}) } : {};
  const modes = [...new Set([...card.defaultOutputModes, ...card.skills.flatMap((skill) => skill.outputModes ?? [])])];

  const composed = (): Message | undefined => {
    try {
      return messageOf(draft, newId(), follows);
    } catch {
      return undefined;
    }
  };
  const isEmpty = draft.text === '' && draft.data === '' && draft.files.length === 0;
  const send = (): void => {
    const message = composed();
    if (!message) return setProblem('The data is not JSON.');
    if (message.parts.length === 0) return setProblem('Write something, attach a file, or add JSON.');
    setProblem(undefined);
    onSend(message, outputModes);
    setSent(message);
    setDraft({ text: '', files: [], data: '' });
  };

  return (
    <div className="stack">
      <Panel
        title="Message"
        aside={
          view.phase !== 'idle' && (
            <Button variant="subtle" size="compact-xs" onClick={onNew}>
              New conversation
            </Button>
          )
        }
      >
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <NativeSelect
            label="Agent"
            value={agent.id}
            onChange={(event) => onAgent(event.currentTarget.value)}
            data={agents.map(({ id, cards }) => ({ value: id, label: `${cards['1.0'].name} (${id})` }))}
          />
          <p className="dim">{card.description}</p>
          {examples.length > 0 && (
            <div className="row wrap" role="group" aria-label="Examples">
              {examples.slice(0, 8).map((example) => (
                <button
                  key={example}
                  type="button"
                  className="example"
                  onClick={() => setDraft({ ...draft, text: example })}
                >
                  {example}
                </button>
              ))}
            </div>
          )}
          {isAnswer && (
            <div className="notice waiting">
              <span>The agent waits for you: your message continues the task.</span>
            </div>
          )}
          <Textarea
            label={isAnswer ? 'Your answer' : 'Text'}
            autosize={false}
            rows={4}
            value={draft.text}
            onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send();
            }}
          />
          {withData && (
            <Textarea
              label="Data (JSON)"
              rows={4}
              value={draft.data}
              placeholder='{"city": "Lima"}'
              onChange={(event) => setDraft({ ...draft, data: event.currentTarget.value })}
              styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12.5 } }}
            />
          )}
          <Files
            files={draft.files}
            onChange={(files) => setDraft({ ...draft, files })}
            onProblem={setProblem}
            inputModes={card.defaultInputModes}
          >
            {!withData && (
              <Button variant="default" size="compact-sm" onClick={() => setWithData(true)}>
                Add JSON
              </Button>
            )}
          </Files>
          {modes.length > 1 && (
            <div className="row wrap" role="group" aria-label="Accepted output">
              <span className="dim">Accepted output</span>
              {modes.map((mode) => (
                <Chip
                  key={mode}
                  checked={outputModes.includes(mode)}
                  onChange={(on) =>
                    setOutputModes(on ? [...outputModes, mode] : outputModes.filter((each) => each !== mode))
                  }
                >
                  {mode}
                </Chip>
              ))}
            </div>
          )}
          {problem && (
            <div className="notice bad" role="alert">
              {problem}
            </div>
          )}
          <div className="row">
            <Button
              type="submit"
              size="sm"
              leftSection={<Icon name="send" />}
              disabled={view.phase === 'streaming' && !waits}
            >
              {isAnswer ? 'Answer' : 'Send'}
            </Button>
            <span className="dim">
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </span>
          </div>
        </form>
      </Panel>
      <SameCall
        url={belowRoot(agent.path).href}
        message={() => (isEmpty ? sent : composed())}
        outputModes={outputModes}
      />
    </div>
  );
}
