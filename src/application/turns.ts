/** Runs pieces of work with the same key one after the other. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** @param work begins when all earlier work under this key has ended, well or badly */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(key) ?? Promise.resolve()).then(work);
    const end = turn
      .catch(() => undefined)
      .then(() => {
        if (this.last.get(key) === end) this.last.delete(key);
      });
    this.last.set(key, end);
    return turn;
  }
}
