import { LRUCache } from 'lru-cache';
import type { Stamps } from './stamps.js';

/** What an entry takes besides its key and its answer, about, in bytes. */
const ENTRY_BYTES = 300;

interface Kept<Answer> {
  readonly answer: Answer;
  /** The ids of the accounts and users that the answer rests on. */
  readonly ids: readonly string[];
  readonly stamp: number;
}

interface Options<Answer> {
  /** How much memory the answers may take, in bytes, about. */
  readonly bytes: number;
  /** What an answer takes of it; nothing worth counting if absent. */
  readonly weigh?: (answer: Answer) => number;
}

/**
 * Answers that requests ask for again and again. Each is kept until something happens to an account or user that it
 * rests on, or until there is no room. An answer `undefined` rests on nothing that is known, and is not kept.
 */
export class Remembered<Answer> {
  private readonly answers: LRUCache<string, Kept<Answer>>;
  private readonly weigh: (answer: Answer) => number;

  constructor(
    private readonly stamps: Stamps,
    { bytes, weigh = () => 0 }: Options<Answer>,
  ) {
    this.weigh = weigh;
    this.answers = new LRUCache({ maxSize: Math.max(1, Math.floor(bytes)) });
  }

  /**
   * @param ask answers by the views as they are now
   * @param idsOf the accounts and users that the answer rests on
   */
  of<Asked extends Answer | undefined>(
    key: string,
    ask: () => Asked,
    idsOf: (answer: Answer) => readonly string[],
  ): Answer | Asked {
    const kept = this.answers.get(key);
    if (kept && kept.stamp === this.stamps.of(kept.ids)) return kept.answer;
    const answer = ask();
    if (answer === undefined) this.answers.delete(key);
    else {
      const ids = idsOf(answer);
      const size = Math.ceil(ENTRY_BYTES + 2 * key.length + this.weigh(answer));
      this.answers.set(key, { answer, ids, stamp: this.stamps.of(ids) }, { size });
    }
    return answer;
  }
}
