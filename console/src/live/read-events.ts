import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';

/** The events of a response body, as they arrive. Ends with the body. */
export async function* readEvents(response: Response): AsyncGenerator<EventSourceMessage, void> {
  if (!response.body) return;
  const reader = response.body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
