import { Inject, Optional } from '@nestjs/common';
import { A2aAgent, type JsonValue, type RequestContext, type TaskUpdater } from '../../src/index.js';
import { csvFigures } from './csv-figures.js';
import { type Document, DocumentError, documentsOf, type DocumentsOptions } from './document-parts.js';
import { markdownFigures } from './markdown-figures.js';
import { inline, sectionsOf } from './report.js';
import { textFigures } from './text-figures.js';

export const DOCUMENTS_OPTIONS = Symbol('DocumentsOptions');

/** Describes texts, Markdown and CSV files: a report in Markdown that grows section by section, and the figures as data. */
@A2aAgent({
  id: 'documents',
  name: 'Documents',
  description: 'Describes text, Markdown and CSV: statistics, key terms, outline, columns and data quality.',
  resumable: true,
  inputModes: ['text/plain', 'text/markdown', 'text/csv'],
  outputModes: ['text/markdown', 'application/json'],
  skills: [
    { id: 'describe-text', name: 'Describe a text', description: 'Statistics, key terms, outline.', tags: ['text'] },
    { id: 'describe-table', name: 'Describe a table', description: 'Columns and data quality.', tags: ['csv'] },
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
      await updater.requiresInput('Which document? Send a text, or a file: plain text, Markdown or CSV in UTF-8.');
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      await updater.failed(error.message);
    }
  }
}

/** One artifact that grows while the documents are read, another with all figures. */
async function describe(documents: readonly Document[], signal: AbortSignal, updater: TaskUpdater): Promise<void> {
  const all: object[] = [];
  const write = async (text: string, append = true, lastChunk = false): Promise<void> => {
    const parts = [{ text, mediaType: 'text/markdown' }];
    await updater.addArtifact(parts, { artifactId: 'report', append, lastChunk, ...(!append && { name: 'report' }) });
  };
  for (const document of documents) {
    const { name, kind, bytes } = document;
    await updater.startWork(`Reading ${name}`);
    const figures = await figuresOf(document, signal);
    await write(`## ${inline(name)}\n\n${kind}, ${bytes} bytes\n\n`, all.length > 0);
    for (const section of sectionsOf('Statistics', figures)) if (section !== '') await write(section);
    all.push({ name, kind, bytes, ...figures });
  }
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  await write(`---\n\nDocuments: ${documents.length}, bytes: ${bytes}.\n`, true, true);
  const parts = [{ data: { documents: all as JsonValue[] }, mediaType: 'application/json' }];
  await updater.addArtifact(parts, { artifactId: 'figures', name: 'figures', lastChunk: true });
  await updater.complete();
}

async function figuresOf(document: Document, signal: AbortSignal): Promise<object> {
  const { kind, text } = document;
  const characters = text.length - (text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0);
  const common = { characters, lines: text.match(/\n|[^\n]$/g)?.length ?? 0 };
  if (kind === 'csv') return { ...common, csv: await csvFigures(document, signal) };
  if (kind === 'text') return { ...common, text: await textFigures(text, signal) };
  const { prose, markdown } = await markdownFigures(text, signal);
  return { ...common, text: await textFigures(prose, signal), markdown };
}
