import type { Provider } from '@nestjs/common';
import { DocumentsAgent } from './documents.agent.js';

/** The document agent with its defaults; provide DOCUMENTS_OPTIONS next to it to change them. */
export const documentsProviders: Provider[] = [DocumentsAgent];
