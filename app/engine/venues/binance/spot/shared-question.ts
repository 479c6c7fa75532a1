/**
 * Answers many questions by few requests: while one request is under way the next questions wait together for one that begins
 * after it, so that no answer is older than its question.
 */
export class SharedQuestion<Answer> {
  readonly #ask: (since: number) => Promise<Answer>;
  #running: Promise<Answer> | undefined;
  #next: { since: number; readonly answer: Promise<Answer> } | undefined;

  /** `ask` answers for everything from `since` on. */
  constructor(ask: (since: number) => Promise<Answer>) {
    this.#ask = ask;
  }

  /** An answer that covers at least `since`, from a request that begins now or later. */
  ask(since: number): Promise<Answer> {
    if (this.#running === undefined) return this.#begin(since);
    if (this.#next !== undefined) {
      this.#next.since = Math.min(this.#next.since, since);
      return this.#next.answer;
    }
    const ended = this.#running.then(
      () => undefined,
      () => undefined,
    );
    const answer = ended.then(() => {
      const from = Math.min(since, this.#next?.since ?? since);
      this.#next = undefined;
      return this.#begin(from);
    });
    this.#next = { since, answer };
    return answer;
  }

  #begin(since: number): Promise<Answer> {
    const running = this.#ask(since).finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }
}
