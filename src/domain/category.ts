/** What sort of change an event is, for readers of the audit log. */
export const categories = [
  ...(['create', 'update', 'delete', 'membership', 'role', 'permission'] as const),
  ...(['credential', 'sign_in', 'mail', 'settings'] as const),
] as const;

export type Category = (typeof categories)[number];
