export const DOCUMENTS_OPTIONS = Symbol('DocumentsOptions');

export interface DocumentsOptions {
  /** Bytes of all documents of a message together. Default 5,000,000. */
  maxBytes?: number;
  /** Documents in a message. Default 16. */
  maxDocuments?: number;
}

export const DOCUMENTS_DEFAULTS: Required<DocumentsOptions> = { maxBytes: 5_000_000, maxDocuments: 16 };
