/** Lets so many in at once; the others wait in line. */
export class Turnstile {
  private readonly line = new Set<() => void>();
  private inside = 0;

  constructor(private readonly most: number) {}

  /** Joins the line; `leave` is called once, by who is in and by who gives up waiting. */
  enter(): { readonly entered: Promise<void>; readonly leave: () => void } {
    let isIn = false;
    let admit = () => {};
    const entered = new Promise<void>((resolve) => {
      admit = () => {
        isIn = true;
        this.inside += 1;
        resolve();
      };
    });
    if (this.inside < this.most) admit();
    else this.line.add(admit);
    return { entered, leave: () => (isIn ? this.letNextIn() : this.line.delete(admit)) };
  }

  private letNextIn(): void {
    this.inside -= 1;
    const [next] = this.line;
    if (!next) return;
    this.line.delete(next);
    next();
  }
}
