/** What the holder of a webhook's claim is asked to do. */
export type Order =
  /** Makes some deliveries once more. */
  | { readonly kind: 'retry'; readonly deliveries: readonly string[] }
  /** Sends the events between two revisions once more, both included. */
  | {
      readonly kind: 'replay';
      readonly id: string;
      readonly account: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'test'; readonly id: string };

/** @param data as {@link Order} in JSON, which this service alone writes */
export function orderIn(data: string): Order {
  return JSON.parse(data) as Order;
}
