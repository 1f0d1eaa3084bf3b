import { getHeapStatistics } from 'node:v8';

/** How much memory the states of accounts may take in one process, in bytes, about. */
export interface MemoryBudget {
  /** All of them together. */
  readonly all: number;
  /** Each of them: no more than half, so that one never keeps out all others. */
  readonly one: number;
}

/** @param percent of the heap that this process may have */
export function memoryBudget(percent: number): MemoryBudget {
  const all = Math.floor((getHeapStatistics().heap_size_limit * percent) / 100);
  return { all, one: Math.floor(all / 2) };
}

/**
 * How much memory besides them may be taken by what is remembered of callers and of their rights, in bytes, about.
 * @param percent as of {@link memoryBudget}
 */
export function rememberedBytes(percent: number): number {
  return Math.floor(memoryBudget(percent).all / 16);
}
