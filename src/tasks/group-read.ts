import { TransientMap } from '../common/transient-map.js';

export interface GroupReadOptions<Q, A> {
  /**
   * Answers several questions at once. The returned function answers each of them, or throws the error of that question. A
   * question that exceeded the capacity of the read may be asked again.
   */
  read(questions: readonly Q[]): Promise<(question: Q) => A | Promise<A>>;
  /** Questions with the same key share one answer. */
  keyOf(question: Q): string;
  /** The most questions in one read. */
  readonly maxQuestions: number;
  /** The most reads at a time. */
  readonly maxUnderWay: number;
}

interface Waiting<Q, A> {
  readonly question: Q;
  readonly answer: Promise<A>;
  resolve(answer: A | Promise<A>): void;
  reject(error: unknown): void;
}

/**
 * Natural grouping of reads: questions that arrive in one turn of the event loop, or while the maximum of reads is running, are
 * read together. Several callers with the same question share one read. An answer is never older than its question.
 */
export class GroupRead<Q, A> {
  readonly #waiting = new TransientMap<string, Waiting<Q, A>>();
  /** Served before the waiting questions. */
  readonly #again = new TransientMap<string, Waiting<Q, A>>();
  #underWay = 0;
  #scheduled = false;

  constructor(private readonly options: GroupReadOptions<Q, A>) {}

  ask(question: Q): Promise<A> {
    return this.#ask(question, this.#waiting);
  }

  /** Repeats a question that exceeded the capacity of its read. It is served before all new questions, so that nothing starves. */
  askAgain(question: Q): Promise<A> {
    return this.#ask(question, this.#again);
  }

  #ask(question: Q, among: TransientMap<string, Waiting<Q, A>>): Promise<A> {
    const key = this.options.keyOf(question);
    let waiting = among.get(key);
    if (!waiting) among.set(key, (waiting = waitingFor(question)));
    this.#schedule();
    return waiting.answer;
  }

  get #left(): number {
    return this.#again.size + this.#waiting.size;
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.options.maxUnderWay || this.#left === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#underWay < this.options.maxUnderWay && this.#left > 0) void this.#read(this.#take());
    });
  }

  #take(): Waiting<Q, A>[] {
    const taken: Waiting<Q, A>[] = [];
    for (const among of [this.#again, this.#waiting]) {
      for (const [key, waiting] of among) {
        if (taken.length === this.options.maxQuestions) return taken;
        taken.push(waiting);
        among.delete(key);
      }
    }
    return taken;
  }

  /** Never rejects. */
  async #read(asked: readonly Waiting<Q, A>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const answerOf = await this.options.read(asked.map(({ question }) => question));
      for (const { question, resolve, reject } of asked) {
        try {
          resolve(answerOf(question));
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
    }
  }
}

function waitingFor<Q, A>(question: Q): Waiting<Q, A> {
  let [resolve, reject] = [(_: A | Promise<A>): void => undefined, (_: unknown): void => undefined];
  const answer = new Promise<A>((settle, fail) => ([resolve, reject] = [settle, fail]));
  return { question, answer, resolve, reject };
}
