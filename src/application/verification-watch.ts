/** Something that is not as it must be. */
export interface Fault {
  readonly account?: string | undefined;
  readonly revision?: number | undefined;
  /** What it is, and after a semicolon what to do. */
  readonly what: string;
}

/** What is going on: reading the log as a whole, checking each account, comparing the views. */
export type VerificationStep = 'read' | 'check' | 'compare';

/** Who hears what a verification finds, and may stop it. */
export interface Watch {
  /** Stops it after what is under way; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onFault: (fault: Fault) => void;
  /** Hears of what could not be looked at, and why that is no fault. */
  readonly onNote: (note: string) => void;
  /** Hears how many events of a step are done, of how many if that is known. */
  readonly onProgress: (step: VerificationStep, done: number, total?: number) => void;
}
