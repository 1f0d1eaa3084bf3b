/** A wait between two pieces of work, which ends early when there is something to do. */
export class Interlude {
  private end: (() => void) | undefined;

  async last(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      timer.unref();
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.end = undefined;
  }

  cutShort(): void {
    this.end?.();
  }
}
