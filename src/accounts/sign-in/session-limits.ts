/** How long a session lasts: without a request, and at most. */
export const sessionLimits = { idleHours: 12, days: 30 } as const;
