/** Something that is not as it must be. */
export interface Fault {
  readonly account?: string | undefined;
  readonly revision?: number | undefined;
  /** What the fault is. What to do follows after a semicolon. */
  readonly what: string;
}

/** The steps of a verification: it reads the log as a whole, checks each account, compares the views. */
export type VerificationStep = 'read' | 'check' | 'compare';

/** Receives what a verification finds. It can also stop the verification. */
export interface Watch {
  /** Stops the verification after what is under way. It then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onFault: (fault: Fault) => void;
  /** Called with something that could not be checked, and why that is no fault. */
  readonly onNote: (note: string) => void;
  /** Called with the number of events that a step has done, and of all its events if that is known. */
  readonly onProgress: (step: VerificationStep, done: number, total?: number) => void;
}
