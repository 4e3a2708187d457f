export interface Room {
  /** `--max-old-space-size` of the process. */
  readonly heapBytes: number;
  /** What may wait for clients: A2A_MAX_BUFFERED_BYTES, or less when it is known how much there is. */
  readonly heldBytes: number;
  /** A2A_MAX_CONTENT_BYTES. */
  readonly contentBytes: number;
}

/**
 * What the resident memory of a service may grow by, in bytes. JavaScript's heap is full at its limit, which says nothing of the
 * Buffers beside it: those of the answers that wait, and of what is being read, four times over (as it comes from the database, as
 * text, as an object and as bytes). As much again may be garbage, as Buffers are given back when the collector comes by.
 */
export const growthLimit = ({ heapBytes, heldBytes, contentBytes }: Room): number =>
  heapBytes + 2 * (heldBytes + 4 * contentBytes);
