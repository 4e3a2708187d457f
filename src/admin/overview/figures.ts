import { Injectable } from '@nestjs/common';
import type { AdminFigures } from '../../tasks/admin/admin-rows.js';
import { AdminParts } from '../admin-parts.js';
import { SharedRead } from '../../common/shared-read.js';

/** Age up to which figures are given again, in ms. */
const AGE_MS = 1_000;

/** The figures of the storage, read once for all who ask at the same time. */
@Injectable()
export class Figures {
  readonly #shared: SharedRead<AdminFigures>;

  constructor(parts: AdminParts) {
    this.#shared = new SharedRead(() => parts.store.figures(), AGE_MS);
  }

  get(): Promise<AdminFigures> {
    return this.#shared.get();
  }
}
