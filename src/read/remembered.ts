import type { ViewsDatabase } from './views-database.js';

/** How many answers are kept. */
const MOST = 1_000;

/** Answers to a question that requests ask again and again, each kept until the next change of the views. */
export class Remembered<Answer> {
  private readonly answers = new Map<string, Answer>();
  private changes = -1;

  constructor(
    private readonly database: Pick<ViewsDatabase, 'changes'>,
    private readonly ask: (key: string) => Answer,
  ) {}

  of(key: string): Answer {
    const { changes } = this.database;
    if (this.changes !== changes || this.answers.size >= MOST) this.answers.clear();
    this.changes = changes;
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = this.ask(key);
    this.answers.set(key, answer);
    return answer;
  }
}
