import { Inject, Optional } from '@nestjs/common';
import { A2aAgent } from '../../src/agents/a2a-agent.decorator.js';
import type { RequestContext } from '../../src/agents/request-context.js';
import type { TaskUpdater } from '../../src/agents/task-updater.js';
import type { JsonValue } from '../../src/protocol/model/index.js';
import { type Analysis, analyse } from './analysis.js';
import { type Document, documentsOf, hasAddress } from './document-parts.js';
import { DocumentError } from './document.error.js';
import { DOCUMENTS_DEFAULTS, DOCUMENTS_OPTIONS, type DocumentsOptions } from './documents.options.js';
import { plural } from './report/markdown-text.js';
import { sectionsOf } from './report/sections.js';

const REPORT = 'report';

/** Describes texts, Markdown and CSV files: a report in Markdown that grows section by section, and the figures as data. */
@A2aAgent({
  id: 'documents',
  name: 'Documents',
  description:
    'Describes text, Markdown and CSV: statistics, key terms, readability, outline, columns and data quality.',
  resumable: true,
  inputModes: ['text/plain', 'text/markdown', 'text/csv'],
  outputModes: ['text/markdown', 'application/json'],
  skills: [
    {
      id: 'describe-text',
      name: 'Describe a text',
      description: 'Statistics, key terms and readability of plain text or Markdown; the outline of Markdown.',
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
    this.#limits = {
      maxBytes: options.maxBytes ?? DOCUMENTS_DEFAULTS.maxBytes,
      maxDocuments: options.maxDocuments ?? DOCUMENTS_DEFAULTS.maxDocuments,
    };
  }

  async execute({ message, signal }: RequestContext, updater: TaskUpdater): Promise<void> {
    if (hasAddress(message)) {
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
  const analyses: Analysis[] = [];
  let begun = false;
  const write = async (text: string, lastChunk = false): Promise<void> => {
    const parts = [{ text, mediaType: 'text/markdown' }];
    await updater.addArtifact(parts, { artifactId: REPORT, append: begun, lastChunk, ...(!begun && { name: REPORT }) });
    begun = true;
  };
  for (const document of documents) {
    await updater.startWork(`Reading ${document.name}`);
    const analysis = await analyse(document, signal);
    analyses.push(analysis);
    for (const section of sectionsOf(analysis)) await write(section);
  }
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  await write(`---\n\n${plural(documents.length, 'document')}, ${plural(bytes, 'byte')}.\n`, true);
  const figures = { documents: analyses } as unknown as JsonValue;
  await updater.addArtifact([{ data: figures, mediaType: 'application/json' }], {
    artifactId: 'figures',
    name: 'figures',
    lastChunk: true,
  });
  await updater.complete();
}
