import { Inject, Optional } from '@nestjs/common';
import { A2aAgent, type JsonObject, type Part, type RequestContext, type TaskUpdater } from '../../src/index.js';
import { csvFigures } from './csv-figures.js';
import { type Document, DocumentError, documentsOf, type DocumentsOptions } from './document-parts.js';
import { markdownFigures } from './markdown-figures.js';
import { escaped, sectionsOf } from './report.js';
import { textFigures } from './text-figures.js';

export const DOCUMENTS_OPTIONS = Symbol('DocumentsOptions');

const FIGURES = { csv: csvFigures, markdown: markdownFigures, text: textFigures };

/** Describes texts, Markdown and CSV files: a report in Markdown that grows section by section, and the figures as data. */
@A2aAgent({
  id: 'documents',
  name: 'Documents',
  description: 'Describes text, Markdown and CSV: words, outline, columns.',
  // A run that is lost with its process is started again: it needs nothing but the message.
  resumable: true,
  inputModes: ['text/plain', 'text/markdown', 'text/csv'],
  outputModes: ['text/markdown', 'application/json'],
  skills: [
    { id: 'describe-text', name: 'Describe a text', description: 'Lines, words, outline.', tags: ['text'] },
    { id: 'describe-table', name: 'Describe a table', description: 'Types and ranges of columns.', tags: ['csv'] },
  ],
})
export class DocumentsAgent {
  constructor(@Optional() @Inject(DOCUMENTS_OPTIONS) private readonly options?: DocumentsOptions) {}

  async execute({ message, signal }: RequestContext, updater: TaskUpdater): Promise<void> {
    if (message.parts.some((part) => 'url' in part))
      return updater.reject('I do not fetch addresses, sorry. Send the content itself, as text or as a file.');
    try {
      const documents = documentsOf(message, this.options);
      if (documents.length > 0) return await describe(documents, signal, updater);
      // The answer starts the next turn of the same task.
      await updater.requiresInput('Which document? Send a text, or a file: plain text, Markdown or CSV in UTF-8.');
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      await updater.failed(error.message);
    }
  }
}

async function describe(documents: readonly Document[], signal: AbortSignal, updater: TaskUpdater): Promise<void> {
  const all: JsonObject[] = [];
  for (const document of documents) {
    const { name, kind, bytes } = document;
    await updater.startWork(`Reading ${name}`);
    // The first title makes the artifact, or replaces what a lost run left of it. All else is appended.
    const options = { artifactId: 'report', name: 'report', append: all.length > 0 };
    await updater.addArtifact(markdown(`## ${escaped(name)}\n\n`), options);
    const figures = { kind, bytes, ...(await FIGURES[kind](document, signal)) };
    for (const section of sectionsOf(figures)) await updater.appendArtifact('report', markdown(section));
    all.push({ name, ...figures });
  }
  await updater.appendArtifact('report', markdown(`Documents: ${all.length}.\n`), { lastChunk: true });
  // The same for programs.
  const data = [{ data: { documents: all }, mediaType: 'application/json' }];
  await updater.addArtifact(data, { artifactId: 'figures', name: 'figures', lastChunk: true });
  await updater.complete();
}

const markdown = (text: string): Part[] => [{ text, mediaType: 'text/markdown' }];
