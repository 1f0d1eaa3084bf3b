export const clientStatuses = ['setup', 'trial', 'active', 'disabled'] as const;
export type ClientStatus = (typeof clientStatuses)[number];
