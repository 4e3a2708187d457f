import { useEffect, useMemo, useState } from 'react';
import { bytesOf, joined, type Part } from '../a2a/parts.js';
import { bytes } from '../format/quantities.js';
import { Copy } from './copy.js';
import { Icon } from './icon.js';
import { JsonView } from './json-view.js';
import { isSafeLink, Markdown } from './markdown.js';

const SHOWN_CHARACTERS = 50_000;
/** Up to so many characters a text is marked as quickly as a button is found. */
const SHORT = 80;

/** The content of a message or of an artifact. */
export function Parts({ parts }: { readonly parts: readonly Part[] }) {
  const shown = useMemo(() => joined([...parts]), [parts]);
  return (
    <div className="parts">
      {shown.map((part, index) => (
        <OnePart key={index} part={part} />
      ))}
    </div>
  );
}

function OnePart({ part }: { readonly part: Part }) {
  if ('text' in part && part.text !== undefined) return <TextContent text={part.text} mediaType={part.mediaType} />;
  if ('raw' in part && part.raw !== undefined) return <FileContent {...part} />;
  if ('url' in part && part.url !== undefined)
    return <FileLink url={part.url} filename={part.filename} mediaType={part.mediaType} />;
  return <JsonView value={(part as { data?: unknown }).data ?? null} open={2} />;
}

/** Signs of Markdown at the begin of a line, or inside of it. */
const MARKDOWN = /^(?:#{1,6} |[-*] |\d+\. |> |```|\|.+\|)|\*\*\S|`[^`\n]+`|\[[^\]\n]+\]\(/m;

function TextContent({ text, mediaType }: { readonly text: string; readonly mediaType: string | undefined }) {
  const [all, setAll] = useState(false);
  const [plain, setPlain] = useState(false);
  const shown = all ? text : text.slice(0, SHOWN_CHARACTERS);
  const isMarkdown = mediaType === 'text/markdown' || (mediaType === undefined && MARKDOWN.test(shown));
  return (
    <div className="part-text">
      {isMarkdown && !plain ? <Markdown text={shown} /> : <div className="prewrap">{shown}</div>}
      <div className="part-tools">
        {isMarkdown && (
          <button type="button" className="text-button" onClick={() => setPlain(!plain)}>
            {plain ? 'Rendered' : 'Source'}
          </button>
        )}
        {shown.length < text.length && (
          <button type="button" className="text-button" onClick={() => setAll(true)}>
            Show all {text.length.toLocaleString('en-US')} characters
          </button>
        )}
        {text.length > SHORT && <Copy text={text} label="Copy the text" />}
      </div>
    </div>
  );
}

interface FileProps {
  readonly raw: string;
  readonly filename?: string;
  readonly mediaType?: string;
}

/** A file that came with the task: an image is shown, everything can be saved. Nothing is run and no page is opened from it. */
function FileContent({ raw, filename, mediaType = 'application/octet-stream' }: FileProps) {
  const file = useMemo(() => {
    try {
      return new Blob([bytesOf(raw)], { type: mediaType });
    } catch {
      return undefined;
    }
  }, [raw, mediaType]);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (!file) return <p className="dim">A file that is not base64.</p>;
  const name = filename ?? 'file';
  return (
    <figure className="file">
      {url && mediaType.startsWith('image/') && <img src={url} alt={name} />}
      <figcaption className="row">
        <Icon name="file" />
        <span className="cut">{name}</span>
        <span className="dim cut">
          {mediaType} · {bytes(file.size)}
        </span>
        <a className="link row" href={url} download={name}>
          <Icon name="download" /> Save
        </a>
      </figcaption>
    </figure>
  );
}

interface LinkProps {
  readonly url: string;
  readonly filename: string | undefined;
  readonly mediaType: string | undefined;
}

/** A file elsewhere is never fetched by the console: only a click does. */
function FileLink({ url, filename, mediaType }: LinkProps) {
  return (
    <div className="row file">
      <Icon name="link" />
      {isSafeLink(url) ? (
        <a className="link cut" href={url} target="_blank" rel="noopener noreferrer nofollow">
          {filename ?? url}
        </a>
      ) : (
        <span className="cut mono">{url}</span>
      )}
      {mediaType && <span className="dim">{mediaType}</span>}
      <Copy text={url} label="Copy the address" />
    </div>
  );
}
