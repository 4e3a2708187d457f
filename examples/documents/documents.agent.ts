import { Inject, Optional } from '@nestjs/common';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import type { JsonValue } from '../../src/protocol/model/index.js';
import { csvFigures } from './csv-figures.js';
import { type Document, DocumentError, documentsOf } from './document-parts.js';
import { DOCUMENTS_DEFAULTS, DOCUMENTS_OPTIONS, type DocumentsOptions } from './documents.options.js';
import { markdownFigures } from './markdown-figures.js';
import { sectionsOf } from './report.js';
import { textFigures } from './text-figures.js';

/** Describes texts, Markdown and CSV files: a report in Markdown that grows section by section, and the figures as data. */
@A2aAgent({
  id: 'documents',
  name: 'Documents',
  description: 'Describes text, Markdown and CSV: statistics, key terms, outline, columns and data quality.',
  resumable: true,
  inputModes: ['text/plain', 'text/markdown', 'text/csv'],
  outputModes: ['text/markdown', 'application/json'],
  skills: [
    {
      id: 'describe-text',
      name: 'Describe a text',
      description: 'Statistics and key terms of plain text or Markdown; the outline of Markdown.',
      tags: ['text', 'markdown', 'statistics'],
      inputModes: ['text/plain', 'text/markdown'],
    },
    {
      id: 'describe-table',
      name: 'Describe a table',
      description: 'Types, missing values and figures of the columns of a CSV file, and what is wrong with its rows.',
      tags: ['csv', 'data quality', 'statistics'],
      inputModes: ['text/csv'],
    },
  ],
})
export class DocumentsAgent {
  readonly #limits: Required<DocumentsOptions>;

  constructor(@Optional() @Inject(DOCUMENTS_OPTIONS) options: DocumentsOptions = {}) {
    this.#limits = { ...DOCUMENTS_DEFAULTS, ...options };
  }

  async execute({ message, signal }: RequestContext, updater: TaskUpdater): Promise<void> {
    if (message.parts.some((part) => 'url' in part)) {
      return updater.reject('I do not fetch addresses, sorry. Send the content itself, as text or as a file.');
    }
    try {
      const documents = documentsOf(message, this.#limits);
      if (documents.length === 0) {
        return await updater.requiresInput(
          'Which document? Send a text, or a file: plain text, Markdown or CSV in UTF-8.',
        );
      }
      await report(documents, signal, updater);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      await updater.failed(error.message);
    }
  }
}

/** One artifact that grows while the documents are read, another with all figures. */
async function report(documents: readonly Document[], signal: AbortSignal, updater: TaskUpdater): Promise<void> {
  const analyses: JsonValue[] = [];
  let append = false;
  const write = async (text: string, lastChunk = false): Promise<void> => {
    const parts = [{ text, mediaType: 'text/markdown' }];
    await updater.addArtifact(parts, { artifactId: 'report', append, lastChunk, ...(!append && { name: 'report' }) });
    append = true;
  };
  for (const document of documents) {
    await updater.startWork(`Reading ${document.name}`);
    const analysis = await analyse(document, signal);
    analyses.push(analysis as unknown as JsonValue);
    for (const section of sectionsOf(analysis)) if (section !== '') await write(section);
  }
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  await write(`---\n\nDocuments: ${documents.length}, bytes: ${bytes}.\n`, true);
  const figures = { documents: analyses };
  const parts = [{ data: figures, mediaType: 'application/json' }];
  await updater.addArtifact(parts, { artifactId: 'figures', name: 'figures', lastChunk: true });
  await updater.complete();
}

async function analyse(document: Document, signal: AbortSignal) {
  const { name, kind, bytes, text } = document;
  const characters = text.length - (text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0);
  const common = { name, kind, bytes, characters, lines: text.match(/\n|[^\n]$/g)?.length ?? 0 };
  if (kind === 'csv') return { ...common, csv: await csvFigures(document, signal) };
  if (kind === 'text') return { ...common, text: await textFigures(text, signal) };
  const { prose, markdown } = await markdownFigures(text, signal);
  return { ...common, text: await textFigures(prose, signal), markdown };
}
