/** A failure with a message for the user: what happened, and what to do. */
export class InstallError extends Error {}
