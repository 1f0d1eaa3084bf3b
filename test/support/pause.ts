/**
 * Between two looks at something that no promise tells of. Whoever looks all the time takes the processor from what
 * is waited for.
 */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
