/** A document that cannot be analysed; the message is for the client: what is wrong and what to do. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}
