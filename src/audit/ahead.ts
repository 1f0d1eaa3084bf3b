/**
 * The steps of an answer that comes in pieces. Each step is made while the one before is taken. A caller that leaves
 * early costs one step more at most.
 * @param step makes the step after a place, or the first one; its `next` is null at the end
 */
export async function* ahead<Place, Step extends { readonly next: Place | null }>(
  step: (after?: Place) => Promise<Step>,
): AsyncGenerator<Step> {
  let coming: Promise<Step> | undefined = step();
  while (coming) {
    const taken: Step = await coming;
    coming = taken.next === null ? undefined : step(taken.next);
    coming?.catch(() => undefined);
    yield taken;
  }
}
