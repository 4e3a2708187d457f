import type { Analysis } from '../analysis.js';
import { columnsSection, qualitySection, tableSection } from './csv-sections.js';
import { structureSection } from './markdown-section.js';
import { inline, plural } from './markdown-text.js';
import { keyTermsSection, readabilitySection, statisticsSection } from './text-sections.js';

const KINDS = { text: 'plain text', markdown: 'Markdown', csv: 'CSV' } as const;

/** The report on one document, section by section, each ending with a blank line. */
export function* sectionsOf(analysis: Analysis): Generator<string> {
  for (const section of bodies(analysis)) if (section !== undefined) yield `${section}\n\n`;
}

function* bodies(analysis: Analysis): Generator<string | undefined> {
  yield `## ${inline(analysis.name)}\n\n${KINDS[analysis.kind]}, ${plural(analysis.bytes, 'byte')}`;
  if (analysis.kind === 'csv') {
    yield tableSection(analysis.csv);
    yield columnsSection(analysis.csv);
    yield qualitySection(analysis.csv);
    return;
  }
  yield statisticsSection(analysis, analysis.text);
  yield keyTermsSection(analysis.text);
  yield readabilitySection(analysis.text);
  if (analysis.kind === 'markdown') yield structureSection(analysis.markdown);
}
